"""AWS with a queue that hears what starts sweeps; and the task path's far side, where tasks wait to be swept."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import boto3
import httpx
import pytest

from encord_lambda import wiring_ready
from functions.sweep_stages import handler as sweep_stages
from functions.task_ready import handler
from sandbox import template
from sandbox.scenario.world import PIPELINE, PROJECT
from tests.fakes.local_aws import client_at, emptied
from tests.task_path.conftest import CONTEXT, TaskPath, aws, count, model, path, seeded
from tests.task_ready.signed import SECRET, Json, request
from tests.twin.receivers import Received, Said, receiving

__all__ = ["aws", "count", "model", "path", "seeded"]  # fixtures


@dataclass
class Deployed:
    """What the template makes for `task_ready`, and a queue that hears its events."""

    listener: str
    monkeypatch: pytest.MonkeyPatch

    def told(self) -> list[Json]:
        """The events that started a sweep since we last looked."""
        found = boto3.client("sqs").receive_message(QueueUrl=self.listener, MaxNumberOfMessages=10)
        for one in (messages := found.get("Messages", [])):
            boto3.client("sqs").delete_message(QueueUrl=self.listener, ReceiptHandle=one["ReceiptHandle"])
        return [json.loads(one["Body"]) for one in messages]

    def pipeline(self, text: str) -> None:
        boto3.client("s3").put_object(Bucket="records", Key="pipeline.yaml", Body=text.encode())

    def secret(self, value: str) -> str:
        """Keep the endpoint's secret; answers its ARN."""
        arn = boto3.client("secretsmanager").create_secret(Name=str(uuid4()), SecretString=value)["ARN"]
        self.monkeypatch.setenv("WEBHOOK_SECRET", arn)
        return arn


@pytest.fixture(autouse=True)
def _cold() -> Iterator[None]:
    """A container that knows nothing yet."""
    wiring_ready.task_ready.cache_clear()
    yield
    wiring_ready.task_ready.cache_clear()


@pytest.fixture
def deployed(aws: str, monkeypatch: pytest.MonkeyPatch) -> Deployed:
    emptied(aws)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": aws,
        "ENCORD_DOMAIN": "http://127.0.0.1:9",
        "ENCORD_KEY_SECRET": "not for this function",
        "PIPELINE_CONFIG": "s3://records/pipeline.yaml",
        "POWERTOOLS_SERVICE_NAME": "test",
        "POWERTOOLS_METRICS_NAMESPACE": "Test",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "client", client_at(aws))
    boto3.client("s3").create_bucket(Bucket="records", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    deployed = Deployed(_listener(), monkeypatch)
    deployed.pipeline(PIPELINE.read_text())
    deployed.secret(SECRET)
    return deployed


@dataclass
class Ready:
    """Everything between a stage's queue in Encord and a sweep of it."""

    path: TaskPath
    deployed: Deployed
    url: str
    stage: UUID

    def subscribe(self, secret: str = SECRET) -> None:
        """Have the twin notify us of Agent 1."""
        notify = {"url": self.url, "secret": secret, "batch_size": 1, "max_wait": 3600}
        order = {"project": str(PROJECT), "stage": str(self.stage), "notify": notify}
        httpx.post(f"{self.path.twin.url}/_twin/notifications", json=order, trust_env=False).raise_for_status()

    def told(self) -> list[Json]:
        """The events that started a sweep since we last looked."""
        return self.deployed.told()

    def sweep(self, event: Json) -> int:
        return sweep_stages.lambda_handler(event, CONTEXT)["queued"]


@pytest.fixture
def ready(path: TaskPath, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ready]:
    deployed = Deployed(_listener(), monkeypatch)
    deployed.secret(SECRET)
    [stage] = [one.uuid for one in path.twin.store.projects[PROJECT].stages.values() if one.title == "Agent 1"]
    with receiving(gateway) as receiver:
        yield Ready(path, deployed, receiver.url, stage)


def gateway(received: Received) -> Said:
    """API Gateway and Lambda between HTTP and the handler."""
    reply = handler.lambda_handler(request(received.body, dict(received.headers), encoded=False), CONTEXT)
    return Said(reply["statusCode"], reply["headers"], reply["body"].encode())


def _listener() -> str:
    """A queue in the place of `sweep_stages`, behind the template's own rule."""
    function = template.of_type(template.load(), "AWS::Serverless::Function")["SweepStagesFunction"]
    pattern = function["Events"]["TaskReady"]["Properties"]["Pattern"]
    sqs, events = boto3.client("sqs"), boto3.client("events")
    url = sqs.create_queue(QueueName="listener")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="TaskReady", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="TaskReady", Targets=[{"Id": "1", "Arn": arn}])
    return url
