"""A batch of messages: whose task is it, and what becomes of what is nobody's."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from encord_lambda.agents.agent import Question
from encord_lambda.dispatch.claims import Claim, State, TaskKey
from encord_lambda.dispatch.messages import SqsRecord
from encord_lambda.errors import Reject, Retry
from encord_lambda.outcomes import Labelled, Rejected, Routed, Skipped
from encord_lambda.task_group import LEASE, Letter
from tests.fakes.scene import (
    FIRST,
    HOUR,
    NOON,
    PIPELINE,
    PROJECT,
    SECOND,
    STAGE,
    TASKS,
    THIRD,
    Scene,
    a_record,
    key,
)

# Tasks that are not ours any more


def test_a_task_that_left_the_stage_is_skipped_and_costs_no_model_call() -> None:
    scene = Scene()
    del scene.stage.here[FIRST]

    assert scene.run().keep == []

    assert scene.of(FIRST) == [Skipped(str(FIRST), "has left the stage 'Agent 1'")]
    assert (scene.state(FIRST), len(scene.model.questions)) == (State.GONE, 2)
    assert scene.untouched(SECOND, THIRD)


def test_when_all_have_left_nothing_more_is_asked() -> None:
    scene = Scene()
    scene.stage.here.clear()
    scene.run()

    assert scene.stage.asked == [("rows", 3), ("waiting", 3)]


def test_a_task_that_left_while_it_was_worked_on_is_skipped() -> None:
    """Its labels are saved; only the move is refused, and the stage says it is gone."""
    scene = Scene()
    scene.stage.refuses["proceed", FIRST] = Reject("stale")
    here = scene.stage.here

    def leave(_: Question) -> str:
        here.pop(FIRST, None)
        return '{"answer": "Cat", "confidence": 0.9}'

    scene.model.says = leave

    assert scene.run().keep == []
    assert scene.kinds(FIRST) == [Labelled, Skipped]
    assert scene.state(FIRST) is State.GONE
    assert scene.untouched(SECOND, THIRD)


# Claims


def test_a_claim_is_held_for_the_lease() -> None:
    scene = Scene()
    scene.run(a_record(FIRST))

    assert scene.claims.claims[key(FIRST)].lease_until == NOON + LEASE


def test_two_messages_of_one_task_run_once() -> None:
    scene = Scene()

    assert scene.run(a_record(FIRST, "m1"), a_record(FIRST, "other")).keep == []

    assert scene.kinds(FIRST) == [Skipped, Labelled, Routed]
    assert len(scene.model.questions) == 1


def test_of_two_messages_the_one_that_has_the_claim_goes_on() -> None:
    """Or both were acknowledged: the one for coming twice, the other because somebody has the task."""
    scene = Scene()
    scene.claims.claims[key(FIRST)] = Claim(key(FIRST), State.RUNNING, NOON, NOON + HOUR, "m1", 3)

    scene.run(a_record(FIRST, "copy"), a_record(FIRST, "m1"), a_record(FIRST, "another"))

    assert scene.kinds(FIRST) == [Skipped, Skipped, Labelled, Routed]


@pytest.mark.parametrize(
    ("state", "owner"),
    [(State.RUNNING, "m9"), (State.DONE, "m9"), (State.DONE, "m1"), (State.REJECTED, "m9")],
)
def test_a_task_whose_claim_stands_in_the_way_is_left_alone(state: State, owner: str) -> None:
    scene = Scene()
    scene.claims.claims[key(FIRST)] = Claim(key(FIRST), state, NOON, NOON + HOUR, owner, 3)

    assert scene.run().keep == []

    assert scene.kinds(FIRST) == [Skipped]
    assert FIRST not in scene.stage.moved
    assert scene.untouched(SECOND, THIRD)


def test_a_message_that_was_rejected_and_not_yet_buried_is_buried_with_the_reason_of_then() -> None:
    scene = Scene()
    standing = Claim(key(FIRST), State.REJECTED, NOON, NOON + HOUR, "m1", 3, reason="unreadable")
    scene.claims.claims[key(FIRST)] = standing

    assert scene.run().keep == []

    assert scene.of(FIRST) == [Rejected(str(FIRST), "unreadable")]
    assert [(letter.subject, letter.reason) for letter in scene.inbox.letters] == [(str(FIRST), "unreadable")]
    assert FIRST not in scene.stage.moved
    assert scene.untouched(SECOND, THIRD)


@pytest.mark.parametrize(
    ("state", "owner", "updated_at", "lease_until"),
    [
        (State.QUEUED, "", NOON, NOON + HOUR),
        (State.RUNNING, "m1", NOON, NOON + HOUR),
        (State.RUNNING, "m9", NOON, NOON - HOUR),
        (State.DONE, "m9", NOON - HOUR, NOON - HOUR),
        (State.GONE, "m9", NOON, NOON + HOUR),
    ],
    ids=["queued", "crashed and redelivered", "its lease ran out", "an earlier visit", "was not there yet"],
)
def test_a_task_that_is_free_is_run(state: State, owner: str, updated_at: datetime, lease_until: datetime) -> None:
    scene = Scene()
    scene.claims.claims[key(FIRST)] = Claim(key(FIRST), state, updated_at, lease_until, owner, 3)
    scene.run()

    assert scene.untouched(*TASKS)


def test_who_lost_the_lease_meanwhile_saves_nothing() -> None:
    scene = Scene()

    def lose(_: Question) -> str:
        standing = scene.claims.claims[key(FIRST)]
        scene.claims.claims[key(FIRST)] = Claim(key(FIRST), State.RUNNING, NOON, NOON + HOUR, "m9", standing.token + 1)
        return '{"answer": "Cat", "confidence": 0.9}'

    scene.model.says = lose

    assert scene.run().keep == []
    assert scene.of(FIRST) == [Skipped(str(FIRST), "its lease ran out and another worker has it")]
    assert FIRST not in scene.stage.saved
    assert FIRST not in scene.stage.moved
    assert (scene.claims.claims[key(FIRST)].owner, scene.state(FIRST)) == ("m9", State.RUNNING)
    assert scene.untouched(SECOND, THIRD)


def test_who_lost_the_lease_meanwhile_buries_nothing() -> None:
    scene = Scene()

    def lose(_: Question) -> str:
        standing = scene.claims.claims[key(FIRST)]
        scene.claims.claims[key(FIRST)] = Claim(key(FIRST), State.RUNNING, NOON, NOON + HOUR, "m9", standing.token + 1)
        raise Reject("the model takes no such picture")

    scene.model.says = lose

    assert scene.run(a_record(FIRST)).keep == []
    assert scene.of(FIRST) == [Skipped(str(FIRST), "its lease ran out and another worker has it")]
    assert scene.inbox.letters == []


def test_a_crash_between_save_and_proceed_is_repaired_by_the_next_try() -> None:
    # GIVEN a run whose move got no answer
    scene = Scene()
    scene.stage.fails["proceed"] = Retry("connection lost")
    scene.run()

    # WHEN the same messages come back
    scene.stage.fails.clear()

    # THEN the same labels are there, and the tasks move
    assert scene.run().keep == []
    assert scene.untouched(*TASKS)


def test_a_malformed_message_is_buried_with_its_reason() -> None:
    scene = Scene()
    malformed = SqsRecord(messageId="bad", receiptHandle="receipt", body="{}")

    assert scene.run(malformed, a_record(FIRST)).keep == []

    reason = "malformed TaskMessage: version: Field required"
    assert scene.result.outcomes[0] == Rejected("message bad", reason, "malformed")
    assert scene.inbox.letters == [Letter(malformed, "message bad", reason, "malformed")]
    assert scene.untouched(FIRST)


def test_a_task_of_a_project_that_nobody_serves_is_rejected_before_encord_is_asked() -> None:
    scene = Scene(PIPELINE.replace(str(PROJECT), str(STAGE)))

    assert scene.run(a_record(FIRST)).keep == []

    assert scene.of(FIRST) == [Rejected(str(FIRST), f"pipeline.yaml names no stage of project {PROJECT}")]
    assert scene.stage.asked == []


def test_claims_that_cannot_be_read_end_the_whole_batch() -> None:
    """Nothing was started, so Lambda hands the whole batch back to its queue."""
    scene = Scene()

    def unreachable(_: Sequence[TaskKey]) -> dict[TaskKey, Claim]:
        raise Retry("DynamoDB is busy")

    scene.claims.read = unreachable  # type: ignore[method-assign, assignment]

    with pytest.raises(Retry):
        scene.run()
    assert scene.stage.asked == []


@pytest.mark.parametrize("writes", [0, 1], ids=["to be started", "to be settled"])
def test_claims_that_cannot_be_written_keep_their_messages(writes: int) -> None:
    scene = Scene()
    swap, left = scene.claims.swap, iter([True] * writes)

    def unreachable(claims: Sequence[Claim]) -> dict[TaskKey, Claim | None]:
        if next(left, False):
            return swap(claims)
        raise Retry("DynamoDB is busy")

    scene.claims.swap = unreachable  # type: ignore[method-assign]

    assert sorted(scene.run().keep) == ["m1", "m2", "m3"]
    assert "DynamoDB is busy" in {getattr(o, "reason", "") for o in scene.result.outcomes}
