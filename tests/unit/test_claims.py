"""When a claim keeps a task from being queued."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from encord_lambda.dispatch.claims import Claim, State, TaskKey

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
KEY = TaskKey(UUID(int=1), UUID(int=2))


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING])
@pytest.mark.parametrize("seen", [NOON - MINUTE, NOON, NOON + MINUTE])
@pytest.mark.parametrize(("now", "bars"), [(NOON, True), (NOON + MINUTE, False), (NOON + 2 * MINUTE, False)])
def test_a_live_claim_bars_every_visit_until_its_lease_ends(
    state: State, seen: datetime, now: datetime, bars: bool
) -> None:
    claim = Claim(KEY, state, updated_at=NOON, lease_until=NOON + MINUTE)

    assert claim.bars(seen, now) is bars


@pytest.mark.parametrize("state", [State.DONE, State.REJECTED])
@pytest.mark.parametrize("now", [NOON, NOON + 2 * MINUTE])
@pytest.mark.parametrize(("seen", "bars"), [(NOON - MINUTE, True), (NOON, True), (NOON + MINUTE, False)])
def test_a_finished_claim_bars_its_own_visit_only_and_for_good(
    state: State, seen: datetime, now: datetime, bars: bool
) -> None:
    claim = Claim(KEY, state, updated_at=NOON, lease_until=NOON + MINUTE)

    assert claim.bars(seen, now) is bars


@pytest.mark.parametrize("seen", [NOON - MINUTE, NOON])
def test_a_task_that_was_not_there_is_queued_once_it_is_seen(seen: datetime) -> None:
    claim = Claim(KEY, State.GONE, updated_at=NOON, lease_until=NOON + MINUTE)

    assert not claim.bars(seen, NOON)
