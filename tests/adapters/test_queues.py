"""Sending to SQS (moto), ten messages a request."""

import json
from typing import Any

import boto3
import pytest

from encord_lambda.aws.queues import Queue
from encord_lambda.aws.signed_requests import SignedRequests
from encord_lambda.dispatch.messages import Message
from encord_lambda.errors import Misconfigured, Retry
from tests.fakes.local_aws import requests_to
from tests.twin.receivers import Received, Said, receiving

FAILED = [{"Id": "0", "SenderFault": False, "Code": "InternalError", "Message": "try again"}]


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


def said(told: object, status: int = 200) -> Said:
    return Said(status, {}, json.dumps(told).encode())


@pytest.fixture
def url(requests: SignedRequests) -> str:  # noqa: ARG001 - moto's server is empty and known once it is made
    return boto3.client("sqs").create_queue(QueueName="tasks")["QueueUrl"]


@pytest.mark.parametrize("count", [0, 1, 10, 11, 25])
def test_every_message_arrives_once(requests: SignedRequests, url: str, count: int) -> None:
    Queue(requests, url).send(messages(count))

    assert received(url) == list(range(count))


def test_delayed_messages_are_not_due_yet(requests: SignedRequests, url: str) -> None:
    Queue(requests, url).send(messages(2), delay=900)

    assert received(url) == []
    attributes: Any = boto3.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert attributes["ApproximateNumberOfMessagesDelayed"] == "2"


def test_a_missing_queue_is_the_deployments_fault(requests: SignedRequests, url: str) -> None:
    with pytest.raises(Misconfigured, match=f"cannot send to {url}-gone"):
        Queue(requests, f"{url}-gone").send(messages(1))


def test_a_character_that_sqs_refuses_is_escaped(requests: SignedRequests, url: str) -> None:
    """Titles may hold any; SQS takes those of XML only, and one refused message would hold up the others."""
    sqs = boto3.client("sqs")

    Queue(requests, url).send([Titled(version=1, title="cat\uffff\x01ü.jpg")])

    [message] = sqs.receive_message(QueueUrl=url)["Messages"]
    assert message["Body"].isascii()
    assert Titled.model_validate_json(message["Body"]).title == "cat\uffff\x01ü.jpg"


def test_what_is_not_refused_is_sent_all_the_same() -> None:
    asked: list[Received] = []

    def refusing_the_first(request: Received) -> Said:
        asked.append(request)
        return said({"Failed": FAILED if len(asked) == 1 else [], "Successful": []})

    with receiving(refusing_the_first) as sqs, pytest.raises(Retry, match="refused 1 of 15: try again"):
        Queue(requests_to(sqs.url), "q").send(messages(15))

    assert [len(json.loads(request.body)["Entries"]) for request in asked] == [10, 5]
    assert {request.headers["content-type"] for request in asked} == {"application/x-amz-json-1.0"}


@pytest.mark.parametrize(("code", "kind"), [("ThrottlingException", Retry), ("AccessDenied", Misconfigured)])
def test_a_refused_request_says_what_was_being_done(code: str, kind: type[Retry]) -> None:
    refusal = said({"__type": f"com.amazonaws.sqs#{code}", "message": "no"}, 400)

    with receiving(lambda _: refusal) as sqs, pytest.raises(Retry) as trouble:
        Queue(requests_to(sqs.url), "q").send(messages(1))

    assert type(trouble.value) is kind
    assert trouble.value.reason == f"cannot send to q: {code}: no"
