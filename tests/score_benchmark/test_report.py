"""From what annotators submit to the report in the records bucket."""

import csv
import io

from sandbox.annotators import Annotator, annotate, label_all
from sandbox.scenario import gold
from tests.score_benchmark.bench import PIPELINE, Bench
from tests.task_path.conftest import event

PERFECT = Annotator("ada@example.com", right=1, misses=0, jitter=0)
WRONG = Annotator("ben@example.com", right=0, misses=0, jitter=0)
BLIND = Annotator("cem@example.com", right=1, misses=1, jitter=0)


def notes(bench: Bench) -> dict[str, int]:
    return {note.what: note.count for note in bench.report().notes}


def test_everybody_is_scored_beside_the_truth(told: Bench) -> None:
    label_all(told.production, {title: told.gold[title] for title in list(told.gold)[:3]}, confidence=0.9)
    annotate(told.production, gold.CONSENSUS, told.gold, [PERFECT, WRONG, BLIND])

    [scored] = told.score(event=event("score_benchmark"))

    found = told.report()
    shares = {line.rater: (line.accuracy.right, line.accuracy.tried) for line in found.leaderboard if line.accuracy}
    assert shares == {PERFECT.email: (8, 8), WRONG.email: (0, 8), BLIND.email: (4, 8), "agents": (6, 6)}
    assert {line.rater: line.prelabelled for line in found.leaderboard} == dict.fromkeys(shares, 3) | {"agents": 0}
    assert (scored["benchmark"], scored["new"], scored["units"], scored["raters"]) == ("gold", 4, 4, 4)
    assert scored["report"].removeprefix("s3://records/") in told.files()
    assert notes(told) == {}


def test_the_table_says_the_same_and_the_page_shows_pictures(submitted: Bench) -> None:
    submitted.score()

    pages = {key.rpartition(".")[2]: submitted.read(key) for key in submitted.files() if "/reports/" in key}
    [first, *_] = csv.DictReader(io.StringIO(pages["csv"]))
    best = submitted.report().leaderboard[0]
    assert (first["rater"], float(first["accuracy"])) == (best.rater, best.accuracy and best.accuracy.value)
    assert pages["html"].count("data:image/jpeg;base64,") == len(submitted.report().worst) > 0
    assert f"{submitted.twin.url}/label_editor/{gold.PRODUCTION}/" in pages["html"]


def test_who_surely_misses_the_target_is_told_of(submitted: Bench) -> None:
    submitted.pipeline(PIPELINE.replace("least_units: 3", "least_units: 1"))
    [scored] = submitted.score()

    [heard] = submitted.heard()
    assert heard["detail"] == {
        "version": 1,
        "benchmark": "gold",
        "units": 4,
        "raters": 4,
        "missed": scored["missed"],
        "report": scored["report"],
    }
