"""Readers behind the times: listings answered as they were."""

import pytest
from encord.exceptions import EncordException, RequestException
from encord.project import Project
from encord.workflow.stages.agent import AgentStage

from sandbox.encord_twin import Fault, Twin
from sandbox.encord_twin.protocol import listings

TASKS = "workflow/stages/{stage}/tasks"
ROWS = "labelrowmetadata GET"


def test_a_stale_queue_still_shows_the_task_that_left(twin: Twin, agent: AgentStage) -> None:
    task, *others = agent.get_tasks()
    task.proceed(pathway_name="Cat")
    twin.faults.add(Fault(route=TASKS, stale=True, times=2))  # a queue of five is two pages here

    stale = [waiting.uuid for waiting in agent.get_tasks()]

    assert stale == [task.uuid, *(other.uuid for other in others)]
    assert [waiting.uuid for waiting in agent.get_tasks()] == [other.uuid for other in others]


def test_stale_label_rows_do_not_know_of_a_save(twin: Twin, project: Project) -> None:
    [before, *_] = project.list_label_rows_v2()
    before.initialise_labels()
    twin.faults.add(Fault(route=ROWS, stale=True))

    assert project.list_label_rows_v2()[0].label_hash is None
    assert project.list_label_rows_v2()[0].label_hash == before.label_hash


def test_a_stale_listing_waits_for_a_question_that_was_asked_before(twin: Twin, agent: AgentStage) -> None:
    twin.faults.add(Fault(route=TASKS, stale=True))

    assert len(list(agent.get_tasks(data_title="0003"))) == 1
    assert twin.faults.as_json()[0]["left"] == 1


@pytest.mark.parametrize(
    ("trouble", "seen"),
    [({"code": "UNKNOWN_ERROR"}, EncordException), ({"drop_after_commit": True}, RequestException)],
)
def test_an_answer_nobody_was_given_is_never_the_stale_one(
    twin: Twin, project: Project, trouble: dict[str, object], seen: type[Exception]
) -> None:
    twin.faults.add(Fault.model_validate({"route": ROWS, **trouble}), Fault(route=ROWS, stale=True))
    with pytest.raises(seen):
        project.list_label_rows_v2()

    assert len(project.list_label_rows_v2()) == 5


def test_answers_are_remembered_within_limits(twin: Twin, agent: AgentStage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings, "MOST_BYTES", 1)
    list(agent.get_tasks(data_title="0001"))
    list(agent.get_tasks(data_title="0002"))
    twin.faults.add(Fault(route=TASKS, stale=True))

    list(agent.get_tasks(data_title="0001"))
    assert twin.faults.left() == 1

    list(agent.get_tasks(data_title="0001"))
    assert twin.faults.left() == 0
