"""What a sweep says of the stages beside what it queues: how much waits, for how long, and that it came to its end."""

from datetime import timedelta

import pytest

from encord_lambda import outcomes
from encord_lambda.dispatch.claims import State
from encord_lambda.dispatch.sweep import CHUNK, SPARE_SECONDS
from encord_lambda.errors import Retry
from encord_lambda.outcomes import Listed
from tests.fakes.sweeping import MINUTE, NOON, PROJECT, Swept, a_task, some_tasks


def listed(scene: Swept) -> list[Listed]:
    return [outcome for outcome in scene.told() if isinstance(outcome, Listed)]


def test_the_oldest_task_is_found_wherever_it_stands_in_the_order() -> None:
    scene = Swept(*some_tasks(CHUNK + 7), a_task(NOON - timedelta(hours=3)), a_task())

    assert listed(scene) == [Listed(PROJECT, "First", CHUNK + 9, 3 * 3600)]


def test_a_stage_where_nothing_waits_says_nothing() -> None:
    assert listed(Swept()) == []


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING])
def test_what_is_in_hand_still_waits(state: State) -> None:
    task = a_task(NOON - 5 * MINUTE)
    scene = Swept(task)
    scene.claim([task], state)

    assert listed(scene) == [Listed(PROJECT, "First", 1, 300)]


@pytest.mark.parametrize("state", [State.REJECTED, State.DONE])
def test_what_waits_for_a_person_or_is_leaving_does_not_count(state: State) -> None:
    task = a_task(NOON - 5 * MINUTE)
    scene = Swept(task)
    scene.claim([task], state)

    assert listed(scene) == []


def test_a_task_from_the_future_has_not_waited_yet() -> None:
    """Encord's clock may be ahead of ours."""
    assert listed(Swept(a_task(NOON + MINUTE))) == [Listed(PROJECT, "First", 1, 0)]


def test_a_sweep_of_all_stages_says_last_that_it_came_to_its_end() -> None:
    assert Swept(a_task()).told()[-1] == outcomes.Swept(2)


def test_it_says_so_of_one_in_trouble_too_for_the_trouble_is_told() -> None:
    scene = Swept(a_task())
    scene.first.trouble, scene.seconds = Retry("busy"), SPARE_SECONDS + 5

    assert scene.told()[-1] == outcomes.Swept(2)
