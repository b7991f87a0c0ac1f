"""The way of an image through the functions that register it and work on its tasks, in a local AWS behind a meter."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from benchmarks import local_stack
from benchmarks.event_source import EventSource
from benchmarks.invoking import Instance, instance
from benchmarks.local_stack import KEYS, RECORDS, SESSION
from benchmarks.metered_aws import MeteredAws
from benchmarks.pictures import pictures
from benchmarks.usage_taken import Taken, taken
from benchmarks.usage_world import LAST, PRELABEL, Announced
from sandbox import template
from sandbox.aws import DEPTHS
from sandbox.ministack import REGION
from sandbox.scenario.encord import Encord
from sandbox.scenario.world import PIPELINE, PREFIX, PROJECT

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

UPLOADS = "uploads"
SWEEPS = 10
"""Of an empty stage, to tell what one of them takes."""
FUNCTIONS = template.functions(template.load())
QUEUES = {"RegisterUploadsFunction": "UploadsQueue", "TrackRegistrationsFunction": "RegistrationsQueue"}
QUEUES |= {"RunTasksFunction": "TasksQueue"}


@dataclass(frozen=True)
class UsageStack:
    """Everything deployed, and nothing uploaded yet."""

    aws: MeteredAws
    endpoint: str
    """Of the AWS behind the meter."""
    encord: Encord
    environment: Mapping[str, str]
    queues: Mapping[str, str]
    """URLs by the template's names."""

    def upload(self, images: int) -> None:
        """Put pictures, and EventBridge's word of each on its queue. The puts are the user's, and not metered."""
        s3 = SESSION.client("s3", endpoint_url=self.endpoint)
        for number, (_, jpeg) in enumerate(pictures(images)):
            key = f"{PREFIX}{number:06}.jpg"
            etag = s3.put_object(Bucket=UPLOADS, Key=key, Body=jpeg)["ETag"].strip('"')
            found = {"key": key, "size": len(jpeg), "etag": etag, "sequencer": f"{number:018X}"}
            self._sqs.send_message(QueueUrl=self.queues["UploadsQueue"], MessageBody=_created(found))

    def sweep(self) -> Taken:
        """What one sweep takes that finds nothing, of an instance that is up already."""
        with self._instance("SweepStagesFunction") as sweeping:
            sweeping.invoke({})
            sweeping.forget()
            self.aws.meter.reset()
            for _ in range(SWEEPS):
                sweeping.invoke({})
            return taken([_of("SweepStagesFunction", sweeping)], self.aws.meter.reset()).share(SWEEPS)

    def register(self) -> Taken:
        """Have all that was uploaded registered, linked and receipted."""
        with (
            self._instance("RegisterUploadsFunction") as registering,
            self._instance("TrackRegistrationsFunction") as tracking,
        ):
            self._drain("RegisterUploadsFunction", registering)
            self._drain("TrackRegistrationsFunction", tracking)
            both = [_of("RegisterUploadsFunction", registering), _of("TrackRegistrationsFunction", tracking)]
            return taken(both, self.aws.meter.reset())

    def work(self) -> Taken:
        """Have the tasks that wait at a stage queued and worked on."""
        with (
            self._instance("SweepStagesFunction") as sweeping,
            self._instance("RunTasksFunction") as working,
        ):
            sweeping.invoke({})
            self._drain("RunTasksFunction", working)
            both = [_of("SweepStagesFunction", sweeping), _of("RunTasksFunction", working)]
            return taken(both, self.aws.meter.reset())

    def audit(self, images: int) -> None:
        """Return if every image went all the way.

        Raises:
            RuntimeError: Not so; what was measured is of no use.
        """
        waiting = self.encord.look().waiting()
        if waiting[LAST] != images:
            raise RuntimeError(f"of {images} images {waiting[LAST]} came to {LAST}: {waiting}")

    def _drain(self, function: str, worker: Instance) -> None:
        queue = self.queues[QUEUES[function]]
        source = EventSource(self._sqs, queue, _batch_size(function))
        while self._held(queue):
            source.feed(worker)
            time.sleep(0.1)

    def _held(self, queue: str) -> int:
        sqs = SESSION.client("sqs", endpoint_url=self.endpoint)
        held = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=DEPTHS)["Attributes"]
        return sum(int(held[name]) for name in DEPTHS)

    @contextmanager
    def _instance(self, function: str) -> Iterator[Instance]:
        declared = FUNCTIONS[function]
        environment = {**template.environment(template.load(), declared), **self.environment}
        with instance(f"{declared.code.replace('/', '.')}.handler", environment, declared.timeout) as worker:
            yield worker

    @property
    def _sqs(self) -> "SQSClient":
        return SESSION.client("sqs", endpoint_url=self.aws.url)


def deploy(aws: MeteredAws, endpoint: str, world: Announced, model: str, detector: str) -> UsageStack:
    """Make what the template would make of it, for these addresses, whom only the functions ask through the meter."""
    stack = local_stack.deploy(endpoint, world.twin, world.key, model)
    loaded = template.load()
    table = template.of_type(loaded, "AWS::DynamoDB::Table")["Registrations"]
    keys = {name: table[name] for name in KEYS if name in table}
    SESSION.client("dynamodb", endpoint_url=endpoint).create_table(TableName="Registrations", **keys)
    s3 = SESSION.client("s3", endpoint_url=endpoint)
    s3.create_bucket(Bucket=UPLOADS, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=RECORDS, Key="pipeline.yaml", Body=pipeline(detector).encode())
    sqs = SESSION.client("sqs", endpoint_url=endpoint)
    declared = template.of_type(loaded, "AWS::SQS::Queue")
    queues = {"TasksQueue": stack.queue} | {
        name: sqs.create_queue(
            QueueName=name, Attributes={"VisibilityTimeout": str(declared[name]["VisibilityTimeout"])}
        )["QueueUrl"]
        for name in ("UploadsQueue", "RegistrationsQueue")
    }
    addresses = {"AWS_ENDPOINT_URL": aws.url, "REGISTRATIONS_QUEUE_URL": queues["RegistrationsQueue"]}
    return UsageStack(aws, endpoint, Encord(world.twin), {**stack.environment, **addresses}, queues)


def pipeline(detector: str) -> str:
    """The sandbox's own, with another way out of its stage, and a second stage."""
    whole = yaml.safe_load(PIPELINE.read_text())
    prelabel = {
        "kind": "prelabel",
        "detector": {"kind": "http", "url": detector},
        "classes": {"cat": "Cat"},
        "accept": 0.9,
        "review": 0.5,
    }
    ways = {"accepted": LAST, "review": LAST, "nothing": LAST}
    second = {"project": str(PROJECT), "stage": PRELABEL, "agent": prelabel, "pathways": ways}
    return yaml.safe_dump({**whole, "stages": [*whole["stages"], second]})


def _created(found: Mapping[str, Any]) -> str:
    """EventBridge's word of a new object."""
    detail = {"bucket": {"name": UPLOADS}, "object": found}
    return json.dumps({"source": "aws.s3", "detail-type": "Object Created", "region": REGION, "detail": detail})


def _batch_size(function: str) -> int:
    events = template.of_type(template.load(), "AWS::Serverless::Function")[function]["Events"]
    return int(events[QUEUES[function]]["Properties"]["BatchSize"])


def _of(function: str, worker: Instance) -> tuple[template.Function, Instance]:
    return FUNCTIONS[function], worker
