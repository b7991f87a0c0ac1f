"""One lock: what a layer installs is what uv.lock says, and no package comes in two versions."""

import subprocess
from collections import Counter
from pathlib import Path

import pytest

from encord_lambda.media import video
from sandbox import template as reader

LAYERS = ("runtime", "models", "video", "probing", "scoring")
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
    pins = {line for layer in LAYERS for line in _requirements(layer).splitlines()}
    versions = Counter(line.split("==")[0] for line in pins)
    assert {name for name, count in versions.items() if count > 1} == set()


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


def test_who_reads_video_has_room_for_as_many_as_are_read_at_once() -> None:
    functions = reader.of_type(reader.load(), "AWS::Serverless::Function")
    rooms = {name: one["EphemeralStorage"]["Size"] for name, one in functions.items() if "EphemeralStorage" in one}
    assert set(rooms) == {"RunTasksFunction", "EditorAgentFunction", "FinishCallsFunction"}
    assert all(room * 2**20 > video.AT_ONCE * video.MAX_BYTES for room in rooms.values())


def _requirements(layer: str) -> str:
    return (reader.ROOT / "layers" / layer / "requirements.txt").read_text()
