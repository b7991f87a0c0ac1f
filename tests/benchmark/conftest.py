"""A number that overflows, or is none, is a fault here: what cannot be computed with is to be noted before."""

import warnings
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _no_number_goes_astray() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        yield
