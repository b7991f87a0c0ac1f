"""SQS delivers some messages to two workers at once; should the later one die, its message must come again."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import pytest

from encord_lambda.agent_stage import Visit
from encord_lambda.agents.agent import Question
from encord_lambda.dispatch.claims import Claim, State
from encord_lambda.errors import Reject, Retry, Trouble
from encord_lambda.outcomes import Labelled, Postponed, Routed, Skipped
from tests.fakes.scene import FIRST, HOUR, NOON, SECOND, THIRD, Scene, a_record, key

LOST = Skipped(str(FIRST), "its lease ran out and another worker has it")


def resumed_by_another(scene: Scene) -> None:
    standing = scene.claims.claims[key(FIRST)]
    scene.claims.claims[key(FIRST)] = replace(standing, token=standing.token + 1, crashes=1)


@pytest.mark.parametrize("trouble", [None, Reject("the model takes no such picture")], ids=["answered", "rejected"])
def test_before_the_save_the_message_is_left_to_the_other(trouble: Reject | None) -> None:
    scene = Scene()

    def says(_: Question) -> str:
        resumed_by_another(scene)
        if trouble:
            raise trouble
        return '{"answer": "Cat", "confidence": 0.9}'

    scene.model.says = says

    assert scene.run(a_record(FIRST)).keep == ["m1"]
    assert (scene.of(FIRST), scene.inbox.letters) == ([LOST], [])


@pytest.mark.parametrize("trouble", [None, Retry("connection lost")], ids=["moved", "put off"])
def test_after_the_move_the_message_is_left_to_the_other(
    trouble: Retry | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = Scene()
    proceed = scene.stage.proceed

    def slow(moves: Mapping[UUID, str], visits: Mapping[UUID, Visit]) -> dict[UUID, Trouble]:
        refused = proceed(moves, visits)
        resumed_by_another(scene)
        return {FIRST: trouble} if trouble else refused

    monkeypatch.setattr(scene.stage, "proceed", slow)

    assert scene.run().keep == ["m1"]
    assert scene.kinds(FIRST) == [Labelled, Postponed if trouble else Routed]
    assert scene.state(FIRST) is State.RUNNING
    assert scene.untouched(SECOND, THIRD)


def test_of_a_dead_workers_message_and_a_later_one_the_dead_workers_goes_on() -> None:
    """The other may not take the claim as long as its lease lasts, and both would be acknowledged."""
    scene = Scene()
    scene.claims.claims[key(FIRST)] = Claim(key(FIRST), State.RUNNING, NOON, NOON + HOUR, "m1", 3)

    scene.run(a_record(FIRST, "later", updated_at=NOON + HOUR), a_record(FIRST, "m1"))

    assert scene.kinds(FIRST) == [Skipped, Labelled, Routed]
