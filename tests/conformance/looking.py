"""What came of it: the twin's state in the terms a test asserts."""

from collections.abc import Mapping
from typing import Any

from sandbox.encord_twin import Twin
from sandbox.encord_twin.state import state_json

from .worlds import PROJECT


def state_of(twin: Twin, project: str = PROJECT) -> Mapping[str, Any]:
    """One project as `/_twin/state` shows it."""
    return next(one for one in state_json(twin.store)["projects"] if one["title"] == project)


def queues(twin: Twin, project: str = PROJECT) -> dict[str, list[str]]:
    """The titles of the tasks waiting at each stage where any wait."""
    stages = state_of(twin, project)["stages"]
    return {title: sorted(task["title"] for task in tasks) for title, tasks in stages.items() if tasks}


def moves(twin: Twin, project: str = PROJECT) -> int:
    """How often any task entered a stage after its first."""
    stages = state_of(twin, project)["stages"]
    return sum(len(task["visits"]) - 1 for tasks in stages.values() for task in tasks)


def answers(twin: Twin, project: str = PROJECT) -> dict[str, list[Any]]:
    """The saved answers to the radio question, by the data unit's title; a doubled label shows as two."""
    return {
        row["title"]: [answer["answers"]["Animal"] for answer in row["classifications"]]
        for row in state_of(twin, project)["label_rows"]
        if row["saves"]
    }


def saves(twin: Twin, project: str = PROJECT) -> int:
    """How often label rows were saved, one count per row and save."""
    return sum(row["saves"] for row in state_of(twin, project)["label_rows"])


def struck(twin: Twin) -> int:
    """How many requests met a fault: what is repaired must first have been broken."""
    return sum(entry.fault != "" for entry in twin.log.entries)
