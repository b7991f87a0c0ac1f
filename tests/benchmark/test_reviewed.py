"""What is kept of a data unit that is read again."""

from datetime import UTC, datetime
from uuid import UUID

from encord_lambda.benchmark.reviewed import KeptSubmission, ReviewedUnit, Unscored
from encord_lambda.benchmark.submissions import Rater
from tests.benchmark.labelled import ANN, BOB, MODEL, answer, labels


def read(given: dict[Rater, str], *missing: Rater) -> ReviewedUnit:
    """A data unit with these answers, and branches that are not there."""
    return ReviewedUnit(
        version=1,
        data=UUID(int=1),
        title="unit-1",
        width=100,
        height=100,
        frames=1,
        truth=(),
        submissions=tuple(KeptSubmission.of(rater, labels([answer(said)])) for rater, said in given.items()),
        updated_at=datetime(2026, 11, 21, tzinfo=UTC),
        unscored=tuple(Unscored(rater=one.name, why="missing") for one in missing),
    )


def test_who_has_not_submitted_again_is_scored_by_what_was_read_earlier() -> None:
    again = read({ANN: "Dog"}).with_earlier(read({ANN: "Cat", BOB: "Cat", MODEL: "Cat"}))
    assert again.submissions == read({ANN: "Dog", BOB: "Cat", MODEL: "Cat"}).submissions


def test_whose_new_submission_is_missing_is_not_scored_by_the_old_one() -> None:
    again = read({ANN: "Dog"}, BOB).with_earlier(read({ANN: "Cat", BOB: "Cat"}))
    assert again.submissions == read({ANN: "Dog"}).submissions
