"""How fast tasks are classified beside the alternatives, at what cost to Encord and in memory and money.

    python -m benchmarks.tasks [--tasks 1000] [--slow 100]

Every contender has one worker, a process on one processor, and works against a twin of Encord that answers each
request 50 ms late, a bucket just as late, and a stand-in for OpenAI that answers any call after 800 ms. Afterwards
every task must have left its stage, labelled with what its picture shows. Tasks that are taken one by one are slow but
steady: those contenders get fewer tasks, and run side by side, for they wait nearly all the time. Ours runs alone.
"""

import argparse
import json
from concurrent.futures import ThreadPoolExecutor

from benchmarks.race import FUNCTION, LATENCY, Contender, Run, run
from benchmarks.saying import say
from benchmarks.servers import server
from encord_lambda.config import PipelineConfig
from sandbox.ministack import free_port
from sandbox.scenario.world import PIPELINE

HEADS = ["", "tasks", "seconds", "tasks/s", "requests", "listing", "connections", "downloads", "CPU ms", "peak", "GB-s"]
OURS = ("functions.run_tasks.handler", "functions.sweep_stages.handler")
SLOW = {
    "seed_loop": Contender("the seed's loop", "benchmarks.contenders.seed_loop"),
    "sequential_runner": Contender("encord-agents Runner", "benchmarks.contenders.sequential_runner"),
    "queue_runner": Contender(
        "encord-agents QueueRunner", "benchmarks.contenders.queue_runner", "benchmarks.contenders.queue_producer"
    ),
    "ours_1": Contender("ours, batches of 1", *OURS, batch=1),
}
FAST = {
    "ours_10": Contender("ours, batches of 10", *OURS, batch=10),
    "ours_100": Contender("ours, batches of 100", *OURS, batch=100),
}


def main() -> None:
    """Run all, print the table and the result line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tasks")
    parser.add_argument("--tasks", type=int, default=1000, help="for ours in batches of 100")
    parser.add_argument("--slow", type=int, default=100, help="for those that take them one by one, or ten by ten")
    parser.add_argument("--model-seconds", type=float, default=0.8, help="until the model answers")
    options = parser.parse_args()
    runs = _run_all(options.tasks, options.slow, options.model_seconds)
    for line in _table(runs, options.model_seconds):
        say(line)
    say(f"RESULT {json.dumps(_result(runs, options.model_seconds))}")


def _run_all(tasks: int, slow: int, model_seconds: float) -> dict[str, Run]:
    port = free_port()
    with server(port, "benchmarks.slow_model", str(port), str(model_seconds)) as model:
        with ThreadPoolExecutor(len(SLOW)) as side_by_side:
            begun = {key: side_by_side.submit(run, one, slow, model.url) for key, one in SLOW.items()}
            runs = {key: future.result() for key, future in begun.items()}
        for key, one in FAST.items():
            runs[key] = run(one, tasks if one.batch == 100 else slow, model.url)
    return runs


def _result(runs: dict[str, Run], model_seconds: float) -> dict[str, object]:
    ours = runs["ours_100"]
    faster = {f"x_{key}": round(ours.per_second / runs[key].per_second, 1) for key in SLOW if key != "ours_1"}
    return {
        "requests_per_task": round(ours.asked.requests / ours.tasks, 4),
        "connections_per_task": round(ours.asked.connections / ours.tasks, 4),
        **faster,
        "share_of_ideal": round(ours.per_second * model_seconds / _at_once(), 3),
        "peak_mb": round(ours.peak_mb),
        "gb_seconds_per_1000": {key: round(one.gb_seconds_per_1000, 1) for key, one in runs.items()},
    }


def _at_once() -> int:
    """Model calls that ours has under way."""
    return PipelineConfig.parse(PIPELINE.name, PIPELINE.read_text()).limits.model_calls


def _table(runs: dict[str, Run], model_seconds: float) -> list[str]:
    names = {key: one.name for key, one in (SLOW | FAST).items()}
    rows = [HEADS, *(_row(names[key], one) for key, one in runs.items())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [" ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows]
    return [
        f"Encord answers {LATENCY * 1000:.0f} ms late, the model after {model_seconds * 1000:.0f} ms; one worker each,"
        f" {FUNCTION.memory} MB; ours has {_at_once()} model calls under way.",
        "Per task: requests to Encord's API and connections for them, requests that filling the queue took (`listing`),"
        " media downloads, and processor time with the start. Per 1,000 tasks: GB-s billed. `peak` is in MB.",
        *lines,
    ]


def _row(name: str, one: Run) -> list[str]:
    amounts = (one.asked.requests, one.listed, one.asked.connections, one.asked.downloads)
    return [
        name,
        str(one.tasks),
        f"{one.seconds:.1f}",
        f"{one.per_second:.2f}",
        *(f"{amount / one.tasks:.3f}" for amount in amounts),
        f"{one.cpu_seconds / one.tasks * 1000:.0f}",
        f"{one.peak_mb:.0f}",
        f"{one.gb_seconds_per_1000:.1f}",
    ]


if __name__ == "__main__":
    main()
