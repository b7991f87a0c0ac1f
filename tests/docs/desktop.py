"""The sandbox as its user's shell sees it, without its servers: moto, twin, model, and the functions in-process.

The functions work when the test has them, and what they log lies in CloudWatch Logs, where `encord-lambda` looks.
"""

import io
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

import boto3
import pytest
from aws_lambda_powertools import Logger

from encord_lambda import observability
from functions.register_uploads.handler import lambda_handler as register_uploads
from functions.run_tasks.handler import lambda_handler as run_tasks
from functions.sweep_stages.handler import lambda_handler as sweep_stages
from sandbox.encord_twin import DatasetSpec, FolderSpec, World
from sandbox.model_server.server import Server
from sandbox.scenario.world import DATASET, FOLDER, PROJECT, world
from tests.cli import deployed
from tests.functions import upload_stack
from tests.functions.upload_stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import ParameterTypeDef
    from mypy_boto3_logs.type_defs import InputLogEventTypeDef

STACK = "encord-lambda"


def pets() -> World:
    """The sandbox's project, and what feeds it, empty."""
    start = world("00" * 32)
    fed = start.projects[0].model_copy(update={"datasets": ["pets"]})
    folders, datasets = [FolderSpec(title="pets", uuid=FOLDER)], [DatasetSpec(title="pets", uuid=DATASET)]
    return start.model_copy(update={"folders": folders, "datasets": datasets, "projects": [fed]})


@dataclass(frozen=True, slots=True)
class Desktop:
    """The stack's queues, tables and logs, and the functions' side of them."""

    uploads: Stack
    outputs: dict[str, str]
    written: io.StringIO
    """What the functions have logged, and nobody has put into CloudWatch yet."""

    def upload_comes(self, *keys: str) -> None:
        """S3 tells of objects, and the upload jobs are followed to their end."""
        reply = register_uploads(upload_stack.batch(*map(upload_stack.created, keys)), upload_stack.context())
        assert upload_stack.kept(reply) == []
        self.uploads.drain()

    def sweep_comes(self) -> None:
        """The schedule ticks, and what it queues is worked on."""
        sweep_stages({}, upload_stack.context())
        self.tasks_come()

    def tasks_come(self) -> None:
        """What is on the queue is worked on."""
        sqs, url = boto3.client("sqs"), self.outputs["TasksQueueUrl"]
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        records = [{"messageId": m["MessageId"], "receiptHandle": m["ReceiptHandle"], "body": m["Body"]} for m in found]
        assert upload_stack.kept(run_tasks({"Records": records}, upload_stack.context())) == []
        self._log()

    def stands(self) -> dict[str, str]:
        """The stage of each task, by its title."""
        project = self.uploads.twin.store.projects[PROJECT]
        return {task.row.item.name: project.stages[task.stage].title for task in project.tasks.values()}

    def _log(self) -> None:
        now = round(time.time() * 1000)
        lines = [line for line in self.written.getvalue().splitlines() if line]
        events: list[InputLogEventTypeDef] = [{"timestamp": now, "message": line} for line in lines]
        made = boto3.client("cloudformation").describe_stack_resource(StackName=STACK, LogicalResourceId="RunTasksLogs")
        group, stream = made["StackResourceDetail"]["PhysicalResourceId"], str(uuid4())
        boto3.client("logs").create_log_stream(logGroupName=group, logStreamName=stream)
        boto3.client("logs").put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)
        self.written.truncate(self.written.seek(0))


@contextmanager
def desktop(monkeypatch: pytest.MonkeyPatch, endpoint: str, model: Server) -> Iterator[Desktop]:
    """Everything up, and the functions' environment set for it."""
    written = io.StringIO()
    logger = Logger(service=str(uuid4()), stream=written)
    monkeypatch.setattr(observability, "_logger", lambda: logger)
    with upload_stack.upload_stack(monkeypatch, endpoint, world=pets()) as uploads:
        formation = boto3.client("cloudformation")
        formation.create_stack(StackName=STACK, TemplateBody=json.dumps(deployed._template("")), Parameters=_secrets())
        [made] = formation.describe_stacks(StackName=STACK)["Stacks"]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in made["Outputs"]}
        for name, value in {
            "TASKS_QUEUE_URL": outputs["TasksQueueUrl"],
            "TASKS_DEAD_LETTERS_URL": outputs["TasksDeadLettersUrl"],
            "CLAIMS_TABLE": outputs["TaskClaimsTableName"],
            "SPEND_TABLE": outputs["SpendTableName"],
            "OPENAI_BASE_URL": f"{model.url}/v1",
            "OPENAI_KEY_SECRET": boto3.client("secretsmanager").create_secret(Name="o", SecretString="sk")["ARN"],
            "DETECTOR_TOKEN_SECRET": "",
            "ALLOW_PRIVATE_MEDIA": "true",
            "POWERTOOLS_METRICS_NAMESPACE": "Test",
            "POWERTOOLS_SERVICE_NAME": "test",
        }.items():
            monkeypatch.setenv(name, value)
        yield Desktop(uploads, outputs, written)


def _secrets() -> "list[ParameterTypeDef]":
    return [{"ParameterKey": f"{name}SecretArn", "ParameterValue": "-"} for name in ("EncordKey", "OpenAiKey")]
