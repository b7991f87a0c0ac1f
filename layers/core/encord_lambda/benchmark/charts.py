"""Curves as a page draws them: points in percent of the plot, from its top left corner."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Final

from encord_lambda.benchmark.intervals import Interval
from encord_lambda.benchmark.reliability import Reliability
from encord_lambda.benchmark.report import DrawingReport, TrendPoint
from encord_lambda.benchmark.submissions import Rater

LINES: Final = 8
"""As many curves can be told apart in one plot; the others are in the tables."""
LETTERS: Final = "ABCDEFGH"
APART: Final = 5.5
"""Least distance of letters beside each other, in percent of the plot's height."""

type Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Whisker:
    """An interval: from `low` up to `high`, at `x`."""

    x: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Line:
    """A rater's curve."""

    name: str
    letter: str
    """By which it is known in the plot."""
    points: tuple[Point, ...]
    whiskers: tuple[Whisker, ...]
    beside: float
    """How far down the letter is."""


@dataclass(frozen=True, slots=True)
class Plot:
    """Curves with their scales."""

    lines: tuple[Line, ...]
    across: tuple[tuple[float, str], ...]
    """Ticks: where, and what they say."""
    down: tuple[tuple[float, str], ...]
    left_out: int = 0
    """How many curves there are besides."""


@dataclass(frozen=True, slots=True)
class Scale:
    """From a value to percent of the plot's height; the greatest is at the top."""

    low: float
    high: float = 1.0

    @classmethod
    def over(cls, values: Iterable[float], step: float = 0.1) -> "Scale":
        """From the step below the least value, at least two steps, up to 1."""
        least = min(values, default=0.0)
        return cls(max(0.0, min(floor(least / step + 1e-9) * step, 1 - 2 * step)))

    def down(self, value: float) -> float:
        """0 for the greatest."""
        return 100 * (self.high - value) / (self.high - self.low)

    def along(self, value: float) -> float:
        """The same from the left: 0 for the least."""
        return 100 - self.down(value)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Six at most, in percent."""
        tenths = range(ceil(self.low * 10 - 1e-9), 11)
        step = ceil(len(tenths) / 6)
        return tuple((self.down(tenth / 10), f"{10 * tenth}") for tenth in reversed(tenths) if (10 - tenth) % step == 0)


def f1_curves(drawings: Sequence[DrawingReport]) -> Plot:
    """F1 of all objects of each rater over the least overlap."""
    levels = [(each, [(level.threshold, level.f1 or 0.0) for level in each.total.levels]) for each in drawings]
    scale = Scale.over(f1 for _, curve in levels[:LINES] for _, f1 in curve)
    return _plot(
        [(each.rater, curve, ()) for each, curve in levels],
        lambda threshold: 100 * (threshold - 0.5) / 0.45,
        [(0.5, "0.5"), (0.6, "0.6"), (0.7, "0.7"), (0.8, "0.8"), (0.9, "0.9")],
        scale,
    )


def trend_lines(trend: Sequence[TrendPoint], raters: Iterable[Rater]) -> Plot:
    """Accuracy of each of these raters over the reports, of which there are two or more."""
    first, last = trend[0].at, trend[-1].at
    seconds = (last - first).total_seconds()
    by_rater = [(rater, [one for one in trend if Rater(one.rater, one.kind) == rater]) for rater in raters]
    scale = Scale.over(one.accuracy for _, those in by_rater[:LINES] for one in those)
    return _plot(
        [
            (rater.name, [((one.at - first).total_seconds(), one.accuracy) for one in those], ())
            for rater, those in by_rater
        ],
        lambda second: 100 * second / seconds,
        [((one - first).total_seconds(), f"{one.day} {one:%b %Y}") for one in (first, last)],
        scale,
    )


def reliability_curve(one: Reliability, name: str) -> Plot:
    """Accuracy over confidence; both from 0 to 1."""
    return _plot(
        [
            (
                name,
                [(tenth.confidence, tenth.accuracy) for tenth in one.tenths],
                [(tenth.confidence, tenth.interval) for tenth in one.tenths],
            )
        ],
        lambda confidence: 100 * confidence,
        [(part / 5, f"{20 * part}") for part in range(6)],
        Scale(0.0),
    )


type _Curve = tuple[str, Sequence[Point], Sequence[tuple[float, Interval]]]


def _plot(
    curves: Sequence[_Curve], along: Callable[[float], float], ticks: Sequence[tuple[float, str]], scale: Scale
) -> Plot:
    shown = [curve for curve in curves if curve[1]]
    lines = [
        Line(
            name,
            letter,
            tuple((along(x), scale.down(y)) for x, y in points),
            tuple(Whisker(along(x), scale.down(one.low), scale.down(one.high)) for x, one in intervals),
            scale.down(points[-1][1]),
        )
        for letter, (name, points, intervals) in zip(LETTERS, shown, strict=False)
    ]
    across = tuple((along(at), text) for at, text in ticks)
    return Plot(tuple(_parted(lines)), across, scale.ticks(), len(shown) - len(lines))


def _parted(lines: Sequence[Line]) -> Iterator[Line]:
    """The same lines, from the top, with letters that do not hide each other."""
    falling = sorted(lines, key=lambda line: line.beside)
    lowest = 100 + APART - APART * len(falling)
    above = -APART
    for place, line in enumerate(falling):
        above = max(above + APART, min(line.beside, lowest + APART * place))
        yield replace(line, beside=above)
