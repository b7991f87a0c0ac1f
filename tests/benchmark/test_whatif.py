"""Limits that follow from judged tasks, and what they would have made of these tasks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.benchmark.calibration import Judgement
from encord_lambda.benchmark.judged_stages import Task
from encord_lambda.benchmark.proposing import ALL, changes, proposal
from encord_lambda.benchmark.whatif import WhatIf, what_if
from encord_lambda.config_classify import Classify
from encord_lambda.config_prelabel import Prelabel

PRELABEL = Prelabel.model_validate(
    {
        "kind": "prelabel",
        "detector": {"kind": "http", "url": "https://detector.test"},
        "classes": {"cat": "Cat", "dog": "Dog"},
        "accept": 0.9,
        "review": 0.5,
    }
)
CLASSIFY = Classify(kind="classify", model="openai:a", classification="Animal", unsure_below=0.9)
TASKS: list[Task] = [
    (Judgement("Cat", 0.95, right=True), Judgement("Cat", 0.3, right=False)),
    (Judgement("Cat", 0.95, right=True), Judgement("Dog", 0.95, right=False)),
    (Judgement("Cat", 0.95, right=True), Judgement("Dog", 0.9, right=True)),
    (Judgement("Dog", 0.5, right=True),),
    (),
]
CONFIDENCES = st.integers(50, 100).map(lambda hundredths: hundredths / 100)
JUDGED = st.lists(
    st.lists(st.builds(Judgement, st.sampled_from(["Cat", "Dog"]), CONFIDENCES, st.booleans()), max_size=3).map(tuple),
    max_size=200,
)


def what(tasks: list[Task], agent: Prelabel | Classify = PRELABEL) -> WhatIf:
    return what_if(tasks, agent, None, 36, 0.95)


def test_a_task_needs_no_person_if_all_that_was_kept_is_accepted() -> None:
    found = what(TASKS)
    assert (found.tasks, found.accepted, found.wrong, found.accepted_share) == (5, 2, 1, 0.4)
    assert (found.errors_per_1000, found.hours_saved_per_1000) == (200, 4)
    assert found.errors_per_1000_at_most == pytest.approx(400 * 0.95**0.5)  # Clopper-Pearson, 1 of 2


def test_an_answer_that_is_just_sure_enough_is_accepted() -> None:
    tasks: list[Task] = [(Judgement("Cat", confidence, right=True),) for confidence in (0.89, 0.9, 0.91)]
    assert what(tasks, CLASSIFY).accepted == 2
    assert what(tasks, CLASSIFY.model_copy(update={"unsure_below": None})).accepted == 3


def test_where_nothing_is_accepted_nothing_is_wrong() -> None:
    assert what([(Judgement("Cat", 0.6, right=False),)] * 3).errors_per_1000_at_most == 0


def test_without_tasks_nothing_is_told() -> None:
    assert what([]) == WhatIf(None, 0, 0, 0, None, None, None, None)


def test_a_class_that_is_right_throughout_is_accepted_as_far_down_as_it_is_kept() -> None:
    tasks: list[Task] = [(Judgement("Cat", 0.6 + i / 1000, right=True),) for i in range(100)]
    found = proposal(PRELABEL, tasks, 0.9, 0.95).agent
    assert dict(changes(PRELABEL, found)) == {("accept", "Cat"): 0.5}


def test_a_limit_is_the_shortest_decimal_between_right_and_wrong() -> None:
    good: list[Task] = [(Judgement("Cat", 0.8123, right=True),)] * 100
    poor: list[Task] = [(Judgement("Cat", 0.6871, right=False),)] * 50
    found = dict(changes(PRELABEL, proposal(PRELABEL, [*good, *poor], 0.9, 0.95).agent))
    assert found == {("accept", "Cat"): 0.7, ("review", "Cat"): 0.7}


def test_a_class_of_which_too_few_were_judged_keeps_its_limits() -> None:
    found = proposal(PRELABEL, [(Judgement("Cat", 0.95, right=True),)] * 10, 0.9, 0.95)
    assert found.agent == PRELABEL
    assert found.thresholds[0].accept is None


def test_a_class_that_is_never_good_enough_is_not_accepted() -> None:
    tasks: list[Task] = [(Judgement("Cat", 0.95 + i / 10_000, right=i % 2 == 0),) for i in range(200)]
    found = proposal(PRELABEL, tasks, 0.9, 0.95).agent
    assert dict(changes(PRELABEL, found))["accept", "Cat"] == 1.0
    assert what(tasks, found).accepted == 0


def test_a_classify_agent_has_one_limit_for_all_answers() -> None:
    sure: list[Task] = [(Judgement(one, 0.95, right=True),) for one in ("Cat", "Dog") for _ in range(40)]
    unsure: list[Task] = [(Judgement("Cat", 0.9, right=False),)] * 40
    found = proposal(CLASSIFY, [*sure, *unsure], 0.9, 0.95)
    assert [one.label for one in found.thresholds] == [ALL, "Cat", "Dog"]
    assert dict(changes(CLASSIFY, found.agent)) == {("unsure_below",): 0.95}
    assert what([*sure, *unsure], found.agent).wrong == 0


@given(JUDGED, st.sampled_from([0.5, 0.8, 0.95]))
def test_proposed_limits_are_in_order_and_keep_no_more_than_today(tasks: list[Task], precision: float) -> None:
    found = proposal(PRELABEL, tasks, precision, 0.95)
    agent = Prelabel.model_validate(found.agent.model_dump())
    for one in found.thresholds:
        accept, review = (limits.get(one.label, limits["default"]) for limits in (agent.accept, agent.review))
        assert 0.5 <= review <= accept <= 1
        if one.accept is not None:
            above = [each for task in tasks for each in task if each.label == one.label and each.confidence > accept]
            assert len(above) <= one.accepted
            assert len(above) == one.accepted or one.accept < 0.5 or accept == review


@given(JUDGED, st.sampled_from([0.5, 0.8]))
def test_what_a_classify_agent_accepts_is_what_was_tested(tasks: list[Task], precision: float) -> None:
    found = proposal(CLASSIFY, tasks, precision, 0.95)
    if found.thresholds and found.thresholds[0].accept is not None and isinstance(found.agent, Classify):
        least = found.agent.unsure_below or 0
        assert sum(one.confidence >= least for task in tasks for one in task) == found.thresholds[0].accepted


@given(JUDGED, st.floats(0.5, 1), st.floats(0.5, 1))
def test_a_higher_limit_never_accepts_more(tasks: list[Task], one: float, other: float) -> None:
    low, high = (PRELABEL.model_copy(update={"accept": {"default": limit}}) for limit in sorted((one, other)))
    assert what(tasks, high).accepted <= what(tasks, low).accepted
