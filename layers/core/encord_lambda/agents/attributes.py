"""Answer attributes of the objects that are selected in the Label Editor, looking at each where it is drawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from encord_lambda.agents.agent import DataUnit, Decision, Tools, Usage
from encord_lambda.agents.boxes import bounds
from encord_lambda.agents.interviewing import Interviewer, interview
from encord_lambda.agents.material import Material
from encord_lambda.agents.showing import open_frame
from encord_lambda.config_editor import EditorAttributes
from encord_lambda.errors import Misconfigured, Reject
from encord_lambda.labels.ontology import Attribute
from encord_lambda.labels.proposals import Amendment, Owned, Placement, Thing
from encord_lambda.labels.shapes import Box
from encord_lambda.labels.steps import nested_answers

MOST: Final = 20
"""Objects of one call: each is a question to the model, and the annotator waits."""
MARGIN: Final = 0.1
"""Of an object's width and height, shown on each side of it."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """An object on the open frame, and those of the attributes that it has and nobody has answered."""

    hash: str
    title: str
    placement: Placement
    questions: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class AttributesAgent:
    """Asks a language model about one object after the other."""

    config: EditorAttributes
    looks: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """Who the answers are by."""
        return "attributes"

    @property
    def owned(self) -> Owned:
        """Nothing: it answers attributes of objects that others drew."""
        return Owned()

    def decide(self, unit: DataUnit, tools: Tools) -> Decision:
        """Answers for the selected objects that are on the frame; `null` answers nothing.

        Raises:
            Trouble: As the tools do; Reject where nothing is selected, too much, or nothing that can be answered.
            Misconfigured: The function cannot cut out pictures.
        """
        asked = list(self._asked(unit))
        picture = open_frame(unit, tools)
        if tools.crop is None:
            raise Misconfigured("this function cannot cut out pictures")
        usage, amendments = Usage(), []
        for one in asked:
            crop = tools.crop(picture, around(bounds(one.placement.shape)))
            shown = Material(f"the '{one.title}' in the middle of the image", (crop,))
            found = interview(one.questions, shown, Interviewer((self.config.model,), "classify"), tools)
            usage += found.usage
            amendments.append(Amendment(one.hash, nested_answers(found.sayings), unit.frame))
        reason = f"{self.config.model} was asked about {len(asked)} objects"
        return Decision((), None, reason, None, usage, amendments=tuple(amendments))

    def _asked(self, unit: DataUnit) -> Iterator[_Asked]:
        if not unit.selected:
            raise Reject("select the objects whose attributes are to be answered, then call the agent again")
        if len(unit.selected) > MOST:
            raise Reject(f"{len(unit.selected)} objects are selected; the agent takes {MOST} at a time")
        found = [one for one in self._answerable(unit) if one.questions]
        if not found:
            titles = ", ".join(f"'{title}'" for title in self.config.attributes)
            raise Reject(
                f"no selected object on this frame lacks an answer to {titles}; clear one to have it given anew"
            )
        yield from found

    def _answerable(self, unit: DataUnit) -> Iterator[_Asked]:
        kinds = {one.title: one for one in unit.ontology.objects}
        for label in unit.labels():
            thing = label.content
            if label.hash not in unit.selected or not isinstance(thing, Thing) or thing.object not in kinds:
                continue
            for placed in (each for each in thing.placements if each.frame == unit.frame):
                given = {title for title, _ in (*thing.answers, *placed.answers)}
                wanted = set(self.config.attributes) - given
                questions = tuple(one for one in kinds[thing.object].asked if one.title in wanted)
                yield _Asked(label.hash, thing.object, placed, questions)


def around(box: Box) -> Box:
    """A box with a margin, as far as it is in the picture."""
    left, top = max(box.x - MARGIN * box.width, 0.0), max(box.y - MARGIN * box.height, 0.0)
    right = min(box.x + (1 + MARGIN) * box.width, 1.0)
    bottom = min(box.y + (1 + MARGIN) * box.height, 1.0)
    return Box(left, top, max(right - left, 0.0), max(bottom - top, 0.0))
