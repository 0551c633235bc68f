def handler(event, context):
    """Tells the addressee where the parcel is."""
    return {"statusCode": 202}
