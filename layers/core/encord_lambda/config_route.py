"""`kind: route` of pipeline.yaml: a pathway by what is known of a data unit, without a model (seed 003)."""

from typing import Literal, Self
from uuid import UUID

from pydantic import model_validator

from encord_lambda.config_benchmark import BenchmarkName
from encord_lambda.config_parts import Fraction, Part, Title

DataType = Literal["image", "img_group", "video", "dicom", "nifti", "audio", "plain_text", "pdf"]
"""As Encord's SDK names them."""


class Sample(Part):
    """A share of the tasks, always the same ones, for a benchmark to tell how well people label.

    With `least` and `most`, each report of the benchmark has the share adapt, per annotator and class: fewer tasks of
    those who surely reach its target, more of those who surely do not, or of whom too little is known. A stage before
    any labels takes the share for all annotators together.
    """

    benchmark: BenchmarkName
    """Name of one of `benchmarks`, whose production project is the stage's."""
    share: Fraction
    """The share of all that the rule's other conditions fit; until there is a report with a `target`, and halfway
    between surely reached and surely missed."""
    least: Fraction | None = None
    """The share of those who surely reach the target; without it, `share`."""
    most: Fraction | None = None
    """The share of those who surely miss it, and of those unknown; without it, `share`."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        least, most = self.bounds
        if not least <= self.share <= most:
            raise ValueError("`share` must be between `least` and `most`")
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the greatest share."""
        return (self.share if self.least is None else self.least), (self.share if self.most is None else self.most)


class Rule(Part):
    """What a data unit must be for the pathway `take`: all that is said here must hold."""

    dataset: UUID | None = None
    """Dataset that the data unit is in."""
    metadata: dict[Title, str | int | float | bool] = {}
    """Client metadata that its item has, each key with exactly this value."""
    title: Title | None = None
    """Pattern of its title, where `*` is any text and `?` any one character; case matters."""
    type: DataType | None = None
    """What kind of media it is."""
    priority_above: Fraction | None = None
    """Its task's priority is greater than this."""
    sample: Sample | None = None
    """It is among the share that is drawn for a benchmark."""
    take: Title
    """Name of the pathway."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.model_fields_set == {"take"}:
            raise ValueError("a rule needs a condition; what no rule fits takes `otherwise`")
        return self


class Route(Part):
    """Send tasks along a pathway by the first rule that fits, without looking at the media (seed 003)."""

    kind: Literal["route"]
    rules: list[Rule]
    otherwise: Title
    """Name of the pathway of all others."""
