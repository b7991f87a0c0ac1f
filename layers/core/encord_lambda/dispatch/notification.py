"""Encord's signed word that tasks wait at an agent stage: whether it is Encord's, and what it says.

The signature is a lower-case hex HMAC-SHA256, with the stage's secret, over the timestamp's text, a dot, and the
body's bytes as they came. Whose project it is and whether we serve it is another question: this one is only who speaks.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Self
from uuid import UUID

from pydantic import AliasPath, BaseModel, ConfigDict, Field, ValidationError

from encord_lambda.dispatch.messages import first_fault
from encord_lambda.errors import Malformed, Misconfigured, Reject, Skip

SIGNATURE: Final = "X-Encord-Signature"
TIMESTAMP: Final = "X-Encord-Timestamp"
TOLERANCE_SECONDS: Final = 300
"""How far the signed timestamp may be from now, in the past or in the future."""
LARGEST: Final = 64 * 1024
"""Bytes of a body; a notification has about 400."""
EVENT: Final = "agent_stage_work_available_event"
VERSION: Final = 1
"""Encord counts it up for breaking changes only: new keys and new reasons come without."""


class Unverified(Reject):
    """Nobody has shown that Encord sent this. The sender is told no more than that; `reason` is for our log."""


class WrongSignature(Unverified):
    """All is in place but the signature is another: a forgery, or Encord signs with another secret than we know."""


class UnknownVersion(Reject):
    """Encord says what we want to hear in a newer form than we can read."""


class TaskReady(BaseModel):
    """Tasks wait at this agent stage: also the `detail` of the event that has the stage swept."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    project: UUID
    stage: UUID


class _Envelope(BaseModel):
    """What is common to all that Encord sends, of whatever event and version."""

    event_type: str
    version: object = None


class _WorkAvailable(BaseModel):
    """What we read of the event. `pending_count` is a hint, `reason` anything, and `uid` new at each reminder."""

    project: UUID = Field(validation_alias=AliasPath("payload", "project_hash"))
    stage: UUID = Field(validation_alias=AliasPath("payload", "stage_uuid"))


class _Event(BaseModel):
    """An event of EventBridge's that we put there ourselves."""

    kind: Literal["TaskReady"] = Field(validation_alias="detail-type")
    detail: TaskReady


@dataclass(frozen=True, slots=True)
class Signature:
    """What a request says about itself; worth nothing before it is checked."""

    timestamp: str
    digest: str

    @classmethod
    def of(cls, headers: Mapping[str, str], now: float) -> Self:
        """That of a request sent within five minutes of `now` (Unix seconds). Names of headers have no case.

        Raises:
            Unverified: A header is missing or malformed, or the timestamp too old or too far ahead.
        """
        named = {name.lower(): value for name, value in headers.items()}
        timestamp, digest = named.get(TIMESTAMP.lower()), named.get(SIGNATURE.lower())
        if not digest and (newer := sorted(name for name in named if name.startswith(f"{SIGNATURE.lower()}-"))):
            raise Unverified(f"signed as {newer[0][:60]} only, which we are too old to read: update encord-lambda")
        if not digest or not timestamp:
            raise Unverified(f"without {TIMESTAMP if digest else SIGNATURE}: not from Encord, or lost on the way")
        if not re.fullmatch("[0-9]{1,12}", timestamp):
            raise Unverified(f"{TIMESTAMP} is not in whole Unix seconds")
        if abs(age := now - int(timestamp)) > TOLERANCE_SECONDS:
            raise Unverified(f"signed {age:.0f} s ago; {TOLERANCE_SECONDS} s either way are allowed")
        return cls(timestamp, digest)

    def check(self, body: bytes, secrets: Sequence[str]) -> None:
        """Return if it is the signature of this body with one of the secrets: each stage in Encord has its own.

        Raises:
            Misconfigured: There is no secret to check it with.
            WrongSignature: It is another's: of another secret, body or timestamp.
        """
        if not secrets:
            raise Misconfigured("there is no secret to check notifications with: store those that Encord shows")
        signed = f"{self.timestamp}.".encode() + body
        digests = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest().encode() for secret in secrets]
        if not any(hmac.compare_digest(digest, self.digest.encode(errors="replace")) for digest in digests):
            raise WrongSignature("the signature is not that of this body with a secret of ours")


def read(body: bytes) -> TaskReady:
    """What a verified body says.

    Raises:
        Skip: It is another event of Encord's, which is none of ours; whatever its version.
        UnknownVersion: It is our event in a version we cannot read.
        Malformed: It is malformed; names the key.
    """
    try:
        envelope = _Envelope.model_validate_json(body)
        if envelope.event_type != EVENT:
            raise Skip(f"the event {envelope.event_type[:100]!r} is none that we act upon")
        if envelope.version != VERSION:
            known = f"{EVENT} of version {str(envelope.version)[:20]}; we read version {VERSION}"
            raise UnknownVersion(f"{known}: update encord-lambda")
        said = _WorkAvailable.model_validate_json(body)
    except ValidationError as error:
        raise Malformed(f"malformed notification: {first_fault(error)}") from None
    return TaskReady(project=said.project, stage=said.stage)


def told(event: object) -> TaskReady | None:
    """Which stage a sweep was started for; None if it was for all, by the schedule's tick or by hand.

    Raises:
        Malformed: It is a `TaskReady` event that names no stage.
    """
    if not isinstance(event, Mapping) or event.get("detail-type") != "TaskReady":
        return None
    try:
        return _Event.model_validate(event).detail
    except ValidationError as error:
        raise Malformed(f"malformed TaskReady event: {first_fault(error)}") from None
