"""What a function of the user's own is given about a data unit, and may ask for."""

import io
import json
from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

from PIL import Image
from pydantic import BaseModel, ValidationError

from encord_lambda.agents import showing
from encord_lambda.agents.agent import DataUnit, Picture, Question, Reply, Tools
from encord_lambda.config_custom import Custom, Scalar
from encord_lambda.config_prelabel import FrameSampling
from encord_lambda.errors import Misconfigured, Reject
from encord_lambda.labels.ontology import Ontology
from encord_lambda.labels.proposals import Label


@dataclass(frozen=True, slots=True)
class Given:
    """A data unit to decide about. The media are fetched when they are asked for, and only then."""

    title: str
    data_type: str
    """As Encord's SDK names them: `image`, `img_group`, `video`, …"""
    dataset: UUID
    priority: float | None
    """Of its task, in [0, 1]."""
    metadata: Mapping[str, object]
    """Its item's client metadata."""
    ontology: Ontology
    """What may be answered and drawn in its project."""
    options: Mapping[str, Scalar]
    """Those of pipeline.yaml."""
    frame: int | None
    """The frame that is open in the Label Editor, from where the function was called; None at an agent stage."""
    selected: tuple[str, ...]
    """Hashes of the objects that are selected in the Label Editor, as `labels` tells them."""
    # Hidden from `repr`: they hold signed URLs, which must not end in a log.
    _unit: DataUnit = field(repr=False)
    _tools: Tools = field(repr=False)

    @classmethod
    def about(cls, unit: DataUnit, configured: Custom, tools: Tools) -> Self:
        """What a function is given about a data unit."""
        facts = unit.facts
        known = (unit.title, facts.data_type, facts.dataset, facts.priority, facts.metadata)
        frame = unit.frame if unit.alone else None
        return cls(*known, unit.ontology, configured.options, frame, unit.selected, unit, tools)

    def options_as[T: BaseModel](self, model: type[T]) -> T:
        """The options of pipeline.yaml as a pydantic model of yours, with its defaults.

        Raises:
            Misconfigured: They do not fit it: tasks wait until pipeline.yaml is mended.
        """
        try:
            return model.model_validate(dict(self.options))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(["options", *map(str, first["loc"])])
            raise Misconfigured(f"pipeline.yaml: {place}: {first['msg']}") from None

    def labels(self) -> tuple[Label, ...]:
        """Those that stand in its label row, whoever made them; `author` says whether a person did."""
        return self._unit.labels()

    def picture(self) -> Picture:
        """The picture as a file, to hand to `ask`; of a group the first one, of a video the frame in the middle.

        In the Label Editor it is the frame that is open there.

        Raises:
            Retry: It cannot be reached now.
            Reject: It is no picture or video, or not one can be read.
        """
        with closing(self.frames(spread=1)) as frames:
            return next(frames)[1]

    def image(self) -> Image.Image:
        """The same, decoded, in RGB. At most 2,048 pixels wide and high: larger ones were scaled down.

        Raises:
            Retry, Reject: As `picture`.
        """
        return decoded(self.picture())

    def frames(
        self, *, every: int | None = None, seconds: float | None = None, spread: int | None = None
    ) -> Generator[tuple[int, Picture]]:
        """Frames of a video with their numbers: every so many, every so many seconds, or so many evenly spread.

        Of a group all pictures, of a picture itself; in the Label Editor only the frame that is open there. One is in
        memory at a time; damaged ones are left out. Who does not take all of them holds the video's place on the disk
        until the generator is closed.

        Raises:
            ValueError: Not exactly one of the three is said.
            Retry, Reject: As `picture`.
        """
        sampling = FrameSampling(every=every, seconds=seconds, spread=spread)
        intact = False
        with closing(showing.frames(self._unit, sampling, self._tools)) as frames:
            for frame in frames:
                if frame.picture is not None:
                    intact = True
                    yield frame.number, frame.picture
        if not intact:
            raise Reject(f"nothing of '{self.title}' can be read")

    def ask(self, model: str, prompt: str, schema: Mapping[str, object], *pictures: Picture) -> dict[str, Any]:
        """A language model's answer, as the JSON schema of an object allows it; within the model's budget.

        `model` is named as in pipeline.yaml: `openai:gpt-4o`. What the answer took is accounted for.

        Raises:
            Retry: The model is busy, or its budget is spent.
            Reject: It refused, or answered something that is no JSON object.
            Misconfigured: There is no such model.
        """
        if not model.startswith("openai:"):  # any other spelling would pass by its budget
            raise Misconfigured(f"there is no model '{model}'; is `openai:{model}` meant?")
        question = Question(model, prompt, pictures, schema, accepts=lambda reply: _object(model, reply))
        return _object(model, self._tools.language_model.ask(question))


def _object(model: str, reply: Reply) -> dict[str, Any]:
    try:
        answer = json.loads(reply.text)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise Reject(f"{model} answered no JSON object: {reply.text[:80]!r}")
    return answer


def decoded(picture: Picture) -> Image.Image:
    """A picture's pixels, in RGB."""
    with Image.open(io.BytesIO(picture.content)) as image:
        return image.convert("RGB")
