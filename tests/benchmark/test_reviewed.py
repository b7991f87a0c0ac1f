"""What is kept of a data unit that is read again."""

from contextlib import suppress
from datetime import UTC, datetime
from math import inf, nan
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.benchmark.reviewed import KeptLabel, KeptSubmission, ReviewedUnit, Unscored
from encord_lambda.benchmark.submissions import Rater
from encord_lambda.errors import Reject
from encord_lambda.labels.proposals import Proposal
from encord_lambda.labels.shapes import Box
from tests.benchmark.drawn import SQUARE, thing
from tests.benchmark.labelled import ANN, BOB, MODEL, answer, labels


def read(said_by: dict[Rater, str], *missing: Rater) -> ReviewedUnit:
    """A data unit with these answers, and branches that are not there."""
    return ReviewedUnit(
        version=1,
        data=UUID(int=1),
        title="unit-1",
        width=100,
        height=100,
        frames=1,
        truth=(),
        submissions=tuple(KeptSubmission.of(rater, labels([answer(said)])) for rater, said in said_by.items()),
        updated_at=datetime(2026, 11, 21, tzinfo=UTC),
        unscored=tuple(Unscored(rater=one.name, why="missing") for one in missing),
    )


def test_who_has_not_submitted_again_is_scored_by_what_was_read_earlier() -> None:
    again = read({ANN: "Dog"}).with_earlier(read({ANN: "Cat", BOB: "Cat", MODEL: "Cat"}))
    assert again.submissions == read({ANN: "Dog", BOB: "Cat", MODEL: "Cat"}).submissions


def test_whose_new_submission_is_missing_is_not_scored_by_the_old_one() -> None:
    again = read({ANN: "Dog"}, BOB).with_earlier(read({ANN: "Cat", BOB: "Cat"}))
    assert again.submissions == read({ANN: "Dog"}).submissions


@pytest.mark.parametrize(
    "content",
    [
        thing(Box(nan, 0.1, 0.2, 0.2)),
        thing(Box(0.1, 0.1, inf, 0.2)),
        thing(SQUARE, confidence=nan),
        answer("Cat", confidence=inf),
        answer("half a \ud83d", "Caption"),
    ],
    ids=["no number", "no end", "no confidence", "endless confidence", "half a character"],
)
def test_a_label_that_could_not_be_read_again_is_refused_by_its_hash_before_it_is_kept(content: Proposal) -> None:
    with pytest.raises(Reject, match="label hash0000 has a number that is none"):
        KeptLabel.of(labels([content])[0])


@given(st.text(st.characters()), st.floats() | st.sampled_from([nan, inf]))
def test_what_is_kept_of_a_label_can_be_read_again(said: str, number: float) -> None:
    for content in (answer(said, "Caption"), thing(Box(number, 0.1, 0.2, 0.2))):
        [label] = labels([content])
        with suppress(Reject):
            kept = KeptLabel.of(label)
            assert KeptLabel.model_validate_json(kept.model_dump_json()).label == label
