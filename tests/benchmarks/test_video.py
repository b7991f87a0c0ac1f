"""A short run of `make bench-video`: it measures what it says and ends with its result line."""

import json
import subprocess
import sys

from sandbox.ministack import ROOT


def test_a_short_run_ends_with_a_result_line_over_real_frames() -> None:
    command = [sys.executable, "-m", "benchmarks.video", "--seconds", "20", "--height", "90"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    *_, last = run.stdout.splitlines()
    result = json.loads(last.removeprefix("RESULT "))
    assert "4 frames in " in run.stdout
    assert "4 pictures of it" in run.stdout
    assert result.keys() == {"x_bare", "peak_mb"}
    assert all(value > 0 for value in result.values())
