"""Waiting tasks through the sweep, the queue and the handler, with the real SDK against the twin."""

import json

import pytest

from sandbox.encord_twin import Fault
from sandbox.model_server.script import Refusal, Status, Text, Truncated
from sandbox.scenario.world import PROJECT
from tests.task_path.conftest import TaskPath


def test_six_waiting_tasks_are_classified_and_routed(path: TaskPath) -> None:
    assert path.sweep() == 6

    assert path.run(path.received()) == []

    assert path.tasks() == {
        "Agent 1": [],
        "Annotate cats": ["pets/000 Cat.jpg", "pets/003 Cat.jpg"],
        "Annotate dogs": ["pets/001 Dog.jpg", "pets/004 Dog.jpg"],
        "Archive": ["pets/002 Other.jpg", "pets/005 Other.jpg"],
        "Complete": [],
    }
