"""docs/performance.md#budgets: each row has a test that holds it, and the limits are those that it holds."""

import ast
import re

import pytest

from tests.docs.markdown import ROOT
from toolchain import budgets

ROW = re.compile(
    r"^\| (?P<what>.+?) \| (?P<limit>.+?) \| (?P<takes>.+?) \| `(?P<file>.+?)::(?P<test>\w+)` \|$", re.MULTILINE
)
SECTION = (ROOT / "docs" / "performance.md").read_text().partition("\n## Budgets\n")[2].partition("\n## ")[0]
ROWS = {found["what"]: found for found in ROW.finditer(SECTION)}


def test_every_line_of_the_table_is_a_row() -> None:
    assert len(ROWS) == SECTION.count("\n|") - 2 > 20


@pytest.mark.parametrize("what", ROWS)
def test_the_test_that_holds_a_budget_exists(what: str) -> None:
    held = ast.parse((ROOT / "tests" / ROWS[what]["file"]).read_text())

    assert ROWS[what]["test"] in {one.name for one in held.body if isinstance(one, ast.FunctionDef)}


def test_the_limits_of_layers_and_functions_are_those_that_are_held() -> None:
    held = {layer: f"{most} MB" for layer, most in budgets.LAYER_MB.items()}
    held |= {function: f"{most:,} modules" for function, most in budgets.MODULES.items()}

    assert {name: ROWS[f"`{name}`"]["limit"] for name in held} == held
    assert ROWS["a function with its layers"]["limit"] == f"{budgets.FUNCTION_MB} MB"
