"""Events of receipts, through EventBridge (moto) to a queue that listens."""

import json
from typing import Any
from uuid import UUID

import boto3
import pytest
from botocore.stub import Stubber

from encord_lambda.aws.event_bus import EventBus
from encord_lambda.errors import Misconfigured, Retry
from encord_lambda.outcomes import Receipted

pytestmark = pytest.mark.usefixtures("aws")
FOLDER, DATASET = UUID(int=3), UUID(int=4)


def receipted(job: str = "9f86d0", datasets: tuple[UUID, ...] = (DATASET,)) -> Receipted:
    return Receipted(job, FOLDER, "pets/", 200, 190, 7, 3, f"receipts/2031-02-03/pets/{job}.json", datasets)


@pytest.fixture
def listener() -> str:
    """A queue for the events that a rule such as a user would write lets through."""
    sqs, events = boto3.client("sqs"), boto3.client("events")
    url = sqs.create_queue(QueueName="listener")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = {"source": ["encord-lambda"], "detail-type": ["Registration"], "detail": {"prefix": ["pets/"]}}
    events.put_rule(Name="registrations", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="registrations", Targets=[{"Id": "1", "Arn": arn}])
    return url


def heard(url: str) -> list[dict[str, Any]]:
    sqs, found = boto3.client("sqs"), []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [json.loads(message["Body"]) for message in messages]
    return found


def test_a_rule_hears_of_a_receipt_with_counts_and_where_it_is(listener: str) -> None:
    EventBus(boto3.client("events"), "records").announce([receipted()])

    [event] = heard(listener)
    assert event["detail"] == {
        "version": 1,
        "job": "9f86d0",
        "prefix": "pets/",
        "folder": str(FOLDER),
        "datasets": [str(DATASET)],
        "submitted": 200,
        "registered": 190,
        "existing": 7,
        "failed": 3,
        "receipt": "s3://records/receipts/2031-02-03/pets/9f86d0.json",
    }


@pytest.mark.parametrize("count", [0, 1, 10, 11, 25])
def test_every_receipt_is_heard_of_once(listener: str, count: int) -> None:
    jobs = [str(number) for number in range(count)]

    EventBus(boto3.client("events"), "records").announce([receipted(job) for job in jobs])

    assert sorted(event["detail"]["job"] for event in heard(listener)) == sorted(jobs)


def test_an_event_of_many_datasets_is_far_below_what_eventbridge_takes(listener: str) -> None:
    EventBus(boto3.client("events"), "records").announce([receipted(datasets=tuple(map(UUID, [DATASET.hex] * 1000)))])

    [event] = heard(listener)
    assert len(json.dumps(event)) < 256 * 1024 / 4


def test_a_refused_event_is_tried_again_and_the_others_are_sent() -> None:
    events = boto3.client("events")
    failed = {"ErrorCode": "ThrottlingException", "ErrorMessage": "too many"}

    with Stubber(events) as stub:
        stub.add_response("put_events", {"FailedEntryCount": 1, "Entries": [{"EventId": "1"}] * 9 + [failed]})
        stub.add_response("put_events", {"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]})
        with pytest.raises(Retry, match="default refused 1 of 11 events: too many"):
            EventBus(events, "records").announce([receipted()] * 11)
        stub.assert_no_pending_responses()


@pytest.mark.parametrize(("code", "kind"), [("ThrottlingException", Retry), ("AccessDeniedException", Misconfigured)])
def test_a_refused_request_says_what_was_being_done(code: str, kind: type[Retry]) -> None:
    events = boto3.client("events")

    with Stubber(events) as stub:
        stub.add_client_error("put_events", code, "no")
        with pytest.raises(Retry) as trouble:
            EventBus(events, "records").announce([receipted()])

    assert type(trouble.value) is kind
    assert trouble.value.reason == f"cannot send events to the bus default: {code}: no"
