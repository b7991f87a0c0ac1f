"""A deployed stack in moto: the queues, the claims and the logs that template.yaml makes, filled by our own code."""

import io
import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import boto3
import pytest
from aws_lambda_powertools import Logger
from moto import mock_aws
from moto.sqs.models import SQSBackend

from encord_lambda import observability
from encord_lambda.aws import dead_letters
from encord_lambda.aws.claims import TaskClaims
from encord_lambda.aws.inbox import TasksInbox
from encord_lambda.dispatch.claims import Claim, State, TaskKey
from encord_lambda.dispatch.messages import SqsRecord, TaskMessage
from encord_lambda.outcomes import Outcome
from encord_lambda.task_group import Letter
from sandbox import template

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

KINDS = {"AWS::SQS::Queue", "AWS::DynamoDB::Table", "AWS::Logs::LogGroup"}
NOW = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)
PROJECT, STAGE = UUID(int=0xA1), UUID(int=0xB1)


def a_message(task: UUID | None = None, updated_at: datetime = NOW - HOUR, stage: UUID = STAGE) -> TaskMessage:
    return TaskMessage(
        version=1,
        project=PROJECT,
        stage=stage,
        task=task or uuid4(),
        data=uuid4(),
        title="cat.jpg",
        branch="main",
        updated_at=updated_at,
        swept_at=updated_at,
    )


def a_claim(message: TaskMessage, state: State = State.REJECTED, lease_until: datetime = NOW, **more: Any) -> Claim:
    return Claim(TaskKey(message.stage, message.task), state, message.updated_at, lease_until, token=1, **more)


@dataclass(frozen=True, slots=True)
class Deployed:
    """The stack, and short ways into it."""

    arn: str
    sqs: "SQSClient"
    outputs: dict[str, str]
    claims: TaskClaims

    def bury(self, *letters: tuple[str, str, str]) -> None:
        """Letters of (body, subject, reason), as `run_tasks` writes them."""
        inbox = TasksInbox(self.sqs, self.outputs["TasksQueueUrl"], self.outputs["TasksDeadLettersUrl"])
        inbox.bury(
            [
                Letter(SqsRecord(messageId="m", receiptHandle="r", body=body), subject, reason)
                for body, subject, reason in letters
            ]
        )

    def reject(self, *messages: TaskMessage, reason: str = "the picture is damaged") -> None:
        """Tasks given up: their claims say so, and their letters are written."""
        for some in range(0, len(messages), 100):
            self.claims.swap([a_claim(m, reason=reason, tries=8, crashes=2) for m in messages[some : some + 100]])
        self.bury(*((message.model_dump_json(), str(message.task), reason) for message in messages))

    def moved(self, output: str, body: str) -> None:
        """A letter that SQS moved by itself: it has no attributes."""
        self.sqs.send_message(QueueUrl=self.outputs[output], MessageBody=body)

    def bodies(self, output: str) -> list[str]:
        """What anybody can receive there now; it stays."""
        url, found, handles = self.outputs[output], list[str](), list[str]()
        while some := self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            found += [message["Body"] for message in some]
            handles += [message["ReceiptHandle"] for message in some]
        for handle in handles:
            self.sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)
        return sorted(found)

    def tasks(self, output: str) -> list[UUID]:
        """The tasks whose messages are there, by their ids."""
        return sorted(TaskMessage.model_validate_json(body).task for body in self.bodies(output))

    def states(self) -> dict[UUID, State]:
        items = boto3.client("dynamodb").scan(TableName=self.outputs["TaskClaimsTableName"])["Items"]
        return {UUID(item["task"]["S"]): State(item["state"]["S"]) for item in items}

    def log(self, group: str, outcomes: Iterable[tuple[datetime, Outcome]], *lines: tuple[datetime, str]) -> None:
        """Have functions write these outcomes at these times, in `observability`'s own form; and other lines."""
        logs = boto3.client("logs")
        made = boto3.client("cloudformation").describe_stack_resource(StackName=self.arn, LogicalResourceId=group)
        found = made["StackResourceDetail"]["PhysicalResourceId"]
        stream = uuid4().hex
        logs.create_log_stream(logGroupName=found, logStreamName=stream)
        written = [(at, _written(outcome)) for at, outcome in outcomes]
        for at, text in [*written, *lines]:
            event: Any = {"timestamp": int(at.timestamp() * 1000), "message": text}
            logs.put_log_events(logGroupName=found, logStreamName=stream, logEvents=[event])


def _written(outcome: Outcome) -> str:
    """One outcome as `observability` writes it for Lambda."""
    stream = io.StringIO()
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(observability, "_logger", lambda: Logger(service=uuid4().hex, stream=stream))
        observability.record([outcome])
    [line] = stream.getvalue().splitlines()
    return line


@contextmanager
def deployed(monkeypatch: pytest.MonkeyPatch, lacking: str = "") -> Iterator[Deployed]:
    """The stack `encord-lambda`; `lacking` is a resource that it does not have yet."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # another one comes with the first client
    monkeypatch.setattr(dead_letters, "PATIENCE", 0)  # nobody else sends here
    _make_receiving_atomic(monkeypatch)
    with mock_aws():
        cloudformation = boto3.client("cloudformation")
        cloudformation.create_stack(
            StackName="encord-lambda",
            TemplateBody=json.dumps(_template(lacking)),
            Parameters=[
                {"ParameterKey": f"{name}SecretArn", "ParameterValue": "-"} for name in ("EncordKey", "OpenAiKey")
            ],
        )
        [found] = cloudformation.describe_stacks(StackName="encord-lambda")["Stacks"]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}
        claims = TaskClaims(boto3.client("dynamodb"), outputs["TaskClaimsTableName"])
        yield Deployed(found["StackId"], boto3.client("sqs"), outputs, claims)


def _make_receiving_atomic(monkeypatch: pytest.MonkeyPatch) -> None:
    """One request after the other, so that no message is received twice: moto's queues bear no threads."""
    receive, lock = SQSBackend.receive_message, threading.Lock()

    def one_at_a_time(*args: Any, **named: Any) -> Any:
        with lock:
            return receive(*args, **named)

    monkeypatch.setattr(SQSBackend, "receive_message", one_at_a_time)


def _template(lacking: str) -> dict[str, Any]:
    """The part of template.yaml that moto can make."""
    whole = template.load()
    resources = {name: r for name, r in whole["Resources"].items() if r["Type"] in KINDS and name != lacking}
    outputs = whole["Outputs"].items()
    kept = {name: o for name, o in outputs if isinstance(o["Value"], dict) and o["Value"].get("Ref") in resources}
    return {"Parameters": whole["Parameters"], "Resources": resources, "Outputs": kept}
