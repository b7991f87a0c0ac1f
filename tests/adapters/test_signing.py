"""Our signatures beside botocore's, of the same requests."""

from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.aws.signing import Signer

NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True).filter(lambda name: not name.startswith("x-amz-"))
VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=126))
UTC_ONLY = st.just(UTC)
KEYS = st.from_regex(r"[A-Za-z0-9/+]{1,60}", fullmatch=True)
PATHS = st.from_regex(r"(/([A-Za-z0-9_.~-]|%[0-9A-F]{2}){1,10}){1,4}", fullmatch=True)
# botocore leaves these out of what it signs, or makes them itself.
UNSIGNED = {"authorization", "expect", "host", "transfer-encoding", "user-agent"}


@pytest.mark.parametrize(("service", "theirs"), [("s3", auth.S3SigV4Auth), ("events", auth.SigV4Auth)])
@given(data=st.data())
def test_a_signature_is_the_one_that_botocore_makes(
    service: str, theirs: type[auth.SigV4Auth], data: st.DataObject
) -> None:
    headers = data.draw(st.dictionaries(NAMES.filter(lambda name: name not in UNSIGNED), VALUES, max_size=4))
    body, moment = data.draw(st.binary(max_size=50)), data.draw(st.datetimes(datetime(2015, 1, 1), timezones=UTC_ONLY))
    access, secret, token = data.draw(KEYS), data.draw(KEYS), data.draw(st.just("") | KEYS)
    host = data.draw(st.sampled_from(["https://s3.eu-west-1.amazonaws.com", "http://127.0.0.1:4566"]))
    # In S3 a path is signed as it is sent; elsewhere it would be escaped once more, and ours have none.
    url = host + (data.draw(PATHS) if service == "s3" else "/")

    ours = Signer("eu-west-1", access, secret, token).signed(service, "POST", url, headers, body, moment)

    request = AWSRequest("POST", url, headers, body)
    request.headers["X-Amz-Content-SHA256"] = ours["x-amz-content-sha256"]
    with patch("botocore.auth.get_current_datetime", lambda: moment):
        theirs(Credentials(access, secret, token), service, "eu-west-1").add_auth(request)
    assert ours["authorization"] == request.headers["Authorization"]


def test_what_is_secret_is_not_shown() -> None:
    shown = repr(Signer("eu-west-1", "AKID", "the-secret-key", "the-token"))

    assert "AKID" in shown
    assert "the-" not in shown
