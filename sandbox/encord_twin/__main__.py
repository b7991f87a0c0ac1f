"""`python -m sandbox.encord_twin`: a local stand-in of the Encord platform, for the unmodified SDK and a browser.

It starts empty and serves until SIGTERM. Fill it with `POST /_twin/world`, as docs/twin.md shows.
"""

import argparse
import math
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack

from .platform.objects import MemoryObjects, ObjectSource, S3Objects
from .platform.settings import Settings
from .server import serve


def main() -> None:
    """Parse the command line and serve."""
    parser = _parser()
    options = parser.parse_args()
    settings = Settings(
        job_seconds=options.job_seconds,
        task_page_size=options.task_page_size,
        existing_label_rows=options.existing_label_rows,
        notify_every=options.notify_every,
        seed=options.seed,
    )
    try:
        objects = _objects(options)
    except ValueError as error:
        parser.error(f"--s3-endpoint: {error}")
    with ExitStack() as running:
        try:
            twin = running.enter_context(serve(objects=objects, port=options.port, settings=settings))
        except OSError as error:
            parser.error(f"--port {options.port}: {error.strerror}; 0 takes a free one")
        _serve_until_told(twin.url)


def _serve_until_told(url: str) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    sys.stdout.write(f"encord twin ready on {url}\n")
    sys.stdout.flush()
    stop.wait()


def _objects(options: argparse.Namespace) -> ObjectSource:
    return S3Objects(options.s3_endpoint, options.region) if options.s3_endpoint else MemoryObjects()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox.encord_twin",
        description=__doc__,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("--port", type=_number(int, 0, 65_535), default=0, help="on 127.0.0.1; 0 takes a free one")
    add("--s3-endpoint", metavar="URL", help="an S3 emulator; without one, the twin has no objects to read")
    add("--region", default="us-east-1", help="of the emulator's buckets")
    add(
        "--job-seconds",
        type=_number(float, 0),
        default=Settings.job_seconds,
        help="how long an upload job stays pending before its first file is read",
    )
    add("--task-page-size", type=_number(int, 1), default=Settings.task_page_size, help="tasks per page of a stage")
    add(
        "--existing-label-rows",
        choices=["return", "refuse"],
        default=Settings.existing_label_rows,
        help="what creating a label row a second time does",
    )
    add(
        "--notify-every",
        type=_number(float, 0.1),
        default=Settings.notify_every,
        help="seconds between two looks at the queues for task-ready notifications",
    )
    add("--seed", type=int, default=Settings.seed, help="decides whom a share of faults hits")
    return parser


def _number[T: (int, float)](kind: type[T], least: float, most: float = math.inf) -> Callable[[str], T]:
    def read(text: str) -> T:
        value = kind(text)
        if not least <= value <= most:
            limits = f"at least {least:g}" if most == math.inf else f"{least:g} to {most:g}"
            raise argparse.ArgumentTypeError(f"must be {limits}, not {text}")
        return value

    read.__name__ = kind.__name__  # argparse names it: "invalid int value"
    return read


if __name__ == "__main__":
    main()
