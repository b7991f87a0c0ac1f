"""What a soak says of what it saw: each kind of leak is told, a calm run is not, and memory is judged as it is."""

import os
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import soak_samples
from benchmarks.soak import clickable, result
from benchmarks.soak_page import page
from benchmarks.soak_verdicts import LIMIT, SHORTEST, WARM_UP, Sample, Traffic, growth, slope, verdicts
from sandbox.scenario.encord import Platform, Task
from sandbox.scenario.world import AGENT_STAGE

WORKER = ("RunTasks", 7)
LONG = round(WARM_UP + SHORTEST) + 30
CALM = Sample(at=0, memory={WORKER: 150.0}, queued={"Tasks": 0}, dead={"Tasks": 0}, registered=3)
ASKED = Traffic(uploads=3, clicks=2)


def soaked(per_minute: float = 0.0, seconds: int = LONG) -> list[Sample]:
    """A run in which a worker's memory grows so many MB a minute, whatever it did while it warmed up."""
    return [
        replace(CALM, at=at, memory={WORKER: 150 + at / 60 * per_minute if at >= WARM_UP else 20.0 + at})
        for at in range(0, seconds, 5)
    ]


def failed(samples: list[Sample], traffic: Traffic = ASKED) -> list[str]:
    return [verdict.claim for verdict in verdicts(samples, traffic) if not verdict.holds]


def test_nothing_is_held_against_a_calm_run() -> None:
    assert failed(soaked()) == []


def test_memory_that_grows_fails_by_the_workers_function() -> None:
    [claim] = failed(soaked(per_minute=LIMIT + 0.1))
    assert "RunTasks" in claim


def test_memory_that_grows_less_than_the_limit_is_flat() -> None:
    assert failed(soaked(per_minute=LIMIT - 0.1)) == []


def test_one_of_two_workers_is_enough() -> None:
    both = [replace(one, memory={**one.memory, ("RunTasks", 8): one.at}) for one in soaked()]
    assert growth(both)["RunTasks"] == pytest.approx(60)


def test_a_run_too_short_to_tell_says_so() -> None:
    said = [one.found for one in verdicts(soaked(seconds=30), ASKED) if "memory" in one.claim]
    assert said == [f"not judged: no worker of it was there for {WARM_UP + SHORTEST:g} s"]


def test_a_run_without_a_worker_proves_nothing() -> None:
    assert failed([replace(one, memory={}) for one in soaked()]) == ["memory is flat"]


@pytest.mark.parametrize(
    ("left", "claim"),
    [
        ({"queued": {"Tasks": 1}}, "no message is left on a queue"),
        ({"dead": {"Tasks": 1}}, "no message is a dead letter"),
        ({"live_claims": 1}, "no claim is left"),
        ({"open_jobs": 1}, "no upload job is left open"),
        ({"waiting": 1}, "no task waits for an agent"),
        ({"registered": 2}, "every upload is registered once"),
        ({"registered": 4}, "every upload is registered once"),
    ],
)
def test_a_leak_at_the_end_fails(left: dict[str, object], claim: str) -> None:
    samples = soaked()
    assert failed([*samples, replace(samples[-1], **left)]) == [claim]  # type: ignore[arg-type]
    assert failed([replace(samples[0], **left), *samples[1:]]) == []  # type: ignore[arg-type]


def test_a_refused_click_fails_with_its_reason() -> None:
    [told] = [one for one in verdicts(soaked(), Traffic(3, 2, ("status 500: broken",))) if not one.holds]
    assert told.found == "1 of 2: status 500: broken"


@given(st.floats(-50, 50), st.floats(0, 500), st.lists(st.integers(0, 5000), min_size=3, max_size=30, unique=True))
def test_the_slope_of_a_line_is_its_own(per_minute: float, start: float, seconds: list[int]) -> None:
    assert slope([(at, start + at / 60 * per_minute) for at in sorted(seconds)]) == pytest.approx(per_minute, abs=1e-6)


@given(st.sets(st.integers(0, 39), max_size=5), st.floats(-300, 300))
def test_a_few_outliers_hardly_move_it(spoilt: set[int], by: float) -> None:
    points = [(float(at), 100 + at / 60 + (by if at in spoilt else 0)) for at in range(40)]
    assert slope(points) == pytest.approx(1, abs=1e-6)


def test_the_page_draws_each_function_and_says_each_verdict_and_loads_nothing() -> None:
    samples = [replace(one, memory={**one.memory, ("<b>", 9): 1.0}) for one in soaked()]
    held = list(verdicts(samples, ASKED))

    class Reader(HTMLParser):
        tags: list[str] = []  # noqa: RUF012
        text = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert not {"src", "href"} & {name for name, _ in attrs}
            self.tags.append(tag)

        def handle_data(self, data: str) -> None:
            self.text += data

    reader = Reader()
    reader.feed(page(samples, held))
    assert reader.tags.count("svg") == 4
    assert {"RunTasks", "<b>"} <= {word.strip() for word in reader.text.replace("RunTasks", " RunTasks ").split()}
    assert all(one.claim in reader.text and one.found in reader.text for one in held)


def test_the_result_line_names_peaks_slopes_and_what_failed() -> None:
    samples = [*soaked(), replace(CALM, at=LONG, queued={"Tasks": 5, "Calls": 1})]
    told = result(samples, ASKED, list(verdicts(samples, ASKED)))
    assert told["most_queued"] == 6
    assert told["peak_mb"] == {"RunTasks": 150}
    assert told["mb_per_minute"] == {"RunTasks": 0.0}
    assert told["failed"] == ["no message is left on a queue"]


def test_a_click_is_about_a_data_unit_that_no_agent_works_on() -> None:
    waiting, done = uuid4(), uuid4()
    platform = Platform(stages={AGENT_STAGE: [task(waiting)], "Archive": [task(done)]})
    assert clickable(platform) == [done]


def test_the_memory_of_a_process_is_read_and_that_of_one_that_ended_is_nothing() -> None:
    assert soak_samples._resident(os.getpid()) > 10
    assert soak_samples._resident(2**22 + 1) == 0


def task(unit: UUID) -> Task:
    return Task(uuid=uuid4(), data_hash=unit, visits=[{"stage": AGENT_STAGE, "at": datetime(2026, 11, 21)}])
