"""What the functions of the task path need of AWS, in a local one: tables and queue as template.yaml has them."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from sandbox import template
from sandbox.ministack import REGION, client_environment
from sandbox.scenario.world import PIPELINE

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

TABLES = ("TaskClaims", "Spend")
KEYS = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
RECORDS = "records"
SESSION = boto3.Session("test", "test", region_name=REGION)
"""Of whoever looks into the local AWS."""


@dataclass(frozen=True)
class Stack:
    """A local AWS that holds the task path; `environment` is what all its functions are given."""

    endpoint: str
    queue: str
    environment: Mapping[str, str]

    @property
    def sqs(self) -> "SQSClient":
        """A client of it."""
        return SESSION.client("sqs", endpoint_url=self.endpoint)


def deploy(endpoint: str, encord: str, key: str, model: str) -> Stack:
    """Make what the template would make, for these addresses of Encord and the model, and an Encord key."""
    loaded = template.load()
    tables = template.of_type(loaded, "AWS::DynamoDB::Table")
    dynamodb = SESSION.client("dynamodb", endpoint_url=endpoint)
    for name in TABLES:
        dynamodb.create_table(TableName=name, **{k: tables[name][k] for k in KEYS if k in tables[name]})
    s3 = SESSION.client("s3", endpoint_url=endpoint)
    s3.create_bucket(Bucket=RECORDS, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=RECORDS, Key="pipeline.yaml", Body=PIPELINE.read_bytes())
    secrets = SESSION.client("secretsmanager", endpoint_url=endpoint)
    for name, value in (("EncordKeySecretArn", key), ("OpenAiKeySecretArn", "sk-bench")):
        secrets.create_secret(Name=name, SecretString=value)
    queues = _queues(endpoint)
    addresses = {"ENCORD_DOMAIN": encord, "OPENAI_BASE_URL": f"{model}/v1", "NO_PROXY": "127.0.0.1"}
    own = {
        "ALLOW_PRIVATE_MEDIA": "true",
        "RECORDS_BUCKET": RECORDS,
        "PIPELINE_CONFIG": f"s3://{RECORDS}/pipeline.yaml",
        # What clients read that are no functions of ours.
        "ENCORD_SSH_KEY": key,
        "OPENAI_API_KEY": "sk-bench",
    }
    return Stack(endpoint, queues["TASKS_QUEUE_URL"], _declared(loaded) | _python(endpoint) | addresses | queues | own)


def _queues(endpoint: str) -> dict[str, str]:
    sqs = SESSION.client("sqs", endpoint_url=endpoint)
    hidden = template.of_type(template.load(), "AWS::SQS::Queue")["TasksQueue"]["VisibilityTimeout"]
    names = {"TASKS_QUEUE_URL": "tasks", "TASKS_DEAD_LETTERS_URL": "dead-letters"}
    made = {
        variable: sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": str(hidden)})
        for variable, name in names.items()
    }
    return {variable: queue["QueueUrl"] for variable, queue in made.items()}


def _declared(loaded: Mapping[str, Any]) -> dict[str, str]:
    """What the template gives the two functions of the task path."""
    functions = template.functions(loaded)
    names = ("SweepStagesFunction", "RunTasksFunction")
    return {k: v for name in names for k, v in template.environment(loaded, functions[name]).items()}


def _python(endpoint: str) -> dict[str, str]:
    """Of this process's environment only where Python keeps its bytecode; clients find this AWS and no other."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("PYTHON")}
    return kept | client_environment(endpoint, Path(tempfile.gettempdir()))
