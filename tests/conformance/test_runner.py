"""encord-agents' sequential runner, unmodified, against the twin."""

from uuid import UUID

import pytest
from encord.workflow.stages.agent import AgentTask
from encord_agents.tasks import Runner

from sandbox.encord_twin import Settings, Twin, serve

from .agents import by_asset, by_name
from .conftest import announce
from .looking import answers, moves, queues, saves
from .worlds import CountingObjects, drawing, pets, titles, url

SORTED = {
    "Cat specialists": ["000-cat.jpg", "003-cat.jpg"],
    "Dog specialists": ["001-dog.jpg", "004-dog.jpg"],
    "Archive": ["002-other.jpg"],
}
LABELLED = {
    "000-cat.jpg": ["Cat"],
    "001-dog.jpg": ["Dog"],
    "002-other.jpg": [],
    "003-cat.jpg": ["Cat"],
    "004-dog.jpg": ["Dog"],
}


def the_runner(twin: Twin) -> Runner:
    return Runner(project_hash=str(twin.ids.projects["Pets"]))


def test_every_task_is_labelled_and_follows_the_pathway_its_agent_named(twin: Twin) -> None:
    runner = the_runner(twin)
    runner.stage("Agent 1")(by_name)

    runner()

    assert queues(twin) == SORTED
    assert answers(twin) == LABELLED
    assert (saves(twin), moves(twin)) == (5, 5)
    assert twin.log.count("/tasks") == 3  # five tasks, two to a page
    assert {agent for agent, _route in twin.log.by_agent} == {"encord-agents/v0.2.10"}


def test_a_pathway_and_a_stage_may_be_named_by_uuid(twin: Twin) -> None:
    dog = twin.ids.pathways["Pets"]["Agent 1"]["Dog"]
    runner = the_runner(twin)

    @runner.stage(twin.ids.stages["Pets"]["Agent 1"])
    def all_dogs(task: AgentTask) -> UUID:
        assert task.label_branch_name == "main"
        return dog

    runner()

    assert {stage: len(waiting) for stage, waiting in queues(twin).items()} == {"Dog specialists": 5}
    assert twin.log.count("labelrow") == 0


def test_one_stage_can_be_run_without_the_console(twin: Twin) -> None:
    runner = the_runner(twin)
    runner.stage("Agent 1")(by_name)

    runner.run_stage("Agent 1")

    assert queues(twin) == SORTED
    assert answers(twin) == LABELLED


def test_a_limited_run_leaves_the_rest_for_the_next_one(twin: Twin) -> None:
    runner = the_runner(twin)
    runner.stage("Agent 1")(by_name)

    runner.run_stage("Agent 1", task_batch_size=2, max_tasks=3)
    left = queues(twin)["Agent 1"]
    runner.run_stage("Agent 1")

    assert left == ["004-dog.jpg"]
    assert queues(twin) == SORTED
    assert (saves(twin), moves(twin)) == (5, 5)


@pytest.mark.parametrize(("tasks", "requests"), [(1, 8), (10, 8), (301, 15)])
def test_batches_make_a_run_as_cheap_as_on_the_platform(
    tasks: int, requests: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two to start, one page, and per batch of 300: list, create, items, one save per 100, one move."""
    kinds, objects, body = ["Cat"] * tasks, CountingObjects(), drawing("Cat", 101)
    for title in titles(kinds):
        objects.put(url(title), body)
    with serve(pets(kinds), objects=objects, settings=Settings(task_page_size=500)) as twin:
        announce(twin, monkeypatch)
        runner = the_runner(twin)
        runner.stage("Agent 1")(by_asset)

        runner()

        assert twin.log.count() == requests
        assert len(objects.reads) == tasks
        assert len(queues(twin)["Cat specialists"]) == tasks
