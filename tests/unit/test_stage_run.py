"""Tasks at one stage, from its list to their pathways."""

from uuid import UUID

import pytest

from encord_lambda import execution
from encord_lambda.dispatch.claims import State
from encord_lambda.errors import Misconfigured, Retry
from encord_lambda.labels.proposals import Written
from encord_lambda.outcomes import Decided, Labelled, Postponed, Result, Routed, TakenUp
from tests.fakes.scene import (
    FIRST,
    NOON,
    PIPELINE,
    PROJECT,
    SECOND,
    TASKS,
    THIRD,
    Scene,
    a_record,
    data,
)
from tests.fakes.stages import FakeRow, cat, tools


def test_three_waiting_tasks_are_labelled_and_routed() -> None:
    scene = Scene()

    assert scene.run().keep == []

    assert scene.untouched(*TASKS)
    assert scene.of(FIRST) == [
        Labelled(FIRST, "Agent 1", added=1, replaced=0),
        Routed(FIRST, "Agent 1", "Cat", "openai:m answered Cat at 0.90"),
    ]
    assert scene.decided(FIRST) == [Decided(FIRST, "Agent 1", "Cat", 0.9, 0.5, 0, 0, 0.0)]


def test_a_group_makes_one_request_per_step() -> None:
    scene = Scene()
    scene.run()

    assert scene.stage.asked == [
        ("rows", 3),
        ("open", 3),
        ("open afresh", 3),
        ("save", 3),
        ("proceed", 3),
    ]


def test_no_more_model_calls_are_under_way_than_allowed() -> None:
    scene = Scene(PIPELINE + "limits: {model_calls: 1}\n")
    scene.run()

    assert (len(scene.model.questions), scene.model.at_once) == (3, 1)


def test_each_branch_is_a_group_of_its_own() -> None:
    scene = Scene()
    scene.run(a_record(FIRST), a_record(SECOND, branch="second"), a_record(THIRD))

    assert scene.untouched(*TASKS)
    assert scene.stage.branches == {"main", "second"}
    assert [size for step, size in scene.stage.asked if step == "rows"] == [2, 1]


def test_an_empty_batch_does_nothing() -> None:
    def workbench() -> execution.Workbench[FakeRow]:
        raise Misconfigured("not to be set up")

    assert execution.run([], workbench, NOON, lambda: 600.0) == Result()


def test_an_answer_without_a_pathway_of_its_own_takes_otherwise() -> None:
    scene = Scene()
    scene.tools = tools(lambda _: '{"answer": "Dog", "confidence": 1}')
    scene.run(a_record(FIRST))

    assert scene.stage.moved == {FIRST: "Other"}


def test_no_option_writes_no_label_and_takes_otherwise() -> None:
    scene = Scene()
    scene.tools = tools(lambda _: '{"answer": null, "confidence": 0.2}')
    scene.run(a_record(FIRST))

    assert scene.stage.saved == {}
    assert scene.of(FIRST) == [Routed(FIRST, "Agent 1", "Other", "openai:m answered none of the options at 0.20")]


def test_no_option_takes_the_label_of_an_earlier_run_away() -> None:
    scene = Scene()
    scene.tools = tools(lambda _: '{"answer": null, "confidence": 0.2}')
    scene.row(FIRST).earlier = {"Animal": "Cat"}
    scene.run(a_record(FIRST))

    assert scene.stage.saved == {FIRST: {}}
    assert scene.of(FIRST)[0] == Labelled(FIRST, "Agent 1", added=0, replaced=1)
    assert scene.stage.moved == {FIRST: "Other"}


