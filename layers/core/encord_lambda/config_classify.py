"""`kind: classify` and `kind: describe` of pipeline.yaml: which models are asked what (seeds 000, 001 and 002)."""

from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from encord_lambda.config_parts import Fraction, ModelName, Part, PromptFile, Title
from encord_lambda.config_prelabel import FrameSampling

_which = Discriminator(lambda value: "several" if isinstance(value, list) else "one")
Titles = Annotated[
    Annotated[Title, Tag("one")] | Annotated[list[Title], Field(min_length=1), Tag("several")],
    _which,
]
Models = Annotated[
    Annotated[ModelName, Tag("one")] | Annotated[list[ModelName], Field(min_length=1), Tag("several")],
    _which,
]


class Classify(Part):
    """Ask `model` one or several classifications about an image, an image group, a video, a PDF or a text.

    What is global in the ontology is asked once, with up to 32 of the looked-at frames or pictures together, evenly
    spread. Anything else is asked of each of them alone; where consecutive ones have the same answer, it is one label
    from the first to the last of them, with the confidence of the least sure. If the first classification is such a
    one, the answer that most of the frames have chooses the pathway, of equals the surer; a frame about which nothing
    could be learned is left out and counted. A PDF (up to 20 MB and 100 pages) or a text (UTF-8, up to 200 kB) is
    asked about as a whole (seeds 000 and 002).
    """

    kind: Literal["classify"]
    model: Models
    """Model that is asked. It must take pictures and structured outputs, and answer at once: of one that thinks first,
    the thoughts count towards the 1,000 tokens that a reply may have. With a list, the cheapest first, each next
    one is asked while the answer to the first classification is less sure than `unsure_below`."""
    classification: Titles
    """Title of a radio classification of the project's ontology, or a list that begins with one: its answer chooses
    the pathway. The others may be of any type."""
    unsure_below: Fraction | None = None
    """Answers to the first classification that the model is less sure of, from 0 to 1, take the pathway `unsure`. Of a
    video or a group the least sure frame decides."""
    confidence: Literal["stated", "log_probabilities"] = "stated"
    """Whether an answer is as sure as the model says, or as probable as the tokens were that it was written with: of a
    radio the option's, of a checklist and a number those of all of it, of a text their geometric mean. Not every model
    tells them."""
    answered: Literal["skip", "ask"] = "skip"
    """What happens where a person has answered all of it already: with `skip` no model is asked. Either way the
    person's answers stand, and the first of them chooses the pathway."""
    frames: FrameSampling = FrameSampling(spread=8)
    """Which frames of a video are looked at; by default eight, evenly spread."""
    prompt: PromptFile | None = None
    """Your own prompt in place of ours: a file of up to 20 kB under `prompts/`, beside pipeline.yaml. It says
    `$questions` where the questions shall stand; `$shown` becomes "the image", "these 8 frames of a video", …"""

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        for what, names in (("classification", self.titles), ("model", self.models)):
            if twice := next((name for name in names if names.count(name) > 1), None):
                raise ValueError(f"the {what} '{twice}' stands twice")
        if len(self.models) > 1 and self.unsure_below is None:
            raise ValueError("several models need `unsure_below`: below it the next one is asked")
        return self

    @property
    def titles(self) -> tuple[str, ...]:
        """All classifications, the one that chooses the pathway first."""
        return _all(self.classification)

    @property
    def models(self) -> tuple[str, ...]:
        """All models, in the order they are asked."""
        return _all(self.model)


class Describe(Part):
    """Have `model` write a text classification, 25 to 1,000 characters long.

    What it is asked about, and how often, is as with `classify`: what is global in the ontology once, anything else for
    each of the looked-at frames (seed 001).
    """

    kind: Literal["describe"]
    model: ModelName
    classification: Title
    frames: FrameSampling = FrameSampling(spread=8)
    """Which frames of a video are looked at at an agent stage; by default eight, evenly spread. In the Label Editor it
    is always the frame that is open there; but of a PDF always the whole."""
    prompt: PromptFile | None = None
    """Your own prompt in place of ours: a file of up to 20 kB under `prompts/`, beside pipeline.yaml. It says
    `$question` where the classification's title shall stand; `$shown` becomes "the image", "these 8 frames of a
    video", …"""


def _all(names: str | list[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)
