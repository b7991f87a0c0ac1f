"""A ground-truth project and a consensus stage in the twin, and the true handler with a records bucket."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from encord import EncordUserClient, Project
from encord.workflow import ConsensusAnnotationStage, ConsensusReviewStage, FinalStage

from encord_lambda.benchmark.report import Report
from functions.score_benchmark import handler
from sandbox.annotators import Annotator, Seen
from sandbox.encord_twin import MemoryObjects, Twin, World, serve
from sandbox.scenario import gold
from sandbox.scenario.archive import Medium
from tests.fakes.local_aws import client_at, emptied
from tests.task_path.conftest import Context
from tests.twin.conftest import connect

PIPELINE = f"""
version: 1
benchmarks:
  - name: gold
    production: {gold.PRODUCTION}
    stage: {gold.REVIEW}
    ground_truth: {gold.TRUTH}
    target: 0.99
    least_units: 3
"""
REJECTING = PIPELINE + "    reject_when_scored: true\n"


class Lasting(Context):
    """A function that has just begun."""

    def get_remaining_time_in_millis(self) -> int:
        return 900_000


@dataclass
class Bench:
    """Both sides, and short ways to look at them."""

    twin: Twin
    client: EncordUserClient
    gold: Mapping[str, Seen]
    caplog: pytest.LogCaptureFixture
    listener: str = field(repr=False)

    @property
    def production(self) -> Project:
        return self.client.get_project(gold.PRODUCTION)

    @property
    def annotation(self) -> ConsensusAnnotationStage:
        return self.production.workflow.get_stage(name=gold.CONSENSUS, type_=ConsensusAnnotationStage)

    @property
    def review(self) -> ConsensusReviewStage:
        return self.production.workflow.get_stage(name=gold.REVIEW, type_=ConsensusReviewStage)

    @property
    def archive(self) -> FinalStage:
        return self.production.workflow.get_stage(name=gold.ARCHIVE, type_=FinalStage)

    def pipeline(self, text: str) -> None:
        boto3.client("s3").put_object(Bucket="records", Key="pipeline.yaml", Body=text.encode())

    def score(self, context: Context | None = None, event: object = None) -> list[dict[str, Any]]:
        """Run the function; answers its outcomes, as logged."""
        self.caplog.clear()
        reply = handler.lambda_handler(event, context or Lasting())  # type: ignore[arg-type]
        said = [vars(record) for record in self.caplog.records if record.module == "observability"]
        assert reply["reports"] == sum(line["message"] == "Scored" for line in said)
        return said

    def report(self) -> Report:
        """The latest."""
        return Report.model_validate_json(self.read(max(key for key in self.files() if key.endswith("report.json"))))

    def reports(self) -> int:
        return sum(key.endswith("report.json") for key in self.files())

    def files(self) -> list[str]:
        found = boto3.client("s3").list_objects_v2(Bucket="records", Prefix="benchmarks/")
        return [one["Key"] for one in found.get("Contents", [])]

    def read(self, key: str) -> str:
        text: str = boto3.client("s3").get_object(Bucket="records", Key=key)["Body"].read().decode()
        return text

    def stages(self) -> Counter[str]:
        """How many of the production project's tasks each stage holds."""
        project = self.twin.store.projects[gold.PRODUCTION]
        return Counter(project.stages[task.stage].title for task in project.tasks.values())

    def heard(self) -> list[dict[str, Any]]:
        """The events that were sent since we last looked."""
        sqs, events = boto3.client("sqs"), []
        while found := sqs.receive_message(QueueUrl=self.listener, MaxNumberOfMessages=10).get("Messages"):
            for one in found:
                events.append(json.loads(one["Body"]))
                sqs.delete_message(QueueUrl=self.listener, ReceiptHandle=one["ReceiptHandle"])
        return events


@contextmanager
def bench(
    endpoint: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    media: Sequence[Medium],
    annotators: Sequence[Annotator] = gold.ANNOTATORS,
) -> Iterator[Bench]:
    """All tasks have left their agents and wait to be annotated, and nothing is known of the truth."""
    objects = MemoryObjects({str(one.item.url): body for one in media for body in one.files.values()})
    with serve(gold.extended(World(), media, annotators), objects=objects) as twin:
        emptied(endpoint)
        monkeypatch.setattr(boto3, "client", client_at(endpoint))
        for name, value in _environment(endpoint, twin).items():
            monkeypatch.setenv(name, value)
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="records", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        secret = boto3.client("secretsmanager").create_secret(Name="encord", SecretString=twin.key)["ARN"]
        monkeypatch.setenv("ENCORD_KEY_SECRET", secret)
        built = Bench(twin, connect(twin), gold.truth(media), caplog, _listener())
        built.pipeline(PIPELINE)
        gold.hand_on(built.client)
        yield built


def _environment(endpoint: str, twin: Twin) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": endpoint,
        "NO_PROXY": "127.0.0.1",
        "ENCORD_DOMAIN": twin.url,
        "PIPELINE_CONFIG": "s3://records/pipeline.yaml",
        "RECORDS_BUCKET": "records",
        "CLAIMS_TABLE": "claims",
        "ALLOW_PRIVATE_MEDIA": "true",
        "POWERTOOLS_SERVICE_NAME": "test",
        "POWERTOOLS_METRICS_NAMESPACE": "Test",
    }


def _listener() -> str:
    """A queue for the events of reports."""
    sqs, events = boto3.client("sqs"), boto3.client("events")
    url: str = sqs.create_queue(QueueName="listener")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = {"source": ["encord-lambda"], "detail-type": ["BenchmarkScored"]}
    events.put_rule(Name="reports", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="reports", Targets=[{"Id": "1", "Arn": arn}])
    return url
