"""What travels on the queues (DESIGN §5.4), and SQS's own envelope around it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Literal, TypedDict
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, ValidationError

from encord_lambda.errors import Malformed, Reject


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("is beyond the calendar") from None


type Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A time that can be kept and compared: on the first and last day of the calendar, some have no UTC."""


class Message(BaseModel):
    """A body of ours: frozen, versioned, and with no key we did not put there."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    version: Literal[1]


class TaskMessage(Message):
    """One task that waits at an agent stage; about 400 bytes of JSON."""

    project: UUID
    stage: UUID
    task: UUID
    data: UUID
    title: str
    branch: str
    updated_at: Moment
    """The task's own `updated_at` when it was swept: a task that comes back to its stage has a newer one."""
    swept_at: Moment


class SqsAttributes(BaseModel):
    """What SQS adds to a message."""

    ApproximateReceiveCount: int = 1
    """How often it was handed out, this time included."""


class SqsRecord(BaseModel):
    """The parts of an SQS record that we read."""

    messageId: str  # noqa: N815 - AWS's spelling
    receiptHandle: str  # noqa: N815
    body: str
    attributes: SqsAttributes = SqsAttributes()


class SqsEvent(BaseModel):
    """A batch as Lambda hands it over."""

    Records: list[SqsRecord]


class _Failure(TypedDict):
    itemIdentifier: str


class SqsReply(TypedDict):
    """Which messages of the batch stay on the queue."""

    batchItemFailures: list[_Failure]


def records(event: object) -> list[SqsRecord]:
    """The records of an SQS batch.

    Raises:
        Reject: The event is no SQS batch, which only a hand-made invocation can cause.
    """
    try:
        return SqsEvent.model_validate(event).Records
    except ValidationError as error:
        raise Reject(f"the event is no SQS batch: {first_fault(error)}") from None


def parse[M: Message](model: type[M], body: str) -> M:
    """A message's body.

    Raises:
        Malformed: It is not JSON, has another version, or a key is missing, unknown or malformed; names the key.
    """
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise Malformed(f"malformed {model.__name__}: {first_fault(error)}") from None


def reply(keep: Iterable[str]) -> SqsReply:
    """Tell SQS to keep these message ids and to delete the others of the batch."""
    return {"batchItemFailures": [{"itemIdentifier": message} for message in keep]}


def first_fault(error: ValidationError) -> str:
    """The first fault of a validation, as `key.path: what is wrong`."""
    fault = error.errors()[0]
    place = ".".join(map(str, fault["loc"]))
    return f"{place}: {fault['msg']}" if place else fault["msg"]
