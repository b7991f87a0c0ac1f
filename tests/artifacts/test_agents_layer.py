"""The layer of the user's own agents: what is built is what lies in the folder, however little that is."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from sandbox import rie
from sandbox import template as reader

SOURCE = reader.ROOT / "layers" / "agents"
DECIDE = """
import json, sys
sys.path[:0] = sys.argv[1:]
from PIL import Image
from encord_lambda.custom import scripted
from own_agents import quality_gate
made = quality_gate.decide(scripted(Image.new("RGB", (8, 8))))
print(json.dumps([made.answer, quality_gate.__file__]))
"""


def make(folder: Path, to: Path) -> subprocess.CompletedProcess[str]:
    """What `sam build` runs for the layer, on a copy of the folder as it does."""
    command = ["make", "-C", str(folder), "build-AgentsLayer", f"ARTIFACTS_DIR={to}"]
    environment = {"PATH": f"{reader.ROOT / '.toolchain' / 'bin'}:{os.environ['PATH']}"}  # and nothing of an outer make
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def built(layer: Path) -> dict[str, bytes]:
    """Files of the layer's package, but for the bytecode."""
    package = layer / "python" / "own_agents"
    files = (path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(package)): path.read_bytes() for path in files}


def test_the_layer_is_the_folder_as_a_package(build: Path) -> None:
    ours = {path.name: path.read_bytes() for path in SOURCE.iterdir() if path.suffix == ".py"}

    assert built(build / "AgentsLayer") == ours | {"__init__.py": b""}


def test_the_quality_gate_decides_as_built(build: Path) -> None:
    layers = [build / layer / "python" for layer in reader.functions(reader.load())["RunTasksFunction"].layers]
    command: list[str | Path] = [rie.PYTHON, "-I", "-c", DECIDE, *layers]

    run = subprocess.run(command, capture_output=True, text=True, check=False)

    assert run.stderr == ""
    assert json.loads(run.stdout) == ["small", str(build / "AgentsLayer" / "python" / "own_agents" / "quality_gate.py")]


def test_a_folder_without_agents_builds_to_an_empty_package(tmp_path: Path) -> None:
    """Lambda refuses a layer without files."""
    (tmp_path / "agents").mkdir()
    shutil.copy(SOURCE / "Makefile", tmp_path / "agents")

    run = make(tmp_path / "agents", tmp_path / "built")

    assert (run.returncode, built(tmp_path / "built")) == (0, {"__init__.py": b""}), run.stderr


def test_what_lies_beside_the_agents_comes_along(tmp_path: Path) -> None:
    ours = {"__init__.py": b"A = 1\n", "gate.py": b"B = 2\n", "prompts/gate.md": b"What?"}
    for name, content in ours.items():
        (tmp_path / "agents" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "agents" / name).write_bytes(content)
    shutil.copy(SOURCE / "Makefile", tmp_path / "agents")

    run = make(tmp_path / "agents", tmp_path / "built")

    assert (run.returncode, built(tmp_path / "built")) == (0, ours), run.stderr


def test_an_agent_that_does_not_compile_ends_the_build(tmp_path: Path) -> None:
    shutil.copytree(SOURCE, tmp_path / "agents")
    (tmp_path / "agents" / "gate.py").write_text("def decide(given)\n")

    run = make(tmp_path / "agents", tmp_path / "built")

    assert run.returncode != 0
    assert "gate.py" in run.stdout + run.stderr
