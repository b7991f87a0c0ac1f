"""Frozen records of what happened to a unit of work. `observability` alone turns them into logs and metrics."""

from dataclasses import dataclass, field
from uuid import UUID

from encord_lambda.errors import Cause


@dataclass(frozen=True, slots=True)
class Submitted:
    """Encord accepted an upload job; nothing is registered yet."""

    job: UUID
    folder: UUID
    objects: int


@dataclass(frozen=True, slots=True)
class Registered:
    """An uploaded object is an item in its folder and linked to its datasets."""

    key: str
    item: UUID
    folder: UUID


@dataclass(frozen=True, slots=True)
class Receipted:
    """An upload job is settled and its receipt written: submitted = registered + existing + failed."""

    job: str
    """Its id in the table of registrations."""
    folder: UUID
    prefix: str
    """Of the registration in pipeline.yaml."""
    submitted: int
    registered: int
    existing: int
    failed: int
    receipt: str
    """Its key in the records bucket."""
    datasets: tuple[UUID, ...] = ()
    """Those its items are linked to now."""


@dataclass(frozen=True, slots=True)
class Removed:
    """An object is deleted from its bucket; what it was registered as stands unchanged, and the receipt says so."""

    key: str
    folder: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Unlinked:
    """An object is deleted from its bucket, and its item's data units are out of the datasets; the item stays."""

    key: str
    item: UUID
    folder: UUID
    data_units: int
    """How many were taken out just now: 0 if none was there, as when the event came twice."""


@dataclass(frozen=True, slots=True)
class Notified:
    """Encord told that tasks wait at an agent stage, and the sweep was told; nothing is queued yet."""

    project: UUID
    stage: UUID


@dataclass(frozen=True, slots=True)
class Queued:
    """Waiting tasks were claimed and their messages sent; up to a hundred at a time."""

    tasks: tuple[UUID, ...]
    project: UUID
    stage: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Tasks wait at a stage for its agent, as a sweep found them; those that wait for a person do not count."""

    project: UUID
    stage: str
    waiting: int
    """Fewer than there are, if the sweep had no room for more."""
    oldest_seconds: float
    """How long ago the one that has waited longest was changed last, as by coming to the stage."""


@dataclass(frozen=True, slots=True)
class Swept:
    """A sweep of all configured stages has come to its end; `Postponed` tells of those it could not look through."""

    stages: int


@dataclass(frozen=True, slots=True)
class TakenUp:
    """Tasks' turn has come, and their label rows are found; up to a hundred at a time.

    It says which upload a task is about: `items` are those that `Registered` names.
    """

    project: UUID
    stage: str
    tasks: tuple[UUID, ...]
    data_units: tuple[UUID, ...]
    """Of the tasks, in their order."""
    items: tuple[UUID | None, ...]
    """As above; None where Encord has no label row, or does not say."""


@dataclass(frozen=True, slots=True)
class Decided:
    """An agent made up its mind about a task. Nothing is written yet."""

    task: UUID
    stage: str
    answer: str | None
    """What chooses the pathway; None is "no option fits"."""
    confidence: float | None
    """The agent's lowest confidence in [0, 1], where it states one."""
    model_seconds: float
    input_tokens: int
    output_tokens: int
    usd: float
    """What the models' answers cost, where pipeline.yaml says what they cost; 0 for answers that were kept."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A task's labels are saved in Encord. It has not left its stage yet: `Routed` says when it does."""

    task: UUID
    stage: str
    added: int
    """Labels this run wrote for the first time."""
    replaced: int
    """Labels an earlier run of the same agent had written; what a person wrote is never counted or touched."""
    kept: int = 0
    """Proposals that were dropped because a person's label, or another agent's, stands in their place."""
    outside: int = 0
    """Placements of objects that were dropped because nothing of them is in the picture."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A call of an editor agent was answered: it is done, or was queued (`Finished` says when), refused or failed.

    What it wrote and took is told of one that is done alone.
    """

    status: int
    """Of the HTTP answer."""
    seconds: float
    agent: str | None
    """Its name in pipeline.yaml; None if the call got no further than the door."""
    project: UUID | None
    """As the call names it, which may be any; None if the call was refused before it was read."""
    data_unit: UUID | None
    frame: int | None
    """Counted from 0."""
    told: str | None
    """What the annotator reads, or why the call was refused; less addresses. Not told of an agent that there is not."""
    decision: str | None
    """The pathway that a workflow was told."""
    added: int
    """Labels this call wrote for the first time, and attributes that it answered."""
    replaced: int
    """Labels an earlier call of the same agent had written; what a person wrote is never counted or touched."""
    kept: int
    """Proposals that were dropped because a person's label, or another agent's, stands in their place."""
    model_seconds: float
    input_tokens: int
    output_tokens: int
    usd: float
    """What the models' answers cost, where pipeline.yaml says what they cost."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A call of an editor agent that was answered as queued is done by now."""

    agent: str
    """Its name in pipeline.yaml."""
    project: UUID
    data_unit: UUID
    frame: int
    """Counted from 0."""
    told: str | None
    """What the annotator would have read; less addresses."""
    added: int
    replaced: int
    kept: int
    model_seconds: float
    input_tokens: int
    output_tokens: int
    usd: float
    """These seven are as in `Answered`."""


@dataclass(frozen=True, slots=True)
class Routed:
    """A task left its stage along a pathway."""

    task: UUID
    stage: str
    pathway: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shadowed:
    """A decision about a task was written down and not carried out. The task is still at its stage, unchanged."""

    task: UUID
    stage: str
    pathway: str | None
    """What it would have taken; None if it would have been rejected."""
    reason: str


@dataclass(frozen=True, slots=True)
class Scored:
    """A benchmark's new submissions are kept, and its report was written anew."""

    benchmark: str
    new: int
    """Data units that were read in this run."""
    units: int
    """All that are scored."""
    raters: int
    missed: tuple[str, ...]
    """Raters who surely do not reach the benchmark's target."""
    report: str
    """Address of its page, `s3://bucket/key`."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """There was nothing to do for `subject` (an object key or a task)."""

    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """`subject` will never work; `reason` says why, in words a person can act on."""

    subject: str
    reason: str
    cause: Cause = "refused"


@dataclass(frozen=True, slots=True)
class Postponed:
    """`subject` stays on its queue and is tried again."""

    subject: str
    reason: str
    after: float = 0.0
    """Seconds that it is put off for, by its service's wish or by our back-off; 0 if neither says."""


Outcome = (
    Submitted
    | Registered
    | Receipted
    | Removed
    | Unlinked
    | Notified
    | Queued
    | Listed
    | Swept
    | TakenUp
    | Decided
    | Labelled
    | Answered
    | Finished
    | Routed
    | Shadowed
    | Scored
    | Skipped
    | Rejected
    | Postponed
)


@dataclass(slots=True)
class Result:
    """What a batch of messages came to: the outcomes to record, and the ids of the messages that stay."""

    outcomes: list[Outcome] = field(default_factory=list)
    keep: list[str] = field(default_factory=list)
