"""A short run of `make bench-manifest`."""

import json
import subprocess
import sys

from sandbox.ministack import ROOT


def test_a_short_run_ends_with_a_result_line_and_every_row_is_in_a_manifest() -> None:
    """It fails by itself if a row is not there, or not in its place."""
    command = [sys.executable, "-m", "benchmarks.manifests", "--rows", "2000", "--rounds", "1"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=True)
    *_, last = run.stdout.splitlines()
    result = json.loads(last.removeprefix("RESULT "))
    assert result.keys() == {"rows_per_second", "x_floor", "mb_above_imports"}
    assert all(value > 0 for value in result.values())
    assert "csv.reader, write" in run.stdout
    assert "json.load, write" in run.stdout
