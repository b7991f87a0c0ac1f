"""Asking the run's servers, from wherever."""

import json
import urllib.request
from functools import cache
from typing import Any, Final
from uuid import UUID

import boto3
from encord import EncordUserClient
from encord.http.constants import RequestsSettings
from encord.project import Project

from sandbox import ministack
from tests.chaos.plan import Place
from tests.chaos.world import AGENT_STAGE

ONCE: Final = RequestsSettings(
    max_retries=0, connection_retries=2, connect_timeout=5, read_timeout=30, write_timeout=30
)
_DIRECT: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def client(place: Place, service: str) -> Any:
    """A boto3 client of the run's AWS."""
    return _client(place.environment["AWS_ENDPOINT_URL"], service)


@cache
def _client(endpoint: str, service: str) -> Any:
    session = boto3.Session("test", "test", region_name=ministack.REGION)
    return session.client(service, endpoint_url=endpoint)  # type: ignore[call-overload]


def depth(place: Place) -> int:
    """How many messages the queue holds: due, in somebody's hands, and not yet due."""
    names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
    told = client(place, "sqs").get_queue_attributes(QueueUrl=place.queue, AttributeNames=names)["Attributes"]
    return sum(int(told[name]) for name in names)


def ask(url: str, body: object = None) -> Any:
    """GET, or POST with a body, for JSON."""
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, content)  # noqa: S310 - loopback
    with _DIRECT.open(request, timeout=60) as answer:
        return json.loads(answer.read() or b"null")


def encord(place: Place) -> EncordUserClient:
    """Encord as a person has it, who sees all of its trouble."""
    return EncordUserClient.create_with_ssh_private_key(
        place.person, domain=place.encord, requests_settings=ONCE, user_agent_suffix="person"
    )


def project(place: Place, desk: str) -> Project:
    """A project as a person opens it."""
    return encord(place).get_project(str(place.projects[desk]))


def agent_stage(opened: Project, desk: str) -> UUID:
    """The id of a project's agent stage."""
    return opened.workflow.get_stage(name=AGENT_STAGE[desk]).uuid
