"""What is put into the workflows, and what must become of it: decided by the seed before anything runs.

Two projects. In "Sort" a classify agent answers what a picture shows, and what it cannot work on takes its `failed`
pathway. In "Boxes" a prelabel agent draws, and what it cannot work on ends among the dead letters.
"""

import random
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from tests.chaos.chance import chance

type Desk = Literal["Sort", "Boxes"]
type Act = Literal["", "before", "meanwhile", "at return", "deletes"]
SORT: Final[Desk] = "Sort"
BOXES: Final[Desk] = "Boxes"

NO_MEDIA: Final = ("no-picture", "truncated", "pixel-bomb", "missing", "endless")
"""Poison that no model ever sees."""
NO_ANSWER: Final = ("refusal", "nonsense", "strange-option", "empty", "cut-off")
"""Pictures that the language model answers in a way nobody can use, however often it is asked."""
NO_DETECTION: Final = ("strange-boxes",)
KILLER: Final = "killer"
"""A picture whose decoding ends the process."""
LOOPING: Final = "Bird"
"""What sends a task along the loop of Sort, until a person answers otherwise."""
NOTHING: Final = "Fish"
"""What no option fits."""
STAGE_OF: Final = {"Cat": "Cats", "Dog": "Dogs", LOOPING: "Look again", NOTHING: "Archive"}
BOXES_STAGE_OF: Final = {"sure": "Annotate", "unsure": "Check", "empty": "By hand"}
FAILED: Final = "Trouble"


@dataclass(frozen=True, slots=True)
class Item:
    """One picture: what it shows, what is wrong with it, and what people do with its task."""

    number: int
    desk: Desk
    shows: str
    poison: str = ""
    returns: int = 0
    """How often a person sends its task back to the agent."""
    person: Act = ""
    """When a person writes a label of their own, or that they delete the data unit."""
    answer: str = ""
    """What the person answers, or how they draw: "edits" a box of the agent's, or "adds" one."""

    @property
    def title(self) -> str:
        """Its name in Encord, and its key in the bucket."""
        return f"{self.number:05}-{self.shows}{'-' if self.poison else ''}{self.poison}.jpg"

    @property
    def is_buried(self) -> bool:
        """Whether its task must end among the dead letters, at its stage."""
        return bool(self.poison) and self.desk == BOXES

    def destinations(self, answered: str = "") -> list[str]:
        """The stage that each visit to the agent must end in; `answered` says what a person answered meanwhile."""
        if self.is_buried:
            return []
        if self.poison:
            return [FAILED]
        if self.desk == BOXES:
            return [BOXES_STAGE_OF[self.shows]] * (self.returns + 1)
        if self.person in ("before", "at return"):
            answered = self.answer
        return [STAGE_OF[LOOPING]] * self.returns + [STAGE_OF[answered or self.shows]]


@dataclass(frozen=True, slots=True)
class Known:
    """Where an item's task is found."""

    item: Item
    task: UUID
    data: UUID


def items(seed: int, count: int, *, killers: int) -> list[Item]:
    """So many items, the same for the same seed; every kind of poison is among the first hundred and fifty."""
    drawn = chance(seed, "items")
    poisons: list[tuple[Desk, str]] = [(BOXES, KILLER)] * killers
    poisons += [(SORT, one) for one in (*NO_MEDIA, *NO_ANSWER)] + [(BOXES, one) for one in (*NO_MEDIA, *NO_DETECTION)]
    poisons += [one for one in poisons if one[1] not in (KILLER, "endless")] * (count // 700)
    made = [_any(drawn, number) for number in range(len(poisons), count)]
    bad = [_poisoned(drawn, number, desk, poison) for number, (desk, poison) in enumerate(poisons)]
    mixed = made + bad
    drawn.shuffle(mixed)
    return mixed


def number_of(title: str) -> int:
    """Which item a title names."""
    return int(title.partition("-")[0])


def _poisoned(chance: random.Random, number: int, desk: Desk, poison: str) -> Item:
    shows = ("Cat", "Dog", NOTHING) if desk == SORT else tuple(BOXES_STAGE_OF)
    return Item(number, desk, chance.choice(shows), poison)


def _any(chance: random.Random, number: int) -> Item:
    return _to_sort(chance, number) if chance.random() < 0.6 else _to_box(chance, number)


def _to_sort(chance: random.Random, number: int) -> Item:
    shows = chance.choices(("Cat", "Dog", NOTHING, LOOPING), (45, 35, 12, 8))[0]
    answer = chance.choice(("Cat", "Dog"))
    if shows == LOOPING:
        return Item(number, SORT, shows, returns=chance.randint(1, 2), person="at return", answer=answer)
    other = "Dog" if shows == "Cat" else "Cat"
    acts: tuple[Act, ...] = ("", "before", "meanwhile", "deletes")
    act = chance.choices(acts, (88, 6, 4, 2))[0]
    return Item(number, SORT, shows, person=act, answer=other if act in ("before", "meanwhile") else "")


def _to_box(chance: random.Random, number: int) -> Item:
    shows = chance.choices(tuple(BOXES_STAGE_OF), (60, 25, 15))[0]
    if shows != "sure":
        return Item(number, BOXES, shows)
    if chance.random() < 0.08:
        before = chance.random() < 0.8
        return Item(number, BOXES, shows, person="before" if before else "deletes", answer="adds" if before else "")
    returns = chance.choices((0, 1, 2), (85, 10, 5))[0]
    draws = returns > 0 and chance.random() < 0.6
    answer = chance.choice(("edits", "adds")) if draws else ""
    return Item(number, BOXES, shows, returns=returns, person="at return" if draws else "", answer=answer)
