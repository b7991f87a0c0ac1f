"""The sandbox's AWS: started, deployed to, and looked into.

with aws.started() as cloud:
    key = cloud.secret("encord-key", pem)
    stack = cloud.deploy({"EncordKeySecretArn": key})
    cloud.session.client("s3").put_object(Bucket=stack.uploads_bucket, Key="pets/a cat.jpg", Body=drawing)
"""

import functools
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
import botocore.session

from sandbox import ministack
from sandbox.deploy import deploy
from sandbox.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_sqs.literals import QueueAttributeNameType

STACK = "encord-lambda"
DEPTHS: "list[QueueAttributeNameType]" = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
]


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many messages a queue holds: ready, being worked on, and not yet due."""

    visible: int
    in_flight: int
    delayed: int

    @property
    def total(self) -> int:
        """All of them; zero says the queue is drained."""
        return self.visible + self.in_flight + self.delayed


@dataclass(frozen=True, slots=True)
class Cloud:
    """A running local AWS. The session's clients talk to it, whatever the shell's AWS settings say."""

    endpoint: str
    session: boto3.session.Session

    def secret(self, name: str, value: str) -> str:
        """Keep a secret; returns its ARN, which is what the template's parameters want."""
        return self.session.client("secretsmanager").create_secret(Name=name, SecretString=value)["ARN"]

    def deploy(self, parameters: Mapping[str, str]) -> Stack:
        """Deploy the built template, or deploy it again, and say what it made."""
        deploy(self.session, self.endpoint, STACK, {"Architecture": _built_for(), **parameters})
        return Stack.read(self.session, self.endpoint, STACK)

    def backlog(self, queue_url: str) -> Backlog:
        """How much a queue holds now."""
        sqs = self.session.client("sqs")
        held = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=DEPTHS)["Attributes"]
        return Backlog(*(int(held[name]) for name in DEPTHS))

    def dead_letters(self, queue_url: str) -> list[str]:
        """The bodies of up to ten messages of a dead-letter queue, which stay where they are."""
        sqs = self.session.client("sqs")
        found = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        return [message["Body"] for message in found.get("Messages", [])]

    def logs(self, group: str, since: float = 0.0) -> list[str]:
        """A log group's lines in order of time, from `since` (seconds of the epoch) on."""
        pages = self.session.client("logs").get_paginator("filter_log_events")
        found = pages.paginate(logGroupName=group, startTime=int(since * 1000))
        return [event["message"] for page in found for event in page["events"]]


@contextmanager
def started(*, auth: bool = False) -> Iterator[Cloud]:
    """Run a local AWS for the length of the block; `auth` makes every function's role count."""
    with ministack.started(auth=auth) as endpoint:
        yield Cloud(endpoint, session(endpoint))


def session(endpoint: str) -> boto3.session.Session:
    """A boto3 session whose clients know no other AWS, and are made once each."""
    isolated = botocore.session.Session(
        session_vars={
            "profile": (None, None, None, None),
            "config_file": (None, None, os.devnull, None),
            "credentials_file": (None, None, os.devnull, None),
        }
    )
    made = boto3.session.Session(
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 (ministack takes any)
        region_name=ministack.REGION,
        botocore_session=isolated,
    )
    made.client = functools.cache(functools.partial(made.client, endpoint_url=endpoint))  # type: ignore[method-assign]
    return made


def _built_for() -> str:
    """This machine's processor, which `make build` builds for, in Lambda's spelling."""
    return {"aarch64": "arm64"}.get(machine := os.uname().machine, machine)
