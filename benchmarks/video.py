"""How fast frames of a long video are sampled beside a bare PyAV loop, and how much memory that takes.

    python -m benchmarks.video [--seconds 600] [--height 1080]

A film is made, then a frame every five seconds is decoded from it, in alternation by our reader, which first indexes
all frames so that it knows their numbers, and by a loop that seeks to each time and decodes up to it. Pictures are
left out of the race: they cost both the same. Last, a process of its own reads the film from a loopback web
server as a function would, pictures and all, and tells its peak.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from benchmarks.saying import say

READER = "benchmarks.video_reading"


def main() -> None:
    """Make the film, measure both and print the result line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.video")
    parser.add_argument("--seconds", type=int, default=600, help="how long the film is")
    parser.add_argument("--height", type=int, default=1080, help="in pixels")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        film, started = Path(folder) / "film.mp4", time.perf_counter()
        _run("benchmarks.film", str(film), str(options.seconds), str(options.height))
        took, size = time.perf_counter() - started, film.stat().st_size / 1e6
        say(f"{options.seconds} s at {options.height} lines, {size:.0f} MB, made in {took:.0f} s")
        race = json.loads(_run(READER, "race", str(film)))
        say(f"{race['frames']} frames in {race['ours']:.2f} s, by the bare loop in {race['bare']:.2f} s")
        with _served(Path(folder)) as url:
            peak = json.loads(_run(READER, "peak", f"{url}/{film.name}"))
        say(f"{peak['frames']} pictures of it with at most {peak['peak_mb']} MB")
    say(f"RESULT {json.dumps({'x_bare': race['x_bare'], 'peak_mb': peak['peak_mb']})}")


def _run(module: str, *arguments: str) -> str:
    """What a process of its own prints. This one stays small: a child's peak counts from its parent's size."""
    environment = os.environ | {"NO_PROXY": "127.0.0.1"}
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment).stdout


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the standard library
        """Nothing between the lines of the result."""


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """A web server over a folder; where it answers."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


if __name__ == "__main__":
    main()
