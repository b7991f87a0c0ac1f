"""Tasks that are tried again and again: what counts, how they are kept apart, and when it is enough."""

from dataclasses import replace
from uuid import UUID

import pytest

from encord_lambda.agents.agent import Question
from encord_lambda.dispatch.claims import Claim, State
from encord_lambda.errors import Deferred, Misconfigured, OverBudget, Retry, Trouble
from encord_lambda.execution import CRASHES, FEW
from encord_lambda.outcomes import Postponed, Rejected
from encord_lambda.task_group import LEASE, TRIES
from tests.fakes.scene import FIRST, HOUR, NOON, SECOND, TASKS, THIRD, Scene, a_record, data, key

QUEUED = Claim(key(FIRST), State.QUEUED, NOON, NOON + HOUR, token=1)
MANY = [UUID(int=1000 + number) for number in range(25)]


def held(scene: Scene, task: UUID = FIRST) -> Claim:
    return scene.claims.claims[key(task)]


def crashed(scene: Scene, *tasks: UUID, crashes: int = 0) -> None:
    """A worker died with these in hand, and their messages come again."""
    for task in tasks:
        claim = Claim(key(task), State.RUNNING, NOON, NOON + HOUR, f"m{task.int}", 1, crashes=crashes)
        scene.claims.claims[key(task)] = claim


@pytest.mark.parametrize(
    ("trouble", "tries"),
    [
        (Retry("busy"), 3),
        (Retry("busy", after=9.0), 2),
        (Misconfigured("busy"), 2),
        (Deferred("busy"), 2),
        (OverBudget("busy"), 2),
    ],
)
def test_a_try_counts_if_it_was_made(trouble: Trouble, tries: int) -> None:
    scene = Scene()
    scene.claims.claims[key(FIRST)] = replace(QUEUED, tries=2)
    scene.row(FIRST).trouble = trouble
    scene.run()

    assert (held(scene).tries, held(scene).state, held(scene).reason) == (tries, State.QUEUED, "busy")
    assert scene.result.keep == ["m1"]
    assert scene.untouched(SECOND, THIRD)


def test_a_claim_that_is_put_off_bars_the_sweep_until_its_message_has_come_again() -> None:
    scene = Scene()
    scene.row(FIRST).trouble = Retry("busy", after=600.0)
    scene.run()

    assert scene.inbox.hidden == {"receipt of m1": 600}
    assert (held(scene).lease_until - NOON - LEASE).total_seconds() == 600


def test_the_last_try_ends_among_the_dead_letters_with_the_last_reason() -> None:
    scene = Scene()
    scene.claims.claims[key(FIRST)] = replace(QUEUED, tries=TRIES - 1)
    scene.row(FIRST).trouble = Retry("busy")
    scene.run()

    assert scene.of(FIRST) == [Rejected(str(FIRST), f"given up after {TRIES} tries: busy", "given up")]
    assert (held(scene).state, scene.result.keep) == (State.REJECTED, [])
    assert [letter.reason for letter in scene.inbox.letters] == [f"given up after {TRIES} tries: busy"]


def test_being_put_off_untried_never_ends() -> None:
    scene = Scene()
    scene.claims.claims[key(FIRST)] = replace(QUEUED, tries=TRIES - 1)
    scene.row(FIRST).trouble = Deferred("it rests")
    scene.run()

    assert scene.of(FIRST) == [Postponed(str(FIRST), "it rests", after=3)]


def test_a_new_visit_starts_counting_anew() -> None:
    scene = Scene()
    earlier = replace(QUEUED, state=State.DONE, updated_at=NOON - HOUR, tries=5, crashes=3)
    scene.claims.claims[key(FIRST)] = earlier
    scene.row(FIRST).trouble = Retry("busy")
    scene.run()

    assert (held(scene).tries, held(scene).crashes) == (1, 0)


# Workers that died


def test_a_task_that_a_dead_worker_left_counts_a_crash_and_is_run() -> None:
    scene = Scene()
    crashed(scene, FIRST)
    scene.run()

    assert held(scene).crashes == 1
    assert scene.untouched(*TASKS)


@pytest.mark.parametrize(("crashes", "sizes"), [(0, [2, FEW, FEW, 5]), (1, [2, *[1] * 25]), (3, [2, *[1] * 25])])
def test_suspects_come_last_in_ever_smaller_groups(crashes: int, sizes: list[int]) -> None:
    scene = Scene()
    for task in MANY:
        scene.stage.add(task, data(task), "url")
    crashed(scene, *MANY, crashes=crashes)
    scene.run(*map(a_record, (*MANY, FIRST, SECOND)))

    assert [size for step, size in scene.stage.asked if step == "save"] == sizes
    assert scene.untouched(FIRST, SECOND, *MANY)


def test_only_the_group_in_hand_is_claimed_when_the_worker_dies() -> None:
    scene = Scene()
    crashed(scene, FIRST, SECOND, crashes=1)

    def die(_: Question) -> str:
        raise SystemExit

    scene.model.says = die
    with pytest.raises(SystemExit):
        scene.run()

    assert sorted(held(scene, task).crashes for task in (FIRST, SECOND)) == [1, 1]
    assert THIRD not in scene.stage.moved


def test_a_task_that_kills_workers_is_given_up() -> None:
    scene = Scene()
    crashed(scene, FIRST, crashes=CRASHES - 1)
    scene.run()

    assert scene.of(FIRST) == [Rejected(str(FIRST), f"given up: {CRASHES} workers died with it in hand", "given up")]
    assert held(scene).state is State.REJECTED
    assert scene.untouched(SECOND, THIRD)


# Faults of ours


def test_a_fault_is_its_tasks_alone_and_names_its_place_but_not_its_words() -> None:
    scene = Scene()

    def broken(*_: object) -> None:
        raise KeyError("https://signed/?secret")

    scene.row(FIRST).unit = broken  # type: ignore[method-assign, assignment]
    scene.run()

    [outcome] = scene.of(FIRST)
    assert isinstance(outcome, Postponed)
    assert outcome.reason.startswith("a fault, please report it: KeyError at test_giving_up.py:")
    assert "secret" not in outcome.reason
    assert scene.untouched(SECOND, THIRD)


def test_a_fault_in_one_group_leaves_the_others_alone() -> None:
    scene = Scene()
    rows = scene.stage.rows

    def broken(data: set[UUID], branch: str) -> object:
        if branch == "second":
            raise KeyError
        return rows(data, branch)

    scene.stage.rows = broken  # type: ignore[method-assign, assignment]
    scene.run(a_record(FIRST, branch="second"), a_record(SECOND), a_record(THIRD))

    assert scene.kinds(FIRST) == [Postponed]
    assert scene.untouched(SECOND, THIRD)


# A queue in trouble


def test_what_cannot_be_buried_is_kept_and_stays_rejected() -> None:
    scene = Scene()
    scene.claims.claims[key(FIRST)] = replace(QUEUED, tries=TRIES - 1)
    scene.row(FIRST).trouble = Retry("busy")
    scene.inbox.trouble = Retry("SQS is busy")
    scene.run()

    assert (scene.result.keep, held(scene).state) == (["m1"], State.REJECTED)
    assert Postponed("1 dead letters", "SQS is busy") in scene.result.outcomes


def test_a_message_that_cannot_be_put_off_is_kept_all_the_same() -> None:
    scene = Scene()
    scene.row(FIRST).trouble = Retry("busy")
    scene.inbox.trouble = Retry("SQS is busy")
    scene.run()

    assert scene.result.keep == ["m1"]
    assert Postponed("the back-off of 1 messages", "SQS is busy") in scene.result.outcomes
