"""A read-only view of an Encord ontology: what may be asked, what may be answered, what may be drawn.

Titles are matched exactly. Where two of one level are titled alike nobody can say which is meant, so that is refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Self

from encord_lambda.errors import Misconfigured
from encord_lambda.labels import features
from encord_lambda.labels.shapes import Bitmask, Box, Point, Polygon, Polyline, RotatedBox

Kind = Literal["radio", "checklist", "text", "numeric"]
KINDS: Final = frozenset[str](("radio", "checklist", "text", "numeric"))
SHAPES: Final[Mapping[str, type]] = {
    "bounding_box": Box,
    "rotatable_bounding_box": RotatedBox,
    "polygon": Polygon,
    "polyline": Polyline,
    "point": Point,
    "bitmask": Bitmask,
}
"""Encord's shapes that agents can draw; others, such as skeletons, are known by name alone."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a radio or checklist, and what is asked once it is chosen (of a radio only)."""

    title: str
    attributes: tuple["Attribute", ...] = ()

    @property
    def asked(self) -> tuple["Attribute", ...]:
        """The nested attributes that can be answered."""
        return tuple(one for one in self.attributes if one.answerable)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One question. `options` are those of a radio or checklist."""

    title: str
    kind: str
    options: tuple[Option, ...] = ()
    required: bool = False
    dynamic: bool = False
    """Of an object: answered frame by frame."""

    @property
    def titles(self) -> tuple[str, ...]:
        """The options' titles."""
        return tuple(option.title for option in self.options)

    @property
    def answerable(self) -> bool:
        """Whether there is anything to answer; kinds that are new to us are left to people."""
        return self.kind in KINDS and (bool(self.options) or self.kind in ("text", "numeric"))


@dataclass(frozen=True, slots=True)
class Classification(Attribute):
    """A question about frames, or about all of a data unit at once."""

    whole: bool = False
    """A global classification: it has one answer for the whole data unit."""


@dataclass(frozen=True, slots=True)
class Object:
    """A kind of thing that is drawn on frames."""

    title: str
    shape: str
    """As Encord names it; see `SHAPES`."""
    attributes: tuple[Attribute, ...] = ()

    @property
    def asked(self) -> tuple[Attribute, ...]:
        """The attributes that can be answered, static and dynamic ones alike."""
        return tuple(one for one in self.attributes if one.answerable)


@dataclass(frozen=True, slots=True)
class Ontology:
    """The classifications and objects of an ontology, in its own order; what is archived is left out."""

    classifications: tuple[Classification, ...]
    objects: tuple[Object, ...] = ()

    @classmethod
    def parse(cls, structure: Mapping[str, object]) -> Self:
        """From the structure as Encord sends it (encord-protocol §5, `editor`)."""
        found = features.Structure.model_validate(structure)
        questions = (
            Classification(*_parts(one.attributes[0]), whole=one.level == "global")
            for one in found.classifications
            if not one.attributes[0].archived
        )
        objects = (Object(one.name, one.shape, _attributes(one.attributes)) for one in features.live(found.objects))
        return cls(tuple(questions), tuple(objects))

    def classification(self, title: str, *kinds: Kind) -> Classification:
        """The classification with exactly this title, of one of these kinds (of any, if none is given).

        Raises:
            Misconfigured: There is none, it is of another kind, has nothing to choose from, or titles are ambiguous.
        """
        found = _only("classification", title, self.classifications)
        if found.kind not in (kinds or KINDS):
            wanted = " or ".join(kinds or sorted(KINDS))
            raise Misconfigured(f"the classification '{title}' is of type {found.kind}; this agent needs {wanted}")
        if not found.answerable:
            raise Misconfigured(f"the classification '{title}' has no options to choose from")
        _refuse_ambiguity(f"the classification '{title}'", [found])
        return found

    def object(self, title: str) -> Object:
        """The object with exactly this title.

        Raises:
            Misconfigured: There is none, agents cannot draw its shape, or titles are ambiguous.
        """
        found = _only("object", title, self.objects)
        if found.shape not in SHAPES:
            can = ", ".join(SHAPES)
            raise Misconfigured(f"the object '{title}' is of shape {found.shape}; agents draw {can}")
        _refuse_ambiguity(f"the object '{title}'", found.attributes)
        return found


def _only[T: Classification | Object](what: str, title: str, all_of_them: Sequence[T]) -> T:
    found = [one for one in all_of_them if one.title == title]
    if not found:
        known = ", ".join(f"'{one.title}'" for one in all_of_them) or "none"
        raise Misconfigured(f"the ontology has no {what} titled '{title}'; it has: {known}")
    if len(found) > 1:
        which = _places([one.title for one in all_of_them], title)
        raise Misconfigured(f"the ontology has {len(found)} {what}s titled '{title}': rename all but one ({which})")
    return found[0]


def _refuse_ambiguity(place: str, attributes: Iterable[Attribute]) -> None:
    questions = list(attributes)
    _refuse_twins(place, "attributes", [one.title for one in questions])
    for question in questions:
        here = place if place.endswith(f"'{question.title}'") else f"{place}, attribute '{question.title}'"
        _refuse_twins(here, "options", question.titles)
        for option in question.options:
            _refuse_ambiguity(f"{here}, option '{option.title}'", option.attributes)


def _refuse_twins(place: str, what: str, titles: Sequence[str]) -> None:
    if twice := next((title for title in titles if titles.count(title) > 1), None):
        which = _places(titles, twice)
        raise Misconfigured(f"{place} has {titles.count(twice)} {what} titled '{twice}': rename all but one ({which})")


def _places(titles: Sequence[str], twice: str) -> str:
    *most, last = [str(place) for place, title in enumerate(titles, 1) if title == twice]
    return f"they stand at {', '.join(most)} and {last}"


def _attributes(found: Iterable[features.Attribute]) -> tuple[Attribute, ...]:
    return tuple(Attribute(*_parts(one), one.required, one.dynamic) for one in features.live(found))


def _parts(found: features.Attribute) -> tuple[str, str, tuple[Option, ...]]:
    # What is nested under a dynamic attribute is left out: the SDK cannot set it.
    options = (
        Option(one.label, () if found.dynamic else _attributes(one.options)) for one in features.live(found.options)
    )
    return found.name, found.type, tuple(options)
