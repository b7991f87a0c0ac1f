"""How long a sweep of a large stage takes beside its floor, and how much memory.

    python -m benchmarks.sweep [--tasks 100000] [--rounds 2]

Ours lists the stage, reads and writes a claim for every task and sends the messages; the floor lists the stage with the
bare SDK and then sends the same messages with the bare SQS client, as many requests at once. They take turns, against
a twin of Encord and a stand-in for SQS and DynamoDB, each in a process of its own as they are themselves. Afterwards
each task must have been sent exactly once. Nobody waits for a network here, so this is a race of processor time.
Ours is the whole function, log included. A tenth of the tasks is swept as well, and then once more with every page of
the listing 50 ms late.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import yaml

from benchmarks.saying import say
from benchmarks.servers import announced
from encord_lambda.dispatch.sweep import AT_ONCE
from sandbox.ministack import ROOT, client_environment
from sandbox.scenario.world import AGENT_STAGE, PROJECT

LATE = 0.05  # seconds
SIDES = {"floor": "list, then send", "ours": "ours"}
HEADS = ("", "tasks", "page", "seconds", "x floor", "CPU seconds", "peak MB")
ROW = "{:18}{:>9}{:>8}{:>9}{:>9}{:>13}{:>9}"

type Run = dict[str, float]
"""`seconds`, `cpu_seconds` and `peak_mb` of a side."""
type Race = dict[str, Run]


def main() -> None:
    """Run the races, print the table and the result line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sweep")
    parser.add_argument("--tasks", type=int, default=100_000, help="in the one stage")
    parser.add_argument("--rounds", type=int, default=2, help="of which the middle one is told, or the worse of two")
    options = parser.parse_args()
    say(f"{AT_ONCE} requests at once; SQS and DynamoDB are lean stand-ins")
    say(ROW.format(*HEADS))
    few = _race(options.tasks // 10, 0.0, 1)
    many = _race(options.tasks, 0.0, options.rounds)
    _race(options.tasks // 10, LATE, 1)
    peaks = {"mb_10k": few["ours"]["peak_mb"], "mb_100k": many["ours"]["peak_mb"]}
    say(f"RESULT {json.dumps({'x_floor': _times(many), **peaks})}")


def _race(tasks: int, late: float, rounds: int) -> Race:
    """The middle one of so many rounds, or the worse of two, by how many times the floor ours takes; says it."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as running:
        encord = json.loads(running.enter_context(announced("benchmarks.sweep_world", str(tasks), str(late))))
        _furnish(Path(name), encord["key"])
        aws = f"http://127.0.0.1:{running.enter_context(announced('benchmarks.lean_aws', name))}"
        races = [
            {side: _run(side, f"{side}-{number}", tasks, aws, encord) for side in SIDES} for number in range(rounds)
        ]
        race = sorted(races, key=_times)[rounds // 2]
    for side, run in race.items():
        numbers = (f"{run['seconds']:.1f}", f"{run['seconds'] / race['floor']['seconds']:.2f}")
        more = (f"{run['cpu_seconds']:.1f}", f"{run['peak_mb']:.0f}")
        say(ROW.format(SIDES[side], f"{tasks:,}", f"{late * 1000:.0f} ms", *numbers, *more))
    return race


def _times(race: Race) -> float:
    return round(race["ours"]["seconds"] / race["floor"]["seconds"], 2)


def _run(side: str, name: str, tasks: int, aws: str, encord: dict[str, str]) -> Run:
    """One side's run, with a queue and a table of its own.

    Raises:
        RuntimeError: Not every task was sent exactly once.
    """
    command = [sys.executable, "-m", "benchmarks.sweeping", side]
    environment = _environment(name, aws, encord)
    ended = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{aws}/{name}") as answer:
        sent = [json.loads(body)["task"] for body in json.load(answer)]
    if not len(sent) == len(set(sent)) == tasks:
        raise RuntimeError(f"{side}: of {tasks} tasks {len(set(sent))} were sent, in {len(sent)} messages")
    result: Run = json.loads(ended.stdout)
    return result


def _environment(name: str, aws: str, encord: dict[str, str]) -> dict[str, str]:
    kept = {variable: value for variable, value in os.environ.items() if variable.startswith("PYTHON")}
    function = {
        "ENCORD_DOMAIN": encord["url"],
        "ENCORD_KEY_SECRET": "key",
        "PIPELINE_CONFIG": "s3://records/pipeline.yaml",
        "TASKS_QUEUE_URL": f"{aws}/000000000000/{name}",
        "CLAIMS_TABLE": name,
        "POWERTOOLS_SERVICE_NAME": "sweep_stages",
        "POWERTOOLS_METRICS_NAMESPACE": "encord-lambda",
    }
    return kept | client_environment(aws, Path(tempfile.gettempdir())) | function | {"ENCORD_SSH_KEY": encord["key"]}


def _furnish(folder: Path, key: str) -> None:
    stage = {
        "project": str(PROJECT),
        "stage": AGENT_STAGE,
        "agent": {"kind": "classify", "model": "openai:gpt-4o-mini", "classification": "Animal"},
        "pathways": {"otherwise": "Other"},
    }
    pipeline: dict[str, Any] = {"version": 1, "stages": [stage], "limits": {"max_in_flight": 100_000}}
    (folder / "pipeline.yaml").write_text(yaml.safe_dump(pipeline))
    (folder / "key").write_text(key)


if __name__ == "__main__":
    main()
