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
def told(aws: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Bench]:
    """The truth is known of four pictures, which nobody has annotated yet."""
    with bench(aws, monkeypatch, capsys, media(4)) as built:
        gold.establish(built.client, built.gold)
        yield built
    for one in vars(wiring).values():
        getattr(one, "cache_clear", lambda: None)()


@pytest.fixture
def submitted(told: Bench) -> Bench:
    """All have annotated them."""
    gold.work(told.client, told.gold)
    return told
