"""Making a report of scores."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Final

from encord_lambda.benchmark import coco
from encord_lambda.benchmark.answer_scores import QuestionScore
from encord_lambda.benchmark.coco import AveragePrecision
from encord_lambda.benchmark.comparing import THRESHOLDS
from encord_lambda.benchmark.conventions import CONVENTIONS
from encord_lambda.benchmark.counting import SPREAD_AT
from encord_lambda.benchmark.disagreement import disagreement
from encord_lambda.benchmark.intervals import clustered
from encord_lambda.benchmark.object_scores import RaterScore
from encord_lambda.benchmark.questions import Question
from encord_lambda.benchmark.reliability import reliability
from encord_lambda.benchmark.report import (
    Alpha,
    Confused,
    DrawingReport,
    Level,
    NoteReport,
    ObjectReport,
    QuestionReport,
    Report,
    TrendPoint,
)
from encord_lambda.benchmark.scoring import Scoring
from encord_lambda.benchmark.standings import Standing, leaderboard
from encord_lambda.benchmark.submissions import Rater
from encord_lambda.benchmark.tallies import Spread, Tally
from encord_lambda.benchmark.track_scores import TrackScore
from encord_lambda.config_benchmark import Benchmark

RUNS: Final = 60
"""How many reports the trend goes back, this one among them."""

type Places = Mapping[Rater, int]


def report(scoring: Scoring, benchmark: Benchmark, at: datetime, editor: str, earlier: Report | None = None) -> Report:
    """All that was counted.

    `editor` is where Encord's web application is, such as https://app.encord.com; `earlier` is the report before
    this one, whose trend goes on.
    """
    scores = scoring.scores()
    board = leaderboard(scores.tallies, benchmark.least_units, benchmark.target)
    places = {Rater(line.rater, line.kind): place for place, line in enumerate(board)}
    project = f"{editor}/label_editor/{benchmark.production}"
    return Report(
        version=1,
        benchmark=benchmark.name,
        production=benchmark.production,
        at=at,
        target=benchmark.target,
        least_units=benchmark.least_units,
        units=scores.units,
        leaderboard=board,
        questions=_questions(scores.answers.scores, places),
        alphas=tuple(
            Alpha(classification=title, alpha=said.alpha) for title, said in sorted(scores.answers.agreement.items())
        ),
        drawings=tuple(map(_drawing, sorted(filter(_drew, scores.objects), key=lambda one: places[one.rater]))),
        answers_reliability=reliability(scores.answers.judgements),
        drawings_reliability=reliability(scores.drawn),
        worst=tuple(disagreement(one, scoring.ontology, project) for one in scores.worst),
        notes=tuple(NoteReport(what=what, count=count, examples=those) for what, count, those in scoring.notes),
        conventions=CONVENTIONS,
        trend=tuple(_trend(board, at, earlier)),
    )


def _questions(scores: Mapping[tuple[Rater, Question], QuestionScore], places: Places) -> tuple[QuestionReport, ...]:
    ordered = sorted(scores, key=lambda key: (key[1], places[key[0]]))
    return tuple(_question(rater, question, scores[rater, question]) for rater, question in ordered)


def _question(rater: Rater, question: Question, score: QuestionScore) -> QuestionReport:
    return QuestionReport(
        rater=rater.name,
        kind=rater.kind,
        question=question,
        type=score.kind,
        places=score.places,
        accuracy=score.accuracy,
        interval=score.interval,
        closeness=score.mean_closeness,
        macro_f1=score.macro_f1,
        kappa=score.kappa,
        agreement=score.agreement,
        options=tuple(score.options()),
        confusion=tuple(
            Confused(truth=truth, given=given, count=count) for (truth, given), count in sorted(score.confusion.items())
        ),
    )


def _drew(score: RaterScore) -> bool:
    return score.total.given + score.total.truth > 0


def _drawing(score: RaterScore) -> DrawingReport:
    precision = score.average_precision
    all_objects = _object(None, score.total, score.units.spread, coco.mean(precision), score.all_tracks)
    return DrawingReport(
        rater=score.rater.name,
        kind=score.rater.kind,
        total=all_objects,
        macro_f1=score.macro_f1(SPREAD_AT),
        unit_f1=score.unit_f1(SPREAD_AT),
        both_empty=score.units.both_empty,
        objects=tuple(
            _object(title, tally, score.spreads[title], precision.get(title), score.tracks.get(title, TrackScore()))
            for title, tally in sorted(score.objects.items())
        ),
        mislabelled=tuple(
            Confused(truth=truth, given=given, count=count) for (given, truth), count in score.mistaken.items()
        ),
        attributes=_questions({(score.rater, one): each for one, each in score.attributes.items()}, {score.rater: 0}),
    )


def _object(
    title: str | None, tally: Tally, spread: Spread, precision: AveragePrecision | None, tracks: TrackScore
) -> ObjectReport:
    return ObjectReport(
        object=title,
        given=tally.given,
        truth=tally.truth,
        levels=tuple(
            Level(threshold=one, precision=tally.precision(one), recall=tally.recall(one), f1=tally.f1(one))
            for one in THRESHOLDS
        ),
        precision_interval=clustered(spread.precision),
        recall_interval=clustered(spread.recall),
        f1_interval=clustered(spread.f1),
        mean_f1=tally.mean_f1,
        mean_overlap=tally.mean_overlap(SPREAD_AT),
        mean_dice=tally.mean_dice(SPREAD_AT),
        count_error=tally.count_error,
        breakdown=tally.breakdown(SPREAD_AT),
        average_precision=precision,
        idf1=tracks.idf1,
        temporal_overlap=tracks.temporal_iou,
    )


def _trend(board: Iterable[Standing], at: datetime, earlier: Report | None) -> Iterator[TrendPoint]:
    before = [(moment, list(those)) for moment, those in groupby(earlier.trend if earlier else (), lambda one: one.at)]
    for moment, those in before[-(RUNS - 1) :]:
        if moment < at:
            yield from those
    for line in board:
        if line.accuracy:
            share, rater, kind = line.accuracy, line.rater, line.kind
            yield TrendPoint(at=at, rater=rater, kind=kind, accuracy=share.value, interval=share.interval)
