"""An empty layer `agents` for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.custom import own


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[own.Write]:
    """Put an agent into the layer."""
    monkeypatch.syspath_prepend(str(tmp_path))
    own.forget()
    yield own.writer(tmp_path)
    own.forget()
