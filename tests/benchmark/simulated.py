"""Annotators whose true rates are known, and what they give for data units of one answer and a few boxes."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from encord_lambda.benchmark.submissions import Rater, Submission, Unit
from encord_lambda.labels.ontology import Classification, Object, Ontology, Option
from encord_lambda.labels.proposals import Answer, Box, Label, Placement, Proposal, Thing

ANIMALS = ("Cat", "Dog", "Other")
ONTOLOGY = Ontology(
    (Classification("Animal", "radio", tuple(map(Option, ANIMALS))),),
    tuple(Object(title, "bounding_box") for title in ANIMALS),
)


@dataclass(frozen=True)
class Skill:
    """How often someone is wrong."""

    rater: Rater
    wrong: float
    """Share of answers and boxes; twice as many in a hard data unit as in an easy one."""
    surplus: float = 0.0
    """Share of data units with a box where nothing is."""
    shaky: float = 0.02
    """How far edges are off, in fractions of the box."""

    def accuracy(self, things: float) -> float:
        """The true one, of data units with so many things on average."""
        return (1 - self.wrong) * things / (things + self.surplus)


@dataclass(frozen=True)
class Truth:
    """A data unit with its truth."""

    unit: Unit
    animal: str
    boxes: tuple[tuple[str, Box], ...]
    hard: bool

    @property
    def labels(self) -> tuple[Label, ...]:
        """As its ground truth has them."""
        return _labels([Answer("Animal", self.animal, 1.0), *_things(self.boxes)])


def truths(rng: random.Random, units: int) -> list[Truth]:
    """Data units with none to five boxes that do not touch: 2.5 on average, and an answer."""
    found = []
    for number in range(units):
        boxes = tuple((rng.choice(ANIMALS), Box(0.19 * place + 0.02, 0.3, 0.15, 0.4)) for place in range(number % 6))
        unit = Unit(UUID(int=number), f"{number:04}.jpg", 640, 480, 1)
        found.append(Truth(unit, rng.choice(ANIMALS), boxes, rng.random() < 0.5))
    return found


def submitted(rng: random.Random, truth: Truth, skills: Sequence[Skill]) -> list[Submission]:
    """What everybody gives for a data unit."""
    return [
        Submission(truth.unit, skill.rater, _labels(list(_given(rng, truth, skill))), truth.labels) for skill in skills
    ]


def _given(rng: random.Random, truth: Truth, skill: Skill) -> Iterator[Proposal]:
    wrong = skill.wrong * (4 / 3 if truth.hard else 2 / 3)
    is_wrong = rng.random() < wrong
    yield Answer("Animal", _other(rng, truth.animal) if is_wrong else truth.animal, _confidence(rng, is_wrong))
    boxes = []
    for title, box in truth.boxes:
        if rng.random() >= wrong:
            boxes.append((title, _shaken(rng, box, skill.shaky)))
        elif rng.random() < 0.5:
            boxes.append((_other(rng, title), _shaken(rng, box, skill.shaky)))
    if rng.random() < skill.surplus:
        boxes.append((rng.choice(ANIMALS), Box(0.4, 0.8, 0.1, 0.15)))
    yield from _things(boxes, [rng.betavariate(8, 2) for _ in boxes])


def _shaken(rng: random.Random, box: Box, shaky: float) -> Box:
    across, down = (rng.gauss(0, shaky) * side for side in (box.width, box.height))
    return Box(box.x + across, box.y + down, box.width * (1 + rng.gauss(0, shaky)), box.height)


def _other(rng: random.Random, title: str) -> str:
    return rng.choice([one for one in ANIMALS if one != title])


def _confidence(rng: random.Random, is_wrong: bool) -> float:
    return rng.betavariate(3, 2) if is_wrong else rng.betavariate(9, 2)


def _things(boxes: Sequence[tuple[str, Box]], confidences: Sequence[float] = ()) -> list[Thing]:
    sure = confidences or [1.0] * len(boxes)
    return [
        Thing(title, (Placement(0, box, confidence),), f"0:{place}")
        for place, ((title, box), confidence) in enumerate(zip(boxes, sure, strict=True))
    ]


def _labels(contents: Sequence[Proposal]) -> tuple[Label, ...]:
    return tuple(Label(content, "person", f"hash{place:04}") for place, content in enumerate(contents))
