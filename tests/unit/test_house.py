"""Sizes and names: a module can be read in one sitting, a handler at a glance (docstrings are ruff's to check)."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "layers" / "core").rglob("*.py"))
HANDLERS = sorted((ROOT / "functions").glob("*/*.py"))
NAMELESS = {"common", "helper", "helpers", "manager", "misc", "util", "utils"}


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_module_has_at_most_300_lines(path: Path) -> None:
    assert lines(path) <= 300


@pytest.mark.parametrize("path", HANDLERS, ids=lambda path: path.parent.name)
def test_a_function_is_one_handler_of_at_most_45_lines(path: Path) -> None:
    assert path.name == "handler.py"
    assert lines(path) <= 45


def test_no_module_is_named_after_nothing() -> None:
    named = {part for path in SOURCES for part in (path.stem, path.parent.name)}

    assert not named & NAMELESS
