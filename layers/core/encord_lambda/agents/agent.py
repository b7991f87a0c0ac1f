"""The Agent protocol, what an agent is given, and what it answers (DESIGN §5.5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol
from uuid import UUID

from encord_lambda.labels.ontology import Ontology
from encord_lambda.labels.proposals import Owned, Proposal

if TYPE_CHECKING:
    from encord_lambda.agents.detector import Detector
    from encord_lambda.agents.sampling import Frames


@dataclass(frozen=True, slots=True)
class Facts:
    """What Encord lists of a data unit, without opening it."""

    dataset: UUID
    data_type: str
    """As Encord's SDK names them: `image`, `img_group`, `video`, …"""
    priority: float | None
    """Of its task, in [0, 1]; None once the task is done."""
    metadata: Mapping[str, object]
    """Its item's client metadata."""


@dataclass(frozen=True, slots=True)
class DataUnit:
    """A picture, a group of pictures or a video to be looked at."""

    title: str
    url: str
    """A signed URL of the picture on `frame`, or of the video; never logged. Empty for an agent that does not look."""
    ontology: Ontology
    facts: Facts
    frame: int = 0
    pictures: tuple[str, ...] = ()
    """Signed URLs of a group's pictures, by frame; empty for anything else."""
    is_video: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was decoded in full once, so it is known to be one."""

    content: bytes
    mime_type: str
    width: int = 2048
    """In pixels; without another number, the most that a picture for a model can have."""
    height: int = 2048


@dataclass(frozen=True, slots=True)
class Question:
    """What a language model is asked about pictures; it must answer in JSON that `schema` allows."""

    model: str
    prompt: str
    pictures: tuple[Picture, ...]
    schema: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Usage:
    """What models' answers took."""

    seconds: float = 0.0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float = 0.0
    """What it cost, where pipeline.yaml says what the model costs; 0 for an answer that was kept."""

    def __add__(self, other: "Usage") -> "Usage":
        """Of both together."""
        return Usage(
            self.seconds + other.seconds,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.usd + other.usd,
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """A language model's answer: JSON text that was not yet checked, and what it took."""

    text: str
    usage: Usage = Usage()


class LanguageModel(Protocol):
    """Asks a model."""

    def ask(self, question: Question) -> Reply:
        """The model's reply.

        Raises:
            Retry: The model is unreachable or busy.
            Reject: It refused, or was cut off.
        """


class Pictures(Protocol):
    """Fetches pictures."""

    def read(self, url: str) -> Picture:
        """The picture at a signed URL.

        Raises:
            Retry: It cannot be reached now.
            Reject: It is no picture, too large, or at an address that may not be read.
        """


@dataclass(frozen=True, slots=True)
class Tools:
    """What agents may use; a test hands in scripted ones. Safe to share between threads."""

    language_model: LanguageModel
    pictures: Pictures
    detector: "Detector | None" = None
    """Asks detectors; None where a function has no use for them."""
    frames: "Frames | None" = None
    """Of videos; None where videos cannot be decoded."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What an agent made of a data unit."""

    proposals: tuple[Proposal, ...]
    answer: str | None
    """The answer that chooses the pathway; None takes `otherwise`."""
    reason: str
    confidence: float | None
    usage: Usage = Usage()
    """What the models' answers took, all together."""


class Agent(Protocol):
    """Decides about one data unit. Holds no state between units."""

    looks: ClassVar[bool]
    """Whether it needs the media or the labels; one that does not is spared the requests for them."""

    @property
    def name(self) -> str:
        """Who the labels are by: part of their hashes, so it must not change between runs."""

    @property
    def owned(self) -> Owned:
        """Titles of what it answers and draws: what it wrote there before is replaced or removed."""

    def decide(self, unit: DataUnit, tools: Tools) -> Decision:
        """Labels and an answer for one unit.

        Raises:
            Trouble: As the tools do, and Reject for an answer that the ontology does not allow.
        """
