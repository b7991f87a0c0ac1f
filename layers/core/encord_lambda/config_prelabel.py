"""`kind: prelabel` of pipeline.yaml: which detectors look, and how far their boxes are trusted (seeds 002 and 004)."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from encord_lambda.config_faults import PlacedError, spelt
from encord_lambda.config_parts import Fraction, ModelName, Part, PromptFile, Title

Url = Annotated[
    str, spelt(r"https?://[^\s/?#@]+(/[^\s?#]*)?", "an address such as https://host/path, without `@`, `?` and `#`")
]
EndpointName = Annotated[
    str, spelt(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", "the name of an endpoint: up to 63 letters, digits and hyphens")
]
DEFAULT = "default"
MOST_FRAMES: Final = 500
"""Of one video, unless `most` says otherwise: what one visit of a function can look at, and one task should cost."""


def _for_all(value: object) -> object:
    """One number is the same limit for every object."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return {DEFAULT: value}
    if not isinstance(value, Mapping):
        raise ValueError("must be a number, or a mapping with one per object and a `default`")
    return value


PerObject = Annotated[dict[Title, Fraction], BeforeValidator(_for_all)]


class HttpDetector(Part):
    """A server of yours that speaks the protocol of docs/detectors.md."""

    kind: Literal["http"]
    url: Url


class SageMakerDetector(Part):
    """A SageMaker endpoint whose container speaks the protocol of docs/detectors.md."""

    kind: Literal["sagemaker"]
    endpoint: EndpointName
    """Name of a real-time endpoint in the stack's account and region."""


class OpenInferenceDetector(Part):
    """A model behind the Open Inference Protocol, version 2: KServe, Triton, MLServer, OpenVINO."""

    kind: Literal["open_inference"]
    url: Url
    """Base of the server, without `/v2`."""
    model: Title
    input: Title = "image"
    """Name of the input tensor; it gets the picture's file as one base64 text."""
    boxes: Title = "boxes"
    """Name of the output tensor with the boxes, four numbers each."""
    scores: Title = "scores"
    """Name of the output tensor with the confidences."""
    labels: Title = "labels"
    """Name of the output tensor with the labels, as text or as numbers; `classes` names a number in quotes."""
    corners: Literal["xyxy", "xywh"] = "xyxy"
    """Whether a box is two corners, or the upper left corner and the extent."""
    unit: Literal["pixels", "fractions"] = "pixels"
    """What boxes are measured in."""


class VisionDetector(Part):
    """A language model that is asked to draw objects, and for their attributes, as the ontology has them.

    It is asked for the titles of the objects that `classes` leads to, whatever the labels are. It cannot draw bitmasks.
    """

    kind: Literal["vision"]
    model: ModelName
    prompt: PromptFile | None = None
    """Your own prompt in place of ours: a file of up to 20 kB under `prompts/`, beside pipeline.yaml. It says
    `$objects` and `$drawings` where the objects and how they are drawn shall stand; `$most` becomes 20, the most of
    them that are asked for."""


RemoteDetector = HttpDetector | SageMakerDetector | OpenInferenceDetector
Detector = Annotated[RemoteDetector | VisionDetector, Field(discriminator="kind")]


class Agree(Part):
    """A second detector that must see the same object in the same place, or the box goes to review."""

    detector: Detector
    iou: Fraction = 0.5
    """Least overlap (intersection over union) of the two boxes."""


class FrameSampling(Part):
    """Which frames of a video are looked at: exactly one of `every`, `seconds` and `spread`.

    Frames are counted from 0 as Encord does, whatever the frame rate. `key_frames_first` then puts in place of each of
    these frames the key frame that is shown nearest to it, the earlier one of two; a key frame is looked at once,
    however many frames it stands for. So it looks at no more frames than without, at fewer where key frames are rare,
    and how far they lie apart is up to the video's encoder. It is faster, since only key frames are decoded.
    """

    every: int | None = Field(default=None, ge=1)
    """Every so many frames, from the first on."""
    seconds: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    """Every so many seconds of the video: the first frame at or after each such moment, none twice."""
    spread: int | None = Field(default=None, ge=1)
    """So many frames: of as many equal parts of the video the middle ones. All, if it has no more."""
    key_frames_first: bool = False
    """Take the key frame nearest to each of these frames instead: faster, but not evenly spread."""
    most: int = Field(default=MOST_FRAMES, ge=1)
    """How many frames of a video may be looked at. One of which it would be more is rejected."""

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        if sum(way is not None for way in (self.every, self.seconds, self.spread)) != 1:
            raise ValueError("say one of `every` (frames), `seconds` and `spread`")
        if self.spread is not None and self.spread > self.most:
            raise ValueError(f"spread is above `most`, which is {self.most}")
        return self


