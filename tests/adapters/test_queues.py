"""Sending to SQS (moto), ten messages a request."""

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from encord_lambda.aws.queues import Queue
from encord_lambda.dispatch.messages import Message
from encord_lambda.errors import Misconfigured, Retry

pytestmark = pytest.mark.usefixtures("aws")


class Numbered(Message):
    number: int


class Titled(Message):
    title: str


def messages(count: int) -> list[Numbered]:
    return [Numbered(version=1, number=number) for number in range(count)]


def received(url: str) -> list[int]:
    sqs, numbers = boto3.client("sqs"), []
    while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        numbers += [Numbered.model_validate_json(message["Body"]).number for message in found]
    return sorted(numbers)


@pytest.fixture
def url() -> str:
    return boto3.client("sqs").create_queue(QueueName="tasks")["QueueUrl"]


@pytest.mark.parametrize("count", [0, 1, 10, 11, 25])
def test_every_message_arrives_once(url: str, count: int) -> None:
    Queue(boto3.client("sqs"), url).send(messages(count))

    assert received(url) == list(range(count))


def test_delayed_messages_are_not_due_yet(url: str) -> None:
    Queue(boto3.client("sqs"), url).send(messages(2), delay=900)

    assert received(url) == []
    attributes: Any = boto3.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert attributes["ApproximateNumberOfMessagesDelayed"] == "2"


def test_a_missing_queue_is_the_deployments_fault(url: str) -> None:
    with pytest.raises(Misconfigured, match=f"cannot send to {url}-gone"):
        Queue(boto3.client("sqs"), f"{url}-gone").send(messages(1))


def test_a_character_that_sqs_refuses_is_escaped(url: str) -> None:
    """Titles may hold any; SQS takes those of XML only, and one refused message would hold up the others."""
    sqs = boto3.client("sqs")

    Queue(sqs, url).send([Titled(version=1, title="cat\uffff\x01ü.jpg")])

    [message] = sqs.receive_message(QueueUrl=url)["Messages"]
    assert message["Body"].isascii()
    assert Titled.model_validate_json(message["Body"]).title == "cat\uffff\x01ü.jpg"


def test_what_is_not_refused_is_sent_all_the_same(url: str) -> None:
    sqs = boto3.client("sqs")
    failed = [{"Id": "0", "SenderFault": False, "Code": "InternalError", "Message": "try again"}]

    with Stubber(sqs) as stub:
        stub.add_response("send_message_batch", {"Failed": failed, "Successful": []})
        stub.add_response("send_message_batch", {"Failed": [], "Successful": []})
        with pytest.raises(Retry, match="refused 1 of 15: try again"):
            Queue(sqs, url).send(messages(15))
        stub.assert_no_pending_responses()


def test_messages_that_sqs_refused_are_counted(url: str) -> None:
    sqs = boto3.client("sqs")
    failed = [{"Id": "0", "SenderFault": False, "Code": "InternalError", "Message": "try again"}]

    with Stubber(sqs) as stub:
        stub.add_response("send_message_batch", {"Failed": failed, "Successful": []})
        with pytest.raises(Retry, match="refused 1 of 2: try again"):
            Queue(sqs, url).send(messages(2))


@pytest.mark.parametrize(("code", "kind"), [("ThrottlingException", Retry), ("AccessDenied", Misconfigured)])
def test_a_refused_request_says_what_was_being_done(url: str, code: str, kind: type[Retry]) -> None:
    sqs = boto3.client("sqs")

    with Stubber(sqs) as stub:
        stub.add_client_error("send_message_batch", code, "no")
        with pytest.raises(Retry) as trouble:
            Queue(sqs, url).send(messages(1))

    assert type(trouble.value) is kind
    assert trouble.value.reason == f"cannot send to {url}: {code}: no"
