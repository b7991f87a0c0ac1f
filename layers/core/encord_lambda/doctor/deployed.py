"""What a deployed stack is made of, as far as it is looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

FUNCTIONS: Final = {
    "UploadsQueue": "RegisterUploadsFunction",
    "RegistrationsQueue": "TrackRegistrationsFunction",
    "TasksQueue": "RunTasksFunction",
    "CallsQueue": "FinishCallsFunction",
}
"""Each queue and the function that works on it, by their names in the template."""
SWEEP: Final = "SweepStagesFunction"
SCORE: Final = "ScoreBenchmarkFunction"


@dataclass(frozen=True, slots=True)
class QueueState:
    """A queue."""

    visibility: int
    """Seconds that a message is hidden once it was received."""
    waiting: int
    """Messages that can be received now, about."""
    has_dead_letters: bool
    """Whether what fails again and again goes somewhere."""


@dataclass(frozen=True, slots=True)
class Consumer:
    """Which messages of a queue its function is handed, and how."""

    timeout: int
    """Seconds that the function may take."""
    window: int
    """Seconds that messages are collected for."""
    state: str
    """`Enabled`, in AWS's words, where it works."""


@dataclass(frozen=True, slots=True)
class CorsRule:
    """One rule of a bucket's CORS configuration."""

    origins: Sequence[str]
    methods: Sequence[str]


@dataclass(frozen=True, slots=True)
class StoredSecret:
    """A secret that somebody stored."""

    text: str = field(repr=False)
    changed: datetime
    """When it was stored last."""


class Deployed(Protocol):
    """A deployed stack, read and never changed. Names are those of the template.

    Each method raises Unchecked where the person's credentials may not look, and Trouble for all else.
    """

    name: str

    def status(self) -> str:
        """CloudFormation's word for it, such as `UPDATE_COMPLETE`."""

    def parameter(self, key: str) -> str:
        """What it was deployed with; empty if it was not said."""

    def output(self, key: str) -> str:
        """The value of an output."""

    def failing_functions(self) -> Mapping[str, str]:
        """The functions that AWS could not set up, and why, in its words."""

    def queue(self, name: str) -> QueueState:
        """A queue as it stands."""

    def consumers(self, queue: str) -> Sequence[Consumer]:
        """Who is handed the messages of a queue."""

    def schedules(self, function: str) -> Mapping[str, bool]:
        """The schedules that invoke a function, and whether each is enabled."""

    def rule_is_enabled(self, name: str) -> bool:
        """Whether an EventBridge rule is."""

    def secret(self, name: str) -> StoredSecret:
        """A secret, by its name or ARN."""

    def pipeline(self) -> str:
        """The text of pipeline.yaml."""

    def prompt(self, file: str) -> bytes:
        """A prompt beside pipeline.yaml."""

    def region(self, bucket: str) -> str:
        """Where a bucket is, and whether it is there."""

    def sends_events(self, bucket: str) -> bool:
        """Whether a bucket tells EventBridge of its objects."""

    def cors(self, bucket: str) -> Sequence[CorsRule]:
        """Which web pages may read a bucket's objects."""
