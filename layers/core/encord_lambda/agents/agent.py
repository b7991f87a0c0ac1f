"""The Agent protocol, what an agent is given, and what it answers (DESIGN §5.5)."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol
from uuid import UUID

from encord_lambda.errors import Misconfigured
from encord_lambda.labels.ontology import Ontology
from encord_lambda.labels.proposals import Amendment, Label, Owned, Proposal
from encord_lambda.labels.shapes import Box
from encord_lambda.labels.tokens import Token

if TYPE_CHECKING:
    from encord_lambda.agents.custom import OwnAgents
    from encord_lambda.agents.detector import Detector
    from encord_lambda.agents.doubts import KeptDoubts
    from encord_lambda.agents.sampling import Frames
    from encord_lambda.agents.spending import Books


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
    data: UUID
    """Its own hash."""


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
    frames: int = 1
    """How many it has: pictures of a group, pages of a PDF."""
    alone: bool = False
    """Whether only `frame` is asked about, as in the Label Editor."""
    labels: Callable[[], tuple[Label, ...]] = field(default=tuple, compare=False)
    """Reads those that stand in its label row, whoever made them; takes its time where there are many."""
    selected: tuple[str, ...] = ()
    """Hashes of the objects that are selected in the Label Editor."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was decoded in full once, so it is known to be one."""

    content: bytes
    mime_type: str
    width: int = 2048
    """In pixels; without another number, the most that a picture for a model can have."""
    height: int = 2048


@dataclass(frozen=True, slots=True)
class Document:
    """A whole PDF, or a text in UTF-8 that is not empty."""

    content: bytes
    mime_type: Literal["application/pdf", "text/plain"]
    pages: int = 0
    """Of a PDF, as Encord counts them."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a language model is asked about media; it must answer in JSON that `schema` allows."""

    model: str
    prompt: str
    pictures: tuple[Picture, ...]
    schema: Mapping[str, object]
    documents: tuple[Document, ...] = ()
    log_probabilities: bool = False
    """Whether the reply must say how probable each of its tokens was."""
    reply_tokens: int = 1000
    """The longest reply that is asked for; a longer one is cut off."""
    accepts: Callable[["Reply"], object] = field(default=lambda _: None, compare=False, repr=False)
    """Raises trouble over a reply that cannot be used: it is not kept for a retry."""


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
    tokens: tuple[Token, ...] = ()
    """What the text was written with, where it was asked for; together they are the text in UTF-8."""


class LanguageModel(Protocol):
    """Asks a model."""

    def ask(self, question: Question) -> Reply:
        """The model's reply.

        Raises:
            Retry: The model is unreachable or busy.
            Misconfigured: There is no such model, or it does not tell log-probabilities.
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


class Documents(Protocol):
    """Fetches PDFs and texts."""

    def pdf(self, url: str, pages: int) -> Document:
        """The PDF at a signed URL, of so many pages.

        Raises:
            Retry: It cannot be reached now.
            Reject: It is no PDF, too large, has too many pages, or is at an address that may not be read.
        """
        ...

    def text(self, url: str) -> Document:
        """The text at a signed URL.

        Raises:
            Retry: It cannot be reached now.
            Reject: It is no UTF-8, empty, too large, or at an address that may not be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What agents may use; a test hands in scripted ones. Safe to share between threads."""

    language_model: LanguageModel
    pictures: Pictures
    detector: "Detector | None" = None
    """Asks detectors; None where a function has no use for them."""
    frames: "Frames | None" = None
    """Of videos; None where videos cannot be decoded."""
    time_left: Callable[[], float] = lambda: math.inf
    """Seconds an agent may still spend. At 0 or below it must not begin another paid call, but raise Retry."""
    documents: Documents | None = None
    """PDFs and texts; None where a function has no use for them."""
    prompts: Mapping[str, str | Misconfigured] = field(default_factory=dict)
    """Texts of the user's own prompts, by the names that pipeline.yaml gives them, or why one cannot be used."""
    crop: Callable[[Picture, Box], Picture] | None = None
    """Cuts out a part of a picture; None where a function has no use for it."""
    own_agents: "OwnAgents | None" = None
    """The functions of the layer `agents`; None where a function has no such layer."""
    books: "Books | None" = None
    """What its models may spend, for who hands the tools to agents; None where the models see to it themselves."""
    doubts: "KeptDoubts | None" = None
    """How well annotators are known to label; None where nobody is told."""


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
    message: str | None = None
    """What the annotator is told who called the agent from the Label Editor, where it cuts off after 256 characters; at
    a stage nobody reads it."""
    amendments: tuple[Amendment, ...] = ()
    """Answers for objects that others drew; in the Label Editor only."""


class Agent(Protocol):
    """Decides about one data unit. Holds no state between units."""

    @property
    def looks(self) -> bool:
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
