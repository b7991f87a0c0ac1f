"""The message that follows a job, and when it comes again."""

import json
from typing import Any

import pytest

from encord_lambda.dispatch.messages import parse
from encord_lambda.errors import Reject
from encord_lambda.registration.upload_jobs import tracking
from encord_lambda.registration.upload_jobs.tracking import RegistrationMessage

MESSAGE = RegistrationMessage(version=1, id="a" * 64, visit=3)


def test_looks_at_a_job_come_ever_more_slowly_up_to_five_minutes() -> None:
    assert [tracking.delay(visit) for visit in range(11)] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert tracking.delay(10**6) == 300


def test_a_message_reads_back_as_sent() -> None:
    assert parse(RegistrationMessage, MESSAGE.model_dump_json()) == MESSAGE


@pytest.mark.parametrize(
    ("key", "value"), [("version", 2), ("kind", "group"), ("id", "A" * 64), ("id", "a" * 63), ("visit", -1), ("job", 1)]
)
def test_a_message_that_is_not_ours_is_rejected_with_its_key(key: str, value: Any) -> None:
    body = json.dumps(MESSAGE.model_dump() | {key: value})

    with pytest.raises(Reject, match=f"malformed RegistrationMessage: {key}"):
        parse(RegistrationMessage, body)
