"""What AWS would bill for images that are registered, classified and pre-labelled, beside the language model.

    python -m benchmarks.usage [--images 1000]

One image after the other goes the whole way through the functions, one instance each, in batches as template.yaml has
them, over a local AWS behind a meter. Encord answers 50 ms late, the language model after 800 ms, the detector after
200 ms. An instance here has a whole processor: where its memory gets it less of one on Lambda, its processor time is
taken for so much longer. Afterwards every image must be at the last stage.
"""

import argparse
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from benchmarks import usage_world
from benchmarks.late_server import serve_beside
from benchmarks.metered_aws import metered
from benchmarks.race import LATENCY
from benchmarks.saying import say
from benchmarks.servers import announced, server
from benchmarks.usage_stack import UsageStack, deploy
from benchmarks.usage_taken import Taken
from sandbox import ministack

MODEL, DETECTOR = 0.8, 0.2  # seconds until they answer
SEEN = [{"label": "cat", "confidence": 0.97, "box": [0.2, 0.2, 0.4, 0.4]}]


def main() -> None:
    """Run all, print the table and the result line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.usage")
    parser.add_argument("--images", type=int, default=1000)
    images: int = parser.parse_args().images
    with _stack() as stack:
        taken = dict(_phases(stack, images))
        stack.audit(images)
    for line in _table(images, taken):
        say(line)
    told = {name: one.told() for name, one in taken.items()}
    metrics = sorted(set().union(*(one.metrics for one in taken.values())))
    say(f"RESULT {json.dumps({'images': images, **told, 'metrics': metrics})}")


def _phases(stack: UsageStack, images: int) -> Iterator[tuple[str, Taken]]:
    yield "idle_sweep", stack.sweep()
    stack.upload(images)
    yield "registering", stack.register()
    yield "classifying", stack.work()
    yield "prelabelling", stack.work()


@contextmanager
def _stack() -> Iterator[UsageStack]:
    detector = serve_beside(lambda *_: ("application/json", json.dumps({"detections": SEEN}).encode()), DETECTOR)
    port, log = ministack.free_port(), ministack.ROOT / ".sandbox" / "bench-usage.log"
    with ExitStack() as running:
        endpoint = running.enter_context(ministack.started(log=log))
        aws = running.enter_context(metered(endpoint))
        model = running.enter_context(server(port, "benchmarks.slow_model", str(port), str(MODEL)))
        line = running.enter_context(announced("benchmarks.usage_world", aws.url, str(LATENCY)))
        world = usage_world.Announced.model_validate_json(line)
        yield deploy(aws, endpoint, world, model.url, f"http://127.0.0.1:{detector}/detect")


def _table(images: int, taken: dict[str, Taken]) -> list[str]:
    rows = [["", *(next(iter(taken.values())).told())]]
    rows += [
        [name, *(f"{amount:,.3f}".rstrip("0").rstrip(".") for amount in one.told().values())]
        for name, one in taken.items()
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    widths = [max(map(len, column)) for column in columns[0:1]] + [max(map(len, row)) for row in columns[1:]]
    return [
        f"{images} images; Encord answers {LATENCY * 1000:.0f} ms late, the language model after {MODEL * 1000:.0f} ms,"
        f" the detector after {DETECTOR * 1000:.0f} ms. Cold starts are in it.",
        *("  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows),
    ]


if __name__ == "__main__":
    main()
