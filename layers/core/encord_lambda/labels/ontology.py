"""A read-only view of an Encord ontology: what may be asked, and what may be answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import BaseModel, Field

from encord_lambda.errors import Misconfigured

Kind = Literal["radio", "checklist", "text", "numeric"]


class _Option(BaseModel):
    label: str


class _Attribute(BaseModel):
    name: str
    type: str
    options: list[_Option] = []


class _Classification(BaseModel):
    attributes: list[_Attribute] = Field(min_length=1)


class _Structure(BaseModel):
    classifications: list[_Classification]


@dataclass(frozen=True, slots=True)
class Classification:
    """One question of the ontology; `options` are the titles of a radio's or checklist's options."""

    title: str
    kind: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ontology:
    """The classifications of an ontology, in its own order."""

    classifications: tuple[Classification, ...]

    @classmethod
    def parse(cls, structure: Mapping[str, object]) -> Self:
        """From the structure as Encord sends it (encord-protocol §5, `editor`)."""
        parsed = _Structure.model_validate(structure)
        firsts = (one.attributes[0] for one in parsed.classifications)
        return cls(tuple(Classification(a.name, a.type, tuple(o.label for o in a.options)) for a in firsts))

    def classification(self, title: str, kind: Kind) -> Classification:
        """The classification with exactly this title and kind.

        Raises:
            Misconfigured: There is none, there are several, or it is of another kind; says what there is.
        """
        found = [one for one in self.classifications if one.title == title]
        if not found:
            known = ", ".join(f"'{one.title}'" for one in self.classifications) or "none"
            raise Misconfigured(f"the ontology has no classification titled '{title}'; it has: {known}")
        if len(found) > 1:
            raise Misconfigured(f"the ontology has {len(found)} classifications titled '{title}': rename all but one")
        if found[0].kind != kind:
            raise Misconfigured(f"the classification '{title}' is of type {found[0].kind}; this agent needs {kind}")
        return found[0]
