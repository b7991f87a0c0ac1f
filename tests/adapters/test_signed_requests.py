"""What AWS's answers come to: a server that says what it is told to, and moto."""

import socket
from collections.abc import Callable

import boto3
import pytest

from encord_lambda.aws.signed_requests import SignedRequests
from encord_lambda.errors import Misconfigured, Reject, Retry
from tests.fakes.local_aws import requests_to
from tests.twin.receivers import Received, Said, receiving

ERROR = b"<Error><Code>%s</Code><Message>told</Message></Error>"


def test_an_object_is_read_with_its_etag_and_again_only_when_it_changed(requests: SignedRequests) -> None:
    s3, key = boto3.client("s3"), "config/ü & more+.md"
    s3.create_bucket(Bucket="records", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    etag = s3.put_object(Bucket="records", Key=key, Body=b"0123456789")["ETag"]

    assert requests.fetch("records", key, "") == (b"0123456789", etag)
    assert requests.fetch("records", key, "", most=4) == (b"0123", etag)
    assert requests.fetch("records", key, etag) is None
    assert requests.fetch("records", key, '"another"') == (b"0123456789", etag)


@pytest.mark.parametrize(
    ("status", "body", "kind", "reason"),
    [
        (404, ERROR % b"NoSuchKey", Reject, "NoSuchKey: told"),
        (404, ERROR % b"NoSuchBucket", Misconfigured, "NoSuchBucket: told"),
        (403, ERROR % b"AccessDenied", Misconfigured, "AccessDenied: told"),
        (403, b"", Misconfigured, "403: "),
        (301, ERROR % b"PermanentRedirect", Retry, "PermanentRedirect: told"),
        (503, ERROR % b"SlowDown", Retry, "SlowDown: told"),
        (400, b"<html>", Retry, "400: "),
    ],
)
def test_an_object_that_cannot_be_had(status: int, body: bytes, kind: type[Retry | Reject], reason: str) -> None:
    with receiving(lambda _: Said(status, {"Location": "/elsewhere"}, body)) as s3, pytest.raises(kind) as trouble:
        requests_to(s3.url).fetch("b", "k", "")

    assert type(trouble.value) is kind
    assert trouble.value.reason == f"cannot read s3://b/k: {reason}"


@pytest.mark.parametrize(
    ("status", "body", "kind", "reason"),
    [
        (400, b'{"__type": "com.amazonaws#ResourceNotFoundException", "Message": "m"}', Misconfigured, "ResourceNot"),
        (400, b'{"__type": "ThrottlingException", "message": "m"}', Retry, "ThrottlingException: m"),
        (500, b"", Retry, "500: "),
        (200, b"<html>", Retry, "JSONDecodeError"),
        (200, b"[]", Retry, "the answer is no JSON object"),
    ],
)
def test_an_operation_that_fails(status: int, body: bytes, kind: type[Retry], reason: str) -> None:
    with receiving(lambda _: Said(status, {}, body)) as service, pytest.raises(kind) as trouble:
        requests_to(service.url).call("ask", "events", "AWSEvents.PutEvents", {})

    assert type(trouble.value) is kind
    assert trouble.value.reason.startswith(f"cannot ask: {reason}")


def test_a_busy_service_is_asked_once_more() -> None:
    with receiving(first_then(Said(503), Said(200, {}, b'{"a": 1}'))) as service:
        assert requests_to(service.url).call("ask", "events", "AWSEvents.PutEvents", {"b": 2}) == {"a": 1}

    first, second = service.all()
    assert first.body == second.body == b'{"b": 2}'
    assert first.headers["x-amz-security-token"] == "token"


def first_then(first: Said, then: Said) -> Callable[[Received], Said]:
    left = [first]
    return lambda _: left.pop() if left else then


def test_nobody_at_the_address_is_tried_again_later_and_no_secret_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]

    with pytest.raises(Retry) as trouble:
        requests_to(f"http://127.0.0.1:{port}").fetch("b", "k", "")

    assert type(trouble.value) is Retry
    assert trouble.value.reason == "cannot read s3://b/k: MaxRetryError"
