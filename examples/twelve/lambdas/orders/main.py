import json


def handler(event, context):
    """Lists a customer's orders, or accepts a new one."""
    if event["requestContext"]["http"]["method"] == "POST":
        return {"statusCode": 202, "body": json.dumps({"accepted": True})}
    return {"statusCode": 200, "body": json.dumps([])}