class Link(Part):
    """Boxes of consecutive sampled frames that overlap become one object instance."""

    iou: Fraction = 0.3
    """Least overlap (intersection over union) of a box with the object's last one."""
    gap: int = Field(default=1, ge=0)
    """How many sampled frames an object may be out of sight and still be the same one."""
    interpolate: bool = False
    """Whether frames between two boxes of an object get a box too, moved in a straight line, as sure as the less sure
    of the two. Not if a frame between them was looked at and the object was not seen there, nor for an object that
    spans more than 5,000 frames."""


class Prelabel(Part):
    """Ask a detector for objects in pictures and videos, and sort them by confidence (seeds 002 and 004).

    Above `accept` a box is accepted; at or below it, but above `review`, it is kept and the task goes to review; the
    rest is dropped. The answers are `accepted`, `review` and `nothing`: the worst box that was kept decides.
    """

    answers: ClassVar[frozenset[str]] = frozenset({"accepted", "review", "nothing"})
    """All that the agent can answer; each needs a pathway."""

    kind: Literal["prelabel"]
    detector: Detector
    escalate: list[Detector] = []
    """Detectors to ask in turn about a picture, the cheapest first, while the last one's answer leaves doubts: a box
    is for review, or none is kept at all. The last one asked is believed."""
    agree: Agree | None = None
    """A second detector, without which nothing is accepted."""
    classes: dict[Title, Title] = Field(min_length=1)
    """The detector's label → title of an object of the project's ontology. Other labels are dropped."""
    accept: PerObject
    """Confidence above which a box is accepted: a number, or one per object and a `default`."""
    review: PerObject
    """Confidence above which a box is kept at all: a number, or one per object and a `default`."""
    overlap: Fraction = 0.5
    """Of two boxes of one object that overlap more than this (intersection over union), the surer one stays."""
    smallest: Fraction = 0.0
    """Least width and height of a box, as a fraction of the picture's."""
    frames: FrameSampling = FrameSampling(seconds=1)
    """Which frames of a video are looked at; by default one a second."""
    link: Link | None = None
    """Leave it out and each box is an object instance of its own."""

    @model_validator(mode="after")
    def _limits_make_sense(self) -> Self:
        if fault := next(self._faults(), None):
            raise fault
        return self

    @property
    def detectors(self) -> tuple[Detector, ...]:
        """All that may be asked."""
        return (self.detector, *self.escalate, *([self.agree.detector] if self.agree else []))

    def _faults(self) -> Iterator[PlacedError]:
        objects = set(self.classes.values())
        for name, limits in (("accept", self.accept), ("review", self.review)):
            if DEFAULT not in limits and objects - limits.keys():
                yield PlacedError(f"{name} needs a `default`, or a limit for '{min(objects - limits.keys())}'", name)
            for unknown in sorted(limits.keys() - objects - {DEFAULT}):
                yield PlacedError(
                    f"{name} has a limit for '{unknown}', but `classes` leads to no such object", name, unknown
                )
        for title in sorted(objects):
            if limit(self.accept, title) < limit(self.review, title):
                yield PlacedError(f"accept is below review for '{title}': nothing could go to review", "accept", title)
        if self.agree and self.escalate:
            yield PlacedError("say either `escalate` or `agree`", "agree")


def limit(limits: Mapping[str, float], title: str) -> float:
    """The limit for an object: its own, else the default."""
    return limits[title] if title in limits else limits[DEFAULT]
