"""Layers fit into Lambda, and a cold start pays for no package that its handler can do without."""

from pathlib import Path

import pytest

from sandbox import template as reader
from toolchain import budgets

FUNCTIONS = reader.functions(reader.load())


@pytest.mark.usefixtures("build")
@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_cold_handler_imports_no_more_than_its_budget(function: reader.Function) -> None:
    modules = budgets.imported(function)

    assert modules & budgets.HEAVY == budgets.AT_ONCE.get(function.name, set())
    assert len(modules) <= budgets.MODULES[function.name]


def test_every_layer_and_function_has_a_budget() -> None:
    assert set(reader.of_type(reader.load(), "AWS::Serverless::LayerVersion")) == set(budgets.LAYER_MB)
    assert set(FUNCTIONS) == set(budgets.MODULES)


@pytest.mark.parametrize(("layer", "most"), budgets.LAYER_MB.items(), ids=budgets.LAYER_MB)
def test_a_layer_is_no_larger_than_its_budget(build: Path, layer: str, most: int) -> None:
    assert budgets.megabytes(build / layer) <= most


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_and_its_layers_fit_into_lambda(build: Path, function: reader.Function) -> None:
    assert budgets.megabytes(*(build / name for name in (function.name, *function.layers))) < budgets.FUNCTION_MB
