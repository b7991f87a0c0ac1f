"""An ontology's structure as Encord sends it, as far as we read it (encord-protocol §5, `editor`)."""

from collections.abc import Iterable

from pydantic import BaseModel, Field


class Feature(BaseModel):
    """Anything in an ontology that can be archived; keys we do not read are Encord's to add."""

    archived: bool = False


class Option(Feature):
    """An option; `options` holds its nested attributes."""

    label: str
    options: list["Attribute"] = []


class Attribute(Feature):
    """An attribute of a classification, an object or an option."""

    name: str
    type: str
    required: bool = False
    dynamic: bool = False
    options: list[Option] = []


class Classification(BaseModel):
    """A classification: its first attribute is the question."""

    attributes: list[Attribute] = Field(min_length=1)
    level: str | None = None


class Object(Feature):
    """An object class."""

    name: str
    shape: str
    attributes: list[Attribute] = []


class Structure(BaseModel):
    """The whole structure."""

    objects: list[Object] = []
    classifications: list[Classification] = []


def live[T: Feature](features: Iterable[T]) -> list[T]:
    """Those that are not archived."""
    return [one for one in features if not one.archived]
