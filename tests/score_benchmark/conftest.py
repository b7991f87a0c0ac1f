"""A bench of a few pictures whose truth is told, and a submitted one."""

from collections.abc import Iterator
from functools import cache

import pytest

from encord_lambda import wiring
from sandbox.scenario import gold
from sandbox.scenario.archive import Medium
from tests.score_benchmark.bench import Bench, bench
from tests.task_path.conftest import aws

__all__ = ["aws"]  # fixtures


@cache
def media(number: int) -> list[Medium]:
    return gold.pictures(number)


@pytest.fixture
def untold(aws: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[Bench]:
    """Four pictures, which nobody has annotated yet."""
    with bench(aws, monkeypatch, caplog, media(4)) as built:
        yield built
    for one in vars(wiring).values():
        getattr(one, "cache_clear", lambda: None)()


@pytest.fixture
def told(untold: Bench) -> Bench:
    """Their truth is known."""
    gold.establish(untold.client, untold.gold)
    return untold


@pytest.fixture
def submitted(told: Bench) -> Bench:
    """All have annotated them."""
    gold.work(told.client, told.gold)
    return told
