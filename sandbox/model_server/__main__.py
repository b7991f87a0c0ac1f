"""`python -m sandbox.model_server --port N`: say one line when ready, serve until SIGTERM or Ctrl-C."""

import argparse
import signal
import threading

from sandbox.model_server.server import serve


def main() -> None:
    """Read the port and serve."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.model_server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    arguments = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with serve(arguments.port) as server:
        print(f"model server ready at {server.url}", flush=True)  # noqa: T201
        stop.wait()


if __name__ == "__main__":
    main()
