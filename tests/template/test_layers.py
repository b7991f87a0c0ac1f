"""One lock: what a layer installs is what uv.lock says, and no package comes in two versions."""

import subprocess
from pathlib import Path

import pytest

from sandbox import template as reader

LAYERS = ("runtime", "models")
UV = reader.ROOT / ".toolchain" / "bin" / "uv"


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layers_requirements_are_exported_from_the_lock(layer: str) -> None:
    """If this fails, run `make requirements`."""
    export: list[str | Path] = [
        UV,
        "export",
        "-q",
        "--locked",
        "--only-group",
        layer,
        "--no-emit-project",
        "--no-hashes",
    ]
    export += ["--no-header", "--no-annotate"]
    done = subprocess.run(export, cwd=reader.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == _requirements(layer)


def test_layers_that_share_a_package_share_its_version() -> None:
    """Lambda merges layers into one folder, a later one over an earlier."""
    pins = [set(_requirements(layer).splitlines()) for layer in LAYERS]
    names = [{line.split("==")[0] for line in lines} for lines in pins]
    shared = names[0] & names[1]
    assert {line for line in pins[0] ^ pins[1] if line.split("==")[0] in shared} == set()


@pytest.mark.parametrize("layer", LAYERS)
def test_no_requirement_names_a_place_to_get_it_from(layer: str) -> None:
    assert "://" not in _requirements(layer)
    assert "--" not in _requirements(layer)


def test_every_layer_is_built_for_the_processor_of_the_functions() -> None:
    whole = reader.load()
    for name, resource in whole["Resources"].items():
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            assert resource["Metadata"] == {
                "BuildMethod": "makefile",
                "BuildArchitecture": {"Ref": "Architecture"},
            }, name
            assert resource["Properties"]["CompatibleArchitectures"] == ["arm64", "x86_64"]


def _requirements(layer: str) -> str:
    return (reader.ROOT / "layers" / layer / "requirements.txt").read_text()
