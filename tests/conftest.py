"""The same examples in every run; `make test ARGS=--hypothesis-profile=explore` looks for new ones."""

import functools

import botocore.session
import pytest
from hypothesis import settings

# Files of tests that take longest, and few of them each: begun last, they would leave the other workers idle.
LONGEST = (
    "e2e/test_demo.py",
    "docs/test_readme.py",
    "benchmarks/test_tasks.py",
    "chaos/test_chaos.py",
    "functions/test_crashes.py",
    "benchmarks/test_sweep.py",
)

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=1000, deadline=None)
settings.load_profile("repeatable")

# What AWS's services are like is read once, instead of once for each session: 50 ms and more.
botocore.session.create_loader = functools.cache(botocore.session.create_loader)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; the others stay as they are."""
    items.sort(key=lambda item: next((n for n, name in enumerate(LONGEST) if item.path.match(name)), len(LONGEST)))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are called by their argument: what an encoder made need not be the same in every process."""
    return argname if isinstance(val, bytes) else None
