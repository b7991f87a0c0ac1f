"""A short run of `make bench-twin`: it measures what it says and ends with its result line."""

import json
import subprocess
import sys

from sandbox.ministack import ROOT


def test_a_short_run_ends_with_a_result_line_over_real_requests() -> None:
    command = [sys.executable, "-m", "benchmarks.twin", "--requests", "70", "--tasks", "300"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    *_, last = run.stdout.splitlines()
    result = json.loads(last.removeprefix("RESULT "))
    assert "7 kinds of signed requests" in run.stdout
    assert result["tasks"] == 300
    assert result.keys() == {"requests_per_second", "x_bare", "tasks", "list_seconds", "mb_empty", "mb_full"}
    assert all(value > 0 for value in result.values())
