"""What was built is what was written, bytecode included, and small enough for Lambda."""

from pathlib import Path

import pytest

from sandbox import template as reader

SOURCE = reader.ROOT / "layers" / "core" / "encord_lambda"
FUNCTIONS = reader.functions(reader.load())
BUDGET = 240_000_000  # bytes, unzipped; Lambda refuses a function and layers of more than 250 MB


def test_the_core_layer_is_our_package_byte_for_byte(build: Path) -> None:
    """Catches a package one folder too deep and a prompt file left behind; if it fails, run `make build`."""
    assert _files(build / "CoreLayer" / "python" / "encord_lambda") == _files(SOURCE)


@pytest.mark.parametrize(
    "layer", [f"{name}Layer" for name in ("Core", "Agents", "Runtime", "Models", "Video", "Probing", "Scoring")]
)
def test_layers_bring_their_bytecode(build: Path, layer: str) -> None:
    """`/opt` is read-only: what is not compiled here is compiled at every cold start."""
    modules = set((build / layer / "python").rglob("*.py"))
    compiled = {path.parent.parent / f"{path.name.split('.')[0]}.py" for path in (build / layer).rglob("*.pyc")}
    assert modules
    assert modules - compiled == set()


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_and_its_layers_fit_into_lambda(build: Path, function: reader.Function) -> None:
    folders = [build / name for name in (function.name, *function.layers)]
    assert sum(path.stat().st_size for folder in folders for path in folder.rglob("*") if path.is_file()) < BUDGET


def test_no_library_is_built_for_another_processor(build: Path) -> None:
    """Layers take their processor from the environment, functions from a parameter."""
    libraries = [str(path) for path in build.rglob("*.so")]
    assert libraries
    machine = "aarch64" if "aarch64" in libraries[0] else "x86_64"
    assert not [path for path in libraries if machine not in path and ("aarch64" in path or "x86_64" in path)]


def _files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}
