"""The template as written, and as CloudFormation gets it."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from sandbox import template as reader

PYTHON = reader.ROOT / ".venv-sam" / "bin" / "python"


@pytest.fixture(scope="session")
def template() -> dict[str, Any]:
    return reader.load()


@pytest.fixture(scope="session")
def transformed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What SAM's own transform makes of the template."""
    if not PYTHON.exists():
        pytest.fail("needs .venv-sam: run `python3 toolchain/prepare.py sam`, or `make test`")
    target = tmp_path_factory.mktemp("transformed") / "template.json"
    command: list[str | Path] = [PYTHON, "toolchain/transform.py", "template.yaml", target]
    done = subprocess.run(command, cwd=reader.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target
