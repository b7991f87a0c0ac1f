"""From a request of API Gateway's to a `TaskReady` event: verify, read, see whether we serve it, tell once.

Harmless to replay: all that a notification can cause is one more sweep of a stage that is ours, and sweeps claim.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final, Protocol, TypedDict
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from encord_lambda.config import PipelineConfig
from encord_lambda.dispatch import notification
from encord_lambda.dispatch.known_secrets import KnownSecrets
from encord_lambda.dispatch.messages import first_fault
from encord_lambda.dispatch.notification import TaskReady, UnknownVersion, Unverified
from encord_lambda.errors import Misconfigured, Reject, Retry, Skip
from encord_lambda.outcomes import Notified, Outcome, Postponed, Rejected, Skipped

SUBJECT: Final = "notification"
QUIET: Final = timedelta(seconds=10)
"""How long a stage that the sweep was told of is not told of again."""


class TooLarge(Reject):
    """More than any notification has; not looked into."""


class Pipeline(Protocol):
    """Where pipeline.yaml is."""

    def current(self) -> PipelineConfig:
        """It as it stands now."""


class Sweeps(Protocol):
    """Who has stages swept."""

    def tell(self, ready: TaskReady) -> None:
        """Have this one swept.

        Raises:
            Retry: Nobody could be told.
        """


@dataclass
class Served:
    """Projects with a stage in pipeline.yaml, which is read only for one that is not known yet.

    One that was taken out since is still known: the sweep, which reads the file each time, skips it.
    """

    pipeline: Pipeline
    known: frozenset[UUID] = frozenset()

    def has(self, project: UUID) -> bool:
        """Whether an agent of ours works in the project."""
        if project not in self.known:
            self.known = frozenset(stage.project for stage in self.pipeline.current().stages)
        return project in self.known


@dataclass
class Desk:
    """What notifications are answered with; kept for the container's life."""

    secrets: KnownSecrets
    served: Served
    sweeps: Sweeps
    told: dict[TaskReady, datetime] = field(default_factory=dict)
    """When the sweep was told of each stage, within the last ten seconds."""


class Reply(TypedDict):
    """What API Gateway sends."""

    statusCode: int
    headers: dict[str, str]
    body: str


class _Request(BaseModel):
    """An HTTP API's event, as far as we read it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    headers: dict[str, str] | None = None
    body: str | None = None
    isBase64Encoded: bool = False  # noqa: N815 - AWS's spelling

    @property
    def sent(self) -> bytes:
        """The body as it was sent."""
        if len(text := self.body or "") > 2 * notification.LARGEST:
            raise TooLarge(f"a body of more than {notification.LARGEST} bytes")
        try:
            sent = base64.b64decode(text, validate=True) if self.isBase64Encoded else text.encode(errors="replace")
        except ValueError:
            raise Unverified("the body is not the base64 it is said to be") from None
        if len(sent) > notification.LARGEST:
            raise TooLarge(f"a body of {len(sent)} bytes; {notification.LARGEST} are allowed")
        return sent


def answer(event: object, open_desk: Callable[[], Desk | None], now: datetime) -> tuple[Reply, list[Outcome]]:
    """The answer to a request, and what came of it. Without a desk nobody is heard: 404.

    200 is said to all that is Encord's and understood, acted upon or not; any other status has Encord tell again.
    """
    try:
        if (desk := open_desk()) is None:
            return _reply(HTTPStatus.NOT_FOUND, "not found"), []
        return _reply(HTTPStatus.OK), [_heard(event, desk, now)]
    except Skip as nothing:
        return _reply(HTTPStatus.OK), [Skipped(SUBJECT, nothing.reason)]
    except Reject as refusal:
        return _refused(refusal), [Rejected(SUBJECT, refusal.reason, refusal.cause)]
    except Retry as trouble:
        wrong_setup = isinstance(trouble, Misconfigured)
        status = HTTPStatus.INTERNAL_SERVER_ERROR if wrong_setup else HTTPStatus.SERVICE_UNAVAILABLE
        return _reply(status, "please try again later"), [Postponed(SUBJECT, trouble.reason, trouble.after)]


def _heard(event: object, desk: Desk, now: datetime) -> Outcome:
    try:
        request = _Request.model_validate(event)
    except ValidationError as error:
        raise Unverified(f"the event is no request of an HTTP API: {first_fault(error)}") from None
    body = request.sent
    desk.secrets.verify(request.headers or {}, body, now)
    return _tell(notification.read(body), desk, now)


def _tell(ready: TaskReady, desk: Desk, now: datetime) -> Outcome:
    if not desk.served.has(ready.project):
        raise Skip(f"pipeline.yaml has no stage of project {ready.project}")
    desk.told = {stage: at for stage, at in desk.told.items() if now - at < QUIET}
    if ready in desk.told:
        raise Skip(f"stage {ready.stage} is being swept already: told less than {QUIET.seconds} s ago")
    desk.sweeps.tell(ready)
    desk.told[ready] = now
    return Notified(ready.project, ready.stage)


def _refused(refusal: Reject) -> Reply:
    match refusal:
        case Unverified():
            return _reply(HTTPStatus.UNAUTHORIZED, "not verified")
        case TooLarge():
            return _reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too large")
        case UnknownVersion():
            return _reply(HTTPStatus.NOT_IMPLEMENTED, refusal.reason)
        case _:
            return _reply(HTTPStatus.BAD_REQUEST, refusal.reason)


def _reply(status: HTTPStatus, message: str = "") -> Reply:
    body = json.dumps({"message": message}) if message else ""
    return {"statusCode": int(status), "headers": {"content-type": "application/json"} if body else {}, "body": body}
