"""`kind: route` of pipeline.yaml: a pathway by what is known of a data unit, without a model (seed 003)."""

from typing import Literal, Self
from uuid import UUID

from pydantic import model_validator

from encord_lambda.config_parts import Fraction, Part, Title

DataType = Literal["image", "img_group", "video", "dicom", "nifti", "audio", "plain_text", "pdf"]
"""As Encord's SDK names them."""


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
