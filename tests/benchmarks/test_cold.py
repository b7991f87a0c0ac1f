"""A short run of `make bench-cold`: both contenders do what they are asked, and it ends with its result line."""

import json
import subprocess
import sys

import pytest

from benchmarks.cold_starts import WRAPPER
from sandbox import rie, template


@pytest.mark.skipif(
    not (rie.PYTHON.exists() and (template.BUILD / "template.yaml").exists() and (WRAPPER / "built").exists()),
    reason="needs what `make test` and `make bench-cold` build",
)
def test_a_short_run_ends_with_a_result_line_over_calls_that_were_all_carried_out() -> None:
    """It fails by itself if a picture was left without its description, or a notification without its event."""
    command = [sys.executable, "-m", "benchmarks.cold", "--rounds", "1", "--warm", "1"]
    run = subprocess.run(command, cwd=template.ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert run.returncode == 0, run.stderr
    *_, last = run.stdout.splitlines()
    result = json.loads(last.removeprefix("RESULT "))
    assert result.keys() == {"ping_x", "describe_x", "task_ready_x", "warm_p50_ms"}
    assert all(result[key] > 0 for key in ("ping_x", "describe_x", "task_ready_x"))
