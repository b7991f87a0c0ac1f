"""A short run of `make bench-score`: all sides match the same boxes, and it ends with its result line."""

import json
import subprocess
import sys

from sandbox.ministack import ROOT


def test_a_short_run_ends_with_a_result_line_and_all_sides_match_much_the_same() -> None:
    command = [sys.executable, "-m", "benchmarks.score", "--images", "20", "--rounds", "1"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    _, _, ours, kept, *others, last = run.stdout.splitlines()
    result = json.loads(last.removeprefix("RESULT "))
    assert result.keys() == {"x_fastest", "peak_mb", "seconds", "kept_ms_an_image"}
    assert result["peak_mb"] > 0
    best, same, *fewer = (int(line.split()[-1].replace(",", "")) for line in (ours, kept, *others))
    assert same == best
    assert len(fewer) == 2
    assert all(0.95 * best < matched <= best for matched in fewer)
