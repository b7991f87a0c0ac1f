"""What was built is what was written, bytecode included; test_budgets.py has how large it may be."""

import importlib.util
from pathlib import Path

import pytest

from sandbox import template as reader

SOURCE = reader.ROOT / "layers" / "core" / "encord_lambda"
LAYERS = reader.of_type(reader.load(), "AWS::Serverless::LayerVersion")


def test_the_core_layer_is_our_package_byte_for_byte(build: Path) -> None:
    """Catches a package one folder too deep and a prompt file left behind; if it fails, run `make build`."""
    assert _files(build / "CoreLayer" / "python" / "encord_lambda") == _files(SOURCE)


@pytest.mark.parametrize("layer", LAYERS)
def test_layers_bring_their_bytecode(build: Path, layer: str) -> None:
    """`/opt` is read-only: what is not compiled here is compiled at every cold start."""
    modules = set((build / layer / "python").rglob("*.py"))
    compiled = {path.parent.parent / f"{path.name.split('.')[0]}.py" for path in (build / layer).rglob("*.pyc")}
    assert modules
    assert modules - compiled == set()


@pytest.mark.parametrize("layer", LAYERS)
def test_bytecode_is_of_lambdas_python_and_taken_without_a_look_at_its_source(build: Path, layer: str) -> None:
    """Zipping changes the times by which other bytecode is thought to be out of date."""
    unchecked = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little")
    assert {_first_bytes(path) for path in (build / layer).rglob("*.pyc")} == {unchecked}


def test_no_library_is_built_for_another_processor(build: Path) -> None:
    """Layers take their processor from the environment, functions from a parameter."""
    libraries = [str(path) for path in build.rglob("*.so")]
    assert libraries
    machine = "aarch64" if "aarch64" in libraries[0] else "x86_64"
    assert not [path for path in libraries if machine not in path and ("aarch64" in path or "x86_64" in path)]


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(8)


def _files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}
