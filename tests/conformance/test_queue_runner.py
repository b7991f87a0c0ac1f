"""encord-agents' queue runner, unmodified: a producer of messages and a function that consumes them."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from encord_agents.tasks import QueueRunner
from encord_agents.tasks.models import TaskCompletionResult

from sandbox.encord_twin import Settings, Twin, serve

from .agents import by_asset, by_name
from .conftest import announce
from .looking import answers, moves, queues, saves
from .worlds import CountingObjects, drawing, pets, titles, url

type Consumer = Callable[[str | list[str]], str]


def the_runner(twin: Twin) -> QueueRunner:
    return QueueRunner(project_hash=str(twin.ids.projects["Pets"]))


def produced(runner: QueueRunner) -> list[str]:
    """The messages a producer puts on its queue."""
    return [task.model_dump_json() for stage in runner.get_agent_stages() for task in stage.get_tasks()]


def result_of(consume: Consumer, messages: str | list[str]) -> TaskCompletionResult:
    return TaskCompletionResult.model_validate_json(consume(messages))


def test_one_message_at_a_time_labels_and_moves_every_task(twin: Twin) -> None:
    runner = the_runner(twin)
    consume = runner.stage("Agent 1")(by_name)

    results = [result_of(consume, message) for message in produced(runner)]

    ways = twin.ids.pathways["Pets"]["Agent 1"]
    assert [result.success for result in results] == [True] * 5
    assert [result.pathway for result in results] == [ways[name] for name in ("Cat", "Dog", "Other", "Cat", "Dog")]
    assert {result.stage_uuid for result in results} == {twin.ids.stages["Pets"]["Agent 1"]}
    assert queues(twin)["Archive"] == ["002-other.jpg"]
    assert answers(twin)["001-dog.jpg"] == ["Dog"]
    assert (saves(twin), moves(twin)) == (5, 5)


def test_a_list_of_messages_is_answered_with_lists(twin: Twin) -> None:
    runner = the_runner(twin)
    consume = runner.stage("Agent 1")(by_name)
    messages = produced(runner)

    result = result_of(consume, messages)

    assert isinstance(result.success, list)
    assert isinstance(result.pathway, list)
    assert result.task_uuid == result.success
    assert (len(result.success), len(result.pathway)) == (5, 5)
    assert (saves(twin), moves(twin)) == (5, 5)
    assert "Agent 1" not in queues(twin)


@pytest.mark.parametrize("messages", [1, 10])
def test_a_call_costs_six_requests_however_long_its_list(messages: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks, label rows, labels, items, save, move; the project was read before."""
    kinds, objects, body = ["Dog"] * messages, CountingObjects(), drawing("Dog", 102)
    for title in titles(kinds):
        objects.put(url(title), body)
    with serve(pets(kinds), objects=objects, settings=Settings(task_page_size=500)) as twin:
        announce(twin, monkeypatch)
        runner = the_runner(twin)
        consume = runner.stage("Agent 1")(by_asset)
        batch = produced(runner)
        twin.log.reset()

        consume(batch)

        assert twin.log.count() == 6
        assert len(objects.reads) == messages
        assert len(queues(twin)["Dog specialists"]) == messages


def test_a_message_delivered_twice_changes_nothing_the_second_time(twin: Twin) -> None:
    runner = the_runner(twin)
    consume = runner.stage("Agent 1")(by_name)
    message = produced(runner)[0]
    consume(message)

    again = result_of(consume, message)

    assert (again.success, again.pathway) == (False, None)
    assert answers(twin) == {"000-cat.jpg": ["Cat"]}
    assert (saves(twin), moves(twin)) == (1, 1)


def test_a_message_for_a_stage_the_project_lacks_is_refused_when_the_agent_is_declared(twin: Twin) -> None:
    with pytest.raises(ValueError, match="could not be matched"):
        the_runner(twin).stage(uuid4())(by_name)
