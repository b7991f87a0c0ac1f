"""sandbox/scratch.py: what killed processes leave is gone with the next start, what the living use stays."""

import subprocess
import sys
from pathlib import Path

from sandbox import scratch

ENDLESS = """
import pathlib, sys
from sandbox import scratch
with scratch.directory(pathlib.Path(sys.argv[1])) as made:
    (made / "unpacked").write_text("gigabytes")
    print(made, flush=True)
    sys.stdin.read()
"""


def test_it_is_gone_after_the_block(tmp_path: Path) -> None:
    with scratch.directory(tmp_path) as made:
        (made / "file").touch()

    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_gone_with_the_next_start(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ENDLESS, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        left = Path(other.stdout.readline().strip())
        with scratch.directory(tmp_path):
            assert (left / "unpacked").exists()
        other.kill()
    assert left.exists()

    with scratch.directory(tmp_path) as made:
        assert list(tmp_path.iterdir()) == [made]


def test_nothing_else_is_removed(tmp_path: Path) -> None:
    (tmp_path / "ministack.log").touch()
    (tmp_path / "benchmark").mkdir()

    with scratch.directory(tmp_path):
        pass

    assert {one.name for one in tmp_path.iterdir()} == {"ministack.log", "benchmark"}
