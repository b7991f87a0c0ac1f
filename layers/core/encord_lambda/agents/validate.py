"""Check labels by rules: what must be answered, how large objects may be, how far they may overlap."""

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import ClassVar, Final

from encord_lambda.agents.agent import DataUnit, Decision, Tools
from encord_lambda.agents.boxes import bounds, iou, large_enough
from encord_lambda.agents.places import Places
from encord_lambda.config_editor import FAULTLESS, FAULTY, EditorValidate, limit_for
from encord_lambda.labels.ontology import Attribute, Object
from encord_lambda.labels.proposals import Answer, Answers, Choice, Label, Owned, Placement, Thing
from encord_lambda.labels.shapes import Box

SHOWN: Final = 220
"""Characters of a message for the faults themselves: Encord cuts it off at 256, and how many more there are is told."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a label."""

    what: str
    frame: int | None = None
    """None is all of them."""


@dataclass(frozen=True, slots=True)
class ValidateAgent:
    """Looks at labels, and never at the media."""

    config: EditorValidate
    looks: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """Who it is; it writes nothing."""
        return "validate"

    @property
    def owned(self) -> Owned:
        """Nothing."""
        return Owned()

    def decide(self, unit: DataUnit, _tools: Tools) -> Decision:
        """`faultless` or `faulty`; the message tells of the first few faults.

        Raises:
            Misconfigured: The ontology lacks a classification that must be answered.
        """
        found = list(dict.fromkeys(self.faults(unit)))
        message = told(found, several=unit.frames > 1)
        return Decision((), FAULTY if found else FAULTLESS, message, confidence=None, message=message)

    def faults(self, unit: DataUnit) -> Iterator[Fault]:
        """All that is wrong; of the selected objects alone, where some are selected.

        Raises:
            Misconfigured: As `decide`.
        """
        labels = unit.labels()
        if not unit.selected:
            yield from self._unanswered(unit, labels)
        concerned = [one for one in labels if not unit.selected or one.hash in unit.selected]
        objects = {one.title: one for one in unit.ontology.objects}
        for label in concerned:
            if isinstance(thing := label.content, Thing):
                yield from self._of(thing, objects.get(thing.object))
        yield from self._overlapping(unit, labels)

    def _unanswered(self, unit: DataUnit, labels: Sequence[Label]) -> Iterator[Fault]:
        given = {one.content.classification for one in labels if isinstance(one.content, Answer)}
        for title in self.config.answered:
            if unit.ontology.classification(title).title not in given:
                yield Fault(f"'{title}' is not answered")

    def _of(self, thing: Thing, drawn: Object | None) -> Iterator[Fault]:
        if drawn and self.config.required_attributes:
            static = [one for one in drawn.asked if not one.dynamic]
            yield from (Fault(f"{one} of a '{thing.object}' is not answered") for one in missing(static, thing.answers))
            dynamic = [one for one in drawn.asked if one.dynamic]
            for each in thing.placements:
                lacking = missing(dynamic, each.answers)
                yield from (Fault(f"{one} of a '{thing.object}' is not answered", each.frame) for one in lacking)
        for each in thing.placements:
            yield from self._ill_sized(thing.object, each)

    def _ill_sized(self, title: str, placed: Placement) -> Iterator[Fault]:
        least, most = limit_for(self.config.smallest, title), limit_for(self.config.largest, title)
        box = bounds(placed.shape)
        if least is not None and not large_enough(placed.shape, least):
            yield Fault(f"a '{title}' is smaller than {least:g} of the picture", placed.frame)
        if most is not None and max(box.width, box.height) > most:
            yield Fault(f"a '{title}' is larger than {most:g} of the picture", placed.frame)

    def _overlapping(self, unit: DataUnit, labels: Sequence[Label]) -> Iterator[Fault]:
        for (frame, title), drawn in _by_place(labels).items():
            most = limit_for(self.config.overlap, title)
            if most is not None and any(_pairs(drawn, most, set(unit.selected))):
                yield Fault(f"two '{title}' overlap by more than {most:g}", frame)


def missing(attributes: Sequence[Attribute], answers: Answers) -> Iterator[str]:
    """Titles, in quotes, of what the ontology requires and is not answered, with what is nested in chosen options."""
    given = dict(answers)
    for one in attributes:
        answer = given.get(one.title)
        if answer is None:
            if one.required:
                yield f"'{one.title}'"
            continue
        chosen, nested = (answer.option, answer.answers) if isinstance(answer, Choice) else (answer, ())
        option = next((each for each in one.options if each.title == chosen), None)
        if option is not None:
            yield from missing(option.asked, nested)


def told(faults: Sequence[Fault], *, several: bool) -> str:
    """Faults in at most 256 characters, as many as have room; `several` says whether frames are to be named."""
    if not faults:
        return "no faults found"
    words = [f"frame {one.frame}: {one.what}" if several and one.frame is not None else one.what for one in faults]
    shown = words[0][:SHOWN]
    count = 1
    for one in words[1:]:
        if len(shown) + len(one) + 2 > SHOWN:
            break
        shown, count = f"{shown}; {one}", count + 1
    return shown if count == len(words) else f"{shown}; and {len(words) - count:,} more"


def _by_place(labels: Sequence[Label]) -> dict[tuple[int, str], list[tuple[str, Box]]]:
    """Hashes and boxes of objects, by frame and title."""
    found: defaultdict[tuple[int, str], list[tuple[str, Box]]] = defaultdict(list)
    for label in labels:
        if isinstance(thing := label.content, Thing):
            for each in thing.placements:
                found[each.frame, thing.object].append((label.hash, bounds(each.shape)))
    return found


def _pairs(drawn: Sequence[tuple[str, Box]], most: float, selected: Set[str]) -> Iterator[bool]:
    """Says of pairs that may overlap whether they do; where some are selected, only of those with one of them."""
    places = Places[str](most)
    for one, box in drawn:
        for there, other in places.near(box):
            yield iou(box, there) > most and (not selected or bool(selected & {one, other}))
        places.add(box, one)
