"""Whatever is said of one task, the claims of its neighbours are written with its own."""

from dataclasses import replace
from uuid import uuid4

import pytest

from encord_lambda.dispatch import claims
from encord_lambda.dispatch.claims import State, TaskKey
from encord_lambda.errors import LONGEST, Reject
from tests.adapters.test_claims_contract import running, start, table

pytestmark = pytest.mark.usefixtures("aws")


@pytest.mark.parametrize(
    ("said", "kept"),
    [("\ud800", "?"), ("x" * 500_000, "x" * LONGEST), ("😀" * 500_000, "😀" * LONGEST), ("a\0b\x1b", "a\0b\x1b")],
    ids=["half a character", "longer than an item", "of many bytes", "control characters"],
)
def test_a_hundred_claims_with_any_reason_are_settled(said: str, kept: str) -> None:
    held = table()
    ours = start(held, *(running("m", TaskKey(uuid4(), uuid4())) for _ in range(100)))

    settled = [claim.settled(State.REJECTED, Reject(said).reason) for claim in ours]

    assert claims.settle(held, settled) == {}
    assert held.read([one.key for one in ours]) == {one.key: replace(one, reason=kept) for one in settled}