@pytest.mark.parametrize(("person", "pathway"), [("Cat", "Cat"), ("Dog", "Other")])
@pytest.mark.parametrize(
    ("says", "said"), [('"Cat"', "Cat"), ('"Dog"', "Dog"), ("null", "none of the options")], ids=["cat", "dog", "none"]
)
def test_a_persons_answer_stands_and_chooses_the_pathway(person: str, pathway: str, says: str, said: str) -> None:
    scene = Scene()
    scene.model.says = lambda question: (
        f'{{"answer": {says}, "confidence": 0.9}}' if question.pictures[0].content == b"url1" else cat(question)
    )
    scene.row(FIRST).person = person

    assert scene.run().keep == []

    why = f"'{person}' was answered before and stands; openai:m answered {said} at 0.90"
    assert scene.of(FIRST) == [Routed(FIRST, "Agent 1", pathway, why)]
    assert FIRST not in scene.stage.saved
    assert (scene.stage.moved[FIRST], scene.state(FIRST)) == (pathway, State.DONE)
    assert scene.untouched(SECOND, THIRD)


def test_a_label_of_an_earlier_run_is_counted_as_replaced() -> None:
    scene = Scene()
    scene.row(FIRST).earlier = {"Animal": "Dog"}
    scene.run()

    assert scene.of(FIRST)[0] == Labelled(FIRST, "Agent 1", added=0, replaced=1)


@pytest.mark.parametrize(("answered", "pathway"), [("Cat", "Cat"), ("Dog", "Other")])
def test_what_a_person_answers_while_the_model_thinks_stands(answered: str, pathway: str) -> None:
    scene = Scene()
    scene.row(FIRST).meanwhile = answered

    assert scene.run().keep == []

    assert FIRST not in scene.stage.saved
    assert scene.stage.moved[FIRST] == pathway
    assert scene.untouched(SECOND, THIRD)


def test_rows_are_opened_afresh_only_for_what_was_decided() -> None:
    scene = Scene()
    scene.row(FIRST).trouble = Retry("busy")
    scene.run()

    assert ("open afresh", 2) in scene.stage.asked


def test_an_agent_that_writes_nothing_opens_no_rows_at_all() -> None:
    agent = "{kind: route, rules: [{title: '*.jpg', take: Cat}], otherwise: Other}"
    scene = Scene(f"version: 1\nstages:\n  - {{project: {PROJECT}, stage: Agent 1, agent: {agent}}}\n")

    assert scene.run().keep == []

    assert scene.stage.asked == [("rows", 3), ("save", 0), ("proceed", 3)]


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (Written(kept=2), "2 gave way to labels that stand there"),
        (Written(outside=1), "1 lie outside the picture"),
        (Written(kept=1, outside=3), "1 gave way to labels that stand there, 3 lie outside the picture"),
    ],
)
def test_proposals_that_all_gave_way_leave_a_trace_in_the_reason(written: Written, why: str) -> None:
    scene = Scene()
    scene.row(FIRST).becomes = written
    scene.run(a_record(FIRST))

    assert scene.of(FIRST) == [
        Routed(FIRST, "Agent 1", "Cat", f"openai:m answered Cat at 0.90; nothing was written: {why}")
    ]


def test_how_long_a_busy_service_wants_to_be_left_alone_is_kept() -> None:
    scene = Scene()
    scene.row(FIRST).trouble = Retry("busy", after=7.0)
    scene.row(SECOND).trouble = Retry("busy")
    scene.run()

    assert scene.of(FIRST) == [Postponed(str(FIRST), "busy", after=7)]
    assert scene.of(SECOND) == [Postponed(str(SECOND), "busy", after=3)]
    assert scene.inbox.hidden == {"receipt of m1": 7, "receipt of m2": 3}


def test_before_all_else_it_is_told_which_upload_each_task_is_about() -> None:
    """Also of what fails at once: it is the link from an object in S3 to what became of it."""
    scene = Scene()
    item = UUID(int=77)
    scene.row(FIRST).item = item
    del scene.stage.known[data(SECOND)]

    told = scene.run(a_record(FIRST), a_record(SECOND)).outcomes[0]

    assert told == TakenUp(PROJECT, "Agent 1", (FIRST, SECOND), (data(FIRST), data(SECOND)), (item, None))
