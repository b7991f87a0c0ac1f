"""`python -m sandbox.encord_twin`: serve an empty twin until SIGTERM; fill it with `POST /_twin/world`."""

import argparse
import signal
import sys
import threading

from .platform.objects import MemoryObjects, S3Objects
from .platform.settings import Settings
from .server import serve


def main() -> None:
    """Parse the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.encord_twin", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--s3-endpoint", help="an S3 emulator's URL; without one, the twin has no objects to read")
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--job-seconds", type=float, default=Settings.job_seconds)
    parser.add_argument("--task-page-size", type=int, default=Settings.task_page_size)
    parser.add_argument("--existing-label-rows", choices=["return", "refuse"], default=Settings.existing_label_rows)
    parser.add_argument(
        "--notify-every",
        type=float,
        default=Settings.notify_every,
        help="seconds between two looks at the queues for task-ready notifications",
    )
    parser.add_argument("--seed", type=int, default=Settings.seed, help="decides whom a share of faults hits")
    options = parser.parse_args()
    settings = Settings(
        job_seconds=options.job_seconds,
        task_page_size=options.task_page_size,
        existing_label_rows=options.existing_label_rows,
        notify_every=options.notify_every,
        seed=options.seed,
    )
    objects = S3Objects(options.s3_endpoint, options.region) if options.s3_endpoint else MemoryObjects()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with serve(objects=objects, port=options.port, settings=settings) as twin:
        sys.stdout.write(f"encord twin ready on {twin.url}\n")
        sys.stdout.flush()
        stop.wait()


if __name__ == "__main__":
    main()
