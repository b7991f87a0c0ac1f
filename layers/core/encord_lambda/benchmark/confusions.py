"""Tables of confusion as a page shows them: what was given, for each thing that is true."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from encord_lambda.benchmark.answer_scores import MISSING
from encord_lambda.benchmark.report import Confused

ANSWERS: Final = 12
"""So many have a row and a column of their own."""
OTHERS: Final = "<others>"


@dataclass(frozen=True, slots=True)
class Cell:
    """How often something was given."""

    count: int
    share: float
    """Of all of its row, in [0, 1]."""
    right: bool


@dataclass(frozen=True, slots=True)
class Row:
    """What was given where this is true."""

    truth: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A table; rows and columns have the same order, the most frequent answers first."""

    answers: tuple[str, ...]
    rows: tuple[Row, ...]


def matrix(confusion: Iterable[Confused]) -> Matrix:
    """The rarer ones of many answers are put together."""
    counted = list(confusion)
    frequent = Counter[str]()
    for one in counted:
        frequent.update({one.truth: one.count})
        frequent.update({one.given: one.count})
    named = [answer for answer, _ in frequent.most_common() if answer != MISSING]
    answers = named if len(named) <= ANSWERS else [*named[: ANSWERS - 1], OTHERS]
    answers += [MISSING] if MISSING in frequent else []
    counts = Counter[tuple[str, str]]()
    for one in counted:
        truth, given = (each if each in answers else OTHERS for each in (one.truth, one.given))
        counts[truth, given] += one.count
    return Matrix(tuple(answers), tuple(_row(truth, answers, counts) for truth in answers))


def _row(truth: str, answers: Iterable[str], counts: Counter[tuple[str, str]]) -> Row:
    found = [counts[truth, given] for given in answers]
    total = sum(found) or 1
    # Of two others nobody can tell here whether they are the same.
    right = [given == truth and truth != OTHERS for given in answers]
    return Row(truth, tuple(Cell(count, count / total, one) for count, one in zip(found, right, strict=True)))
