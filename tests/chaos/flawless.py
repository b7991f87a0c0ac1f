"""A small run in which every rule was kept, for tests that break one."""

from typing import Any
from uuid import UUID, uuid5

from tests.chaos import replies
from tests.chaos.facts import Claim, Facts, Letter, Visit
from tests.chaos.items import BOXES, SORT, Item, Known
from tests.chaos.rows import Standing
from tests.chaos.world import AGENT, AGENT_STAGE, PERSON

STAGES: dict[str, str] = {SORT: "stage-of-sort", BOXES: "stage-of-boxes"}
PLAIN = Item(1, SORT, "Cat")
LOOPING = Item(2, SORT, "Bird", returns=2, person="at return", answer="Dog")
ANSWERED = Item(3, SORT, "Cat", person="before", answer="Dog")
MEANWHILE = Item(4, SORT, "Cat", person="meanwhile", answer="Dog")
FAILED = Item(5, SORT, "Cat", poison="truncated")
BOXED = Item(6, BOXES, "sure", returns=1)
CORRECTED = Item(7, BOXES, "sure", returns=1, person="at return", answer="edits")
POISON = Item(8, BOXES, "sure", poison="missing")
DELETED = Item(9, BOXES, "sure", person="deletes")
ALL = (PLAIN, LOOPING, ANSWERED, MEANWHILE, FAILED, BOXED, CORRECTED, POISON)
OWN_BOX = "Cat 0.1100 0.1000 0.3000 0.3000"
CAT, DOG = (f"{label.title()} {' '.join(f'{place:.4f}' for place in box)}" for label, box in replies.SURE)
WENT = {
    PLAIN: ["Classify", "Cats"],
    LOOPING: ["Classify", "Look again", "Classify", "Look again", "Classify", "Dogs"],
    ANSWERED: ["Classify", "Dogs"],
    MEANWHILE: ["Classify", "Dogs"],
    FAILED: ["Classify", "Trouble"],
    BOXED: ["Prelabel", "Annotate", "Prelabel", "Annotate"],
    CORRECTED: ["Prelabel", "Annotate", "Prelabel", "Annotate"],
    POISON: ["Prelabel"],
}
BY_PEOPLE = {LOOPING: "Dog", ANSWERED: "Dog", MEANWHILE: "Dog", CORRECTED: OWN_BOX}
BY_AGENT = {PLAIN: ["Cat"], BOXED: [CAT, DOG], CORRECTED: [DOG]}


def known() -> dict[int, Known]:
    """The run's tasks."""
    return {item.number: Known(item, task(item), uuid5(UUID(int=1), item.title)) for item in (*ALL, DELETED)}


def task(item: Item) -> UUID:
    """The id of an item's task."""
    return uuid5(UUID(int=0), item.title)


def facts() -> Facts:
    """What it left behind."""
    return Facts(
        visits={item.number: visits(item, WENT[item]) for item in ALL},
        labels={item.number: labels(item) for item in ALL},
        problems={},
        people=[note(item, says) for item, says in BY_PEOPLE.items()],
        deleted=[DELETED.number],
        strangers=[{"fault": "message: no JSON", "body": "{", "task": None, "buried": True}],
        letters=[Letter(str(task(POISON)), "cannot read it: HTTP 404", "{}"), Letter("message 1", "malformed", "{")],
        claims=[
            Claim(str(task(item)), STAGES[item.desk], "rejected" if item is POISON else "done", counted=False)
            for item in ALL
        ],
        stages=STAGES,
        faulty=[],
        left_over=0,
    )


def visits(item: Item, went: list[str]) -> list[Visit]:
    """A way that agents and people sent a task."""
    agent = AGENT_STAGE[item.desk]
    senders = [None, *(AGENT if stage == agent else PERSON for stage in went[:-1])]
    return [Visit(stage, by) for stage, by in zip(went, senders, strict=True)]


def labels(item: Item) -> list[Standing]:
    """What stands in its row."""
    own = [Standing(BY_PEOPLE[item], "own", by_person=True)] if item in BY_PEOPLE else []
    return own + [Standing(says, f"agents {says}", by_person=False) for says in BY_AGENT.get(item, [])]


def note(item: Item, says: str, *, certain: bool = True) -> dict[str, Any]:
    """The ledger's line about a person's label."""
    return {"number": item.number, "hash": "own", "says": says, "certain": certain}
