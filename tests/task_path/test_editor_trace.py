"""The trace of a call: what the agent asks of Encord belongs to it, and what it asks later does not."""

import pytest

from encord_lambda.encord_platform.client import connect
from sandbox.scenario.world import PROJECT
from tests.task_path.conftest import TaskPath
from tests.task_path.editor import payload, send

CAT = "pets/000 Cat.jpg"
TRACE = "105445aa7843bc8bf206b12000100000/1;o=1"
OTHER = TRACE.replace("1054", "2000")


@pytest.fixture
def count() -> int:
    return 1


def traces(path: TaskPath, header: str) -> set[str]:
    """What Encord reads at a call with this header."""
    path.twin.log.reset()
    assert send(body=payload(path, CAT), headers={"x-cloud-trace-context": header}).status == 200
    return {entry.trace for entry in path.twin.log.entries}


def test_what_a_call_asks_of_encord_has_its_trace_and_nothing_else_has(path: TaskPath) -> None:
    assert traces(path, TRACE) == {TRACE}
    assert traces(path, OTHER) == {OTHER}

    # What is no trace is not passed on: each request is a trace of its own, as the SDK makes them.
    own = traces(path, odd := f"{TRACE}, {OTHER}")
    assert len(own) == path.twin.log.count() > 1
    assert not own & {TRACE, OTHER, odd, ""}

    path.twin.log.reset()
    connect(path.twin.url, path.twin.key, "annotator").get_project(PROJECT)
    assert not {entry.trace for entry in path.twin.log.entries} & {TRACE, OTHER}
