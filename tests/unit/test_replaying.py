"""Where dead letters go, whatever the claims say; and that a replay may be killed at any point."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda import letters, replaying
from encord_lambda.dispatch.claims import Claim, State, TaskKey
from encord_lambda.dispatch.messages import TaskMessage
from encord_lambda.letters import DeadLetter, Opened, Origin
from encord_lambda.replaying import Fate
from tests.fakes.claims import FakeClaims

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
STAGE = UUID(int=0xB1)
VISITS = [NOON - 3 * HOUR, NOON - 2 * HOUR, NOON - HOUR]


class Killed(BaseException):
    """The process ended here."""


class FakeBox:
    """Two queues in memory; whoever works with them is killed after the `last` letter that was sent or removed."""

    def __init__(self, waiting: Sequence[DeadLetter], last: int = 999) -> None:
        self.waiting = {letter.id: letter for letter in waiting}
        self.sent: list[str] = []
        self.last = last

    def send_back(self, some: Sequence[DeadLetter]) -> None:
        for letter in self._until_killed(some):
            self.sent.append(letter.body)

    def remove(self, some: Sequence[DeadLetter]) -> None:
        for letter in self._until_killed(some):
            del self.waiting[letter.id]

    def _until_killed(self, some: Sequence[DeadLetter]) -> Iterator[DeadLetter]:
        for letter in some:
            if not self.last:
                raise Killed
            self.last -= 1
            yield letter


def a_message(task: int = 1, updated_at: datetime = VISITS[1]) -> TaskMessage:
    return TaskMessage(
        version=1,
        project=UUID(int=0xA1),
        stage=STAGE,
        task=UUID(int=task),
        data=UUID(int=0xD1),
        title="cat.jpg",
        branch="main",
        updated_at=updated_at,
        swept_at=updated_at,
    )


def a_letter(message: TaskMessage, number: int = 1) -> Opened:
    return letters.opened(Origin.TASKS, DeadLetter(f"letter {number}", message.model_dump_json(), "damaged"))


def a_claim(state: State, updated_at: datetime = VISITS[1], lease_until: datetime = NOON + HOUR) -> Claim:
    return Claim(TaskKey(STAGE, UUID(int=1)), state, updated_at, lease_until, "m1", 5, 8, 2, "damaged")


@pytest.mark.parametrize(
    ("claim", "fate"),
    [
        (None, Fate.AGAIN),
        (a_claim(State.REJECTED), Fate.AGAIN),
        (a_claim(State.REJECTED, VISITS[0]), Fate.AGAIN),
        (a_claim(State.REJECTED, VISITS[2]), Fate.AGAIN),
        (a_claim(State.DONE), Fate.OUTDATED),
        (a_claim(State.DONE, VISITS[0]), Fate.AGAIN),
        (a_claim(State.DONE, VISITS[2]), Fate.OUTDATED),
        (a_claim(State.QUEUED), Fate.AGAIN),
        (a_claim(State.QUEUED, VISITS[2]), Fate.OUTDATED),
        (a_claim(State.RUNNING), Fate.RUNNING),
        (a_claim(State.RUNNING, VISITS[2]), Fate.OUTDATED),
        (a_claim(State.RUNNING, lease_until=NOON), Fate.AGAIN),
    ],
    ids=str,
)
def test_the_claim_says_where_a_letter_goes(claim: Claim | None, fate: Fate) -> None:
    assert replaying.fate(a_letter(a_message()), claim, NOON) is fate


def test_a_claim_is_set_back_as_if_never_tried() -> None:
    claim = replaying.requeued(a_message(updated_at=VISITS[2]), a_claim(State.REJECTED), NOON)

    assert claim == Claim(TaskKey(STAGE, UUID(int=1)), State.QUEUED, VISITS[2], NOON + HOUR, token=6)


def test_a_claim_that_is_set_back_bars_what_it_barred_before() -> None:
    """The task may have been changed since its message was sent; that alone is no second visit."""
    claim = replaying.requeued(a_message(updated_at=VISITS[0]), a_claim(State.REJECTED, VISITS[2]), NOON)

    assert claim.updated_at == VISITS[2]


def test_a_letter_whose_claim_was_changed_meanwhile_stays() -> None:
    held, one, other = FakeClaims(), a_letter(a_message(1), 1), a_letter(a_message(2), 2)
    box = FakeBox([one.letter, other.letter])
    plan = replaying.plan([one, other], held, NOON)
    held.swap([replaying.requeued(a_message(1), None, NOON)])

    assert replaying.carry_out(plan, box, held, NOON, lambda _: None) == [one]

    assert box.sent == [other.letter.body]
    assert list(box.waiting.values()) == [one.letter]


def test_who_waits_hears_after_each_hundred() -> None:
    heard: list[int] = []
    found = [a_letter(a_message(number), number) for number in range(1, 251)]
    held, box = FakeClaims(), FakeBox([one.letter for one in found])

    replaying.carry_out(replaying.plan(found, held, NOON), box, held, NOON, heard.append)

    assert heard == [100, 200, 250]
    assert len(box.sent) == 250


def test_a_message_is_sent_when_its_claim_lets_a_worker_take_it() -> None:
    """A worker acknowledges the message of a rejected task, and it would be lost."""
    held, one = FakeClaims(), a_letter(a_message())
    held.swap([replace(a_claim(State.REJECTED), token=1)])

    class Observed(FakeBox):
        def send_back(self, some: Sequence[DeadLetter]) -> None:
            assert [claim.state for claim in held.claims.values()] == [State.QUEUED]
            super().send_back(some)

    box = Observed([one.letter])
    replaying.carry_out(replaying.plan([one], held, NOON), box, held, NOON, lambda _: None)

    assert box.sent == [one.letter.body]


MESSAGES = st.builds(a_message, st.integers(1, 4), st.sampled_from(VISITS))
BODIES = st.one_of(MESSAGES.map(lambda message: message.model_dump_json()), st.just("malformed"))
CLAIMS = st.lists(
    st.builds(
        lambda task, state, updated_at, lease: Claim(TaskKey(STAGE, UUID(int=task)), state, updated_at, lease, token=1),
        st.integers(1, 4),
        st.sampled_from(State),
        st.sampled_from(VISITS),
        st.sampled_from([NOON - HOUR, NOON + HOUR]),
    ),
    unique_by=lambda claim: claim.key,
)


@given(bodies=st.lists(BODIES, max_size=8), claims=CLAIMS, last=st.integers(0, 20))
def test_killed_at_any_point_and_repeated_nothing_is_lost_and_no_task_is_sent_that_is_done(
    bodies: list[str], claims: list[Claim], last: int
) -> None:
    found = [letters.opened(Origin.TASKS, DeadLetter(str(number), body)) for number, body in enumerate(bodies)]
    held, box = FakeClaims(), FakeBox([one.letter for one in found], last)
    held.swap(claims)
    first = replaying.plan(found, held, NOON)
    assert sorted(one.letter.id for some in first.fates.values() for one in some) == sorted(box.waiting)
    keys = [one.key for one in first.fates[Fate.AGAIN]]
    assert len(keys) == len(set(keys))

    try:
        replaying.carry_out(first, box, held, NOON, lambda _: None)
    except Killed:
        box.last = 999
        left = [one for one in found if one.letter.id in box.waiting]
        replaying.carry_out(replaying.plan(left, held, NOON), box, held, NOON, lambda _: None)

    assert Counter(one.body for one in box.waiting.values()) == Counter(body for body in bodies if body == "malformed")
    assert set(box.sent) == {one.letter.body for one in first.fates[Fate.AGAIN]}
    for one in first.fates[Fate.AGAIN]:
        assert one.key
        assert held.claims[one.key].state is State.QUEUED
    untouched = {claim.key: claim for claim in claims if claim.key not in keys}
    assert untouched == {key: held.claims[key] for key in untouched}
