"""Our signature of a request is botocore's, to the letter."""

from datetime import UTC, datetime

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from chalicelib.adapters.signing import Signer

SIGNED = ("host", "content-type", "x-amz-target")


@pytest.mark.parametrize("token", [None, "a/session+token=="])
@pytest.mark.parametrize(
    ("service", "host", "path", "body", "headers"),
    [
        ("dynamodb", "dynamodb.eu-west-2.amazonaws.com", "/", b'{"TableName":"t"}', {"x-amz-target": "DynamoDB_20120810.Query"}),
        ("ses", "email.eu-west-2.amazonaws.com", "/v2/email/outbound-emails", b'{"a":"\xc5\xb4"}', {}),
        ("sqs", "127.0.0.1:4566", "/", b"", {"x-amz-target": "AmazonSQS.SendMessageBatch"}),
    ],
)
def test_the_signature_is_botocores(service, host, path, body, headers, token):
    given = {"host": host, "content-type": "application/x-amz-json-1.0", **headers}
    credentials = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token)
    request = AWSRequest("POST", f"https://{host}{path}", headers=given, data=body)
    SigV4Auth(credentials, service, "eu-west-2").add_auth(request)
    at = datetime.strptime(request.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    keys = (credentials.access_key, credentials.secret_key, credentials.token)
    ours = Signer("eu-west-2", service).signed(given, method="POST", path=path, body=body, keys=keys, at=at)
    assert ours == {name.lower(): value for name, value in request.headers.items()}
