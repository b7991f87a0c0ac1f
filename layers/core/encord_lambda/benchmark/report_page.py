"""A report as one page of HTML, which needs nothing else: no script, nothing from another place but links to Encord.

Titles, answers and addresses are strangers' words: the templates escape every one, and the page's own policy lets a
browser run nothing and fetch nothing, should one ever be forgotten.
"""

import base64
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from uuid import UUID

from jinja2 import Environment, PackageLoader, StrictUndefined

from encord_lambda.benchmark.charts import Plot, Scale, f1_curves, reliability_curve, trend_lines
from encord_lambda.benchmark.confusions import matrix
from encord_lambda.benchmark.disagreement import Disagreement
from encord_lambda.benchmark.pictures import Scene, scene
from encord_lambda.benchmark.questions import Question
from encord_lambda.benchmark.reliability import Reliability
from encord_lambda.benchmark.report import QuestionReport, Report
from encord_lambda.benchmark.submissions import Rater

NOTHING: Final = "\N{EN DASH}"

type Place = tuple[UUID, int]
"""A data unit and its frame."""


def page(report: Report, pictures: Mapping[Place, bytes]) -> str:
    """`pictures` are small JPEGs of the worst disagreements' frames; without one, labels stand on an empty frame."""
    return _TEMPLATES.get_template("report.html").render(
        report=report,
        scale=_scale(report),
        questions=list(_questions(report)),
        alphas={one.classification: one.alpha for one in report.alphas},
        trend=_trend(report),
        f1=f1_curves(report.drawings) if report.drawings else None,
        reliabilities=list(_reliabilities(report)),
        worst=[_Shown.of(one, pictures) for one in report.worst],
        many_kinds=len({line.kind for line in report.leaderboard}) > 1,
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """A disagreement with its picture."""

    report: Disagreement
    scene: Scene
    picture: str | None
    """A data URI."""

    @classmethod
    def of(cls, one: Disagreement, pictures: Mapping[Place, bytes]) -> "_Shown":
        jpeg = pictures.get((one.data, one.frame))
        picture = f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}" if jpeg else None
        return cls(one, scene(one), picture)


def _scale(report: Report) -> Scale:
    """Of the leaderboard's bars."""
    lows = [line.accuracy.interval.low for line in report.leaderboard if line.accuracy]
    return Scale.over([*lows, report.target or 1.0])


def _questions(report: Report) -> Iterator[tuple[Question, list[QuestionReport]]]:
    for question, those in groupby(report.questions, key=lambda one: one.question):
        yield question, list(those)


def _trend(report: Report) -> Plot | None:
    """None before the second report."""
    if len({one.at for one in report.trend}) < 2:
        return None
    return trend_lines(report.trend, [Rater(line.rater, line.kind) for line in report.leaderboard])


def _reliabilities(report: Report) -> Iterator[tuple[str, Reliability, Plot]]:
    for name, one in (("answers", report.answers_reliability), ("objects", report.drawings_reliability)):
        if one:
            yield name, one, reliability_curve(one, name)


def _percent(share: float | None, digits: int = 1) -> str:
    return NOTHING if share is None else f"{100 * share:.{digits}f}"


def _score(number: float | None) -> str:
    return NOTHING if number is None else f"{number:.2f}".replace("-", "\N{MINUS SIGN}")


def _amount(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def _counted(titles: Iterable[str]) -> str:
    """Each title once, with how many there are."""
    return ", ".join(
        title if count == 1 else f"{count} \N{MULTIPLICATION SIGN} {title}"
        for title, count in Counter(titles).most_common()
    )


_TEMPLATES: Final = Environment(
    loader=PackageLoader("encord_lambda.benchmark"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters |= {
    "amount": _amount,
    "counted": _counted,
    "matrix": matrix,
    "percent": _percent,
    "score": _score,
}
