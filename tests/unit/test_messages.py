"""What travels on the queues: it comes back as it was sent, and what does not parse says which key is at fault."""

import json
from datetime import UTC
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.dispatch import messages
from encord_lambda.dispatch.messages import SqsRecord, TaskMessage
from encord_lambda.errors import Reject

UUIDS = st.uuids()
TIMES = st.datetimes(timezones=st.just(UTC))
BODY = {
    "version": 1,
    "project": str(UUID(int=1)),
    "stage": str(UUID(int=2)),
    "task": str(UUID(int=3)),
    "data": str(UUID(int=4)),
    "title": "cat.jpg",
    "branch": "main",
    "updated_at": "2026-11-21T12:00:00Z",
    "swept_at": "2026-11-21T12:00:01Z",
}


def body(**changed: object) -> str:
    return json.dumps(BODY | changed)


def without(missing: str) -> str:
    return json.dumps({key: value for key, value in BODY.items() if key != missing})


@given(
    st.builds(
        TaskMessage,
        version=st.just(1),
        project=UUIDS,
        stage=UUIDS,
        task=UUIDS,
        data=UUIDS,
        title=st.text(),
        branch=st.text(),
        updated_at=TIMES,
        swept_at=TIMES,
    )
)
def test_a_message_comes_back_as_it_was_sent(message: TaskMessage) -> None:
    assert messages.parse(TaskMessage, message.model_dump_json()) == message


def test_the_contracts_example_is_read() -> None:
    assert messages.parse(TaskMessage, body()).task == UUID(int=3)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (body(version=2), "version: Input should be 1"),
        (body(version="1"), "version: Input should be 1"),
        (body(priority=1), "priority: Extra inputs are not permitted"),
        (body(task="7"), "task: Input should be a valid UUID"),
        (body(title=None), "title: Input should be a valid string"),
        (body(updated_at="noon"), "updated_at: Input should be a valid datetime"),
        (body(updated_at="2026-11-21T12:00:00"), "updated_at: Input should have timezone info"),
        (body(updated_at="0001-01-01T00:00:00+14:00"), "updated_at: Value error, is beyond the calendar"),
        (body(swept_at="2026-11-21T12:00:00"), "swept_at: Input should have timezone info"),
        (without("branch"), "branch: Field required"),
        (without("version"), "version: Field required"),
        ("", "Invalid JSON"),
        ("hello", "Invalid JSON"),
        ("[]", "Input should be an object"),
        ("null", "Input should be an object"),
        (body()[:-1], "Invalid JSON"),
    ],
)
def test_a_malformed_body_names_its_fault(text: str, fault: str) -> None:
    with pytest.raises(Reject) as trouble:
        messages.parse(TaskMessage, text)

    assert trouble.value.reason.startswith(f"malformed TaskMessage: {fault}")


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_garbage_is_rejected_in_one_line(text: str) -> None:
    with pytest.raises(Reject) as trouble:
        messages.parse(TaskMessage, text)

    assert "\n" not in trouble.value.reason


def test_a_batch_is_read_whatever_else_its_records_say() -> None:
    event = {"Records": [{"messageId": "m1", "receiptHandle": "r1", "body": "{}", "awsRegion": "eu-west-1"}]}

    assert messages.records(event) == [SqsRecord(messageId="m1", receiptHandle="r1", body="{}")]
    assert messages.records({"Records": []}) == []


@pytest.mark.parametrize(
    ("event", "fault"),
    [
        ({}, "Records: Field required"),
        (None, "Input should be a valid dictionary or instance of SqsEvent"),
        ({"detail": {"bucket": "b"}}, "Records: Field required"),
        ({"Records": [{"s3": {}}]}, "Records.0.messageId: Field required"),
        ({"Records": {}}, "Records: Input should be a valid list"),
    ],
)
def test_an_event_that_is_no_sqs_batch_is_refused_in_one_line(event: object, fault: str) -> None:
    with pytest.raises(Reject) as trouble:
        messages.records(event)

    assert trouble.value.reason == f"the event is no SQS batch: {fault}"


def test_the_reply_names_what_stays() -> None:
    assert messages.reply(["m1", "m2"]) == {"batchItemFailures": [{"itemIdentifier": "m1"}, {"itemIdentifier": "m2"}]}
    assert messages.reply([]) == {"batchItemFailures": []}
