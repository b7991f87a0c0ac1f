"""One side of `benchmarks.sweep`, in a process of its own; prints one line of JSON.

    python -m benchmarks.sweeping floor | ours

The floor lists the stage with Encord's SDK and then sends the same messages with boto3, as many requests at once as
ours. Ours is the whole function, with its log, which goes nowhere. Imports are a cold start's and not in the time.
"""

import json
import os
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from encord import EncordUserClient
from encord.workflow.stages.agent import AgentStage, AgentTask

from encord_lambda.dispatch.sweep import AT_ONCE, GATHER_SECONDS
from functions.sweep_stages import handler
from sandbox.scenario.world import AGENT_STAGE, PROJECT

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


class Unhurried:
    """A context of Lambda's, of a function that has an hour."""

    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "sweep_stages"

    def get_remaining_time_in_millis(self) -> int:
        """Always the whole hour."""
        return 3_600_000


CONTEXT: "LambdaContext" = Unhurried()  # type: ignore[assignment]


def main() -> None:
    """Do it once, and tell how long it took and the most memory it held."""
    side, out = {"floor": floor, "ours": ours}[sys.argv[1]], sys.stdout
    with Path(os.devnull).open("w") as sys.stdout:
        started, used = time.perf_counter(), time.process_time()
        side()
        seconds, cpu = time.perf_counter() - started, time.process_time() - used
    peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) * 1024 / 1e6
    out.write(json.dumps({"seconds": seconds, "cpu_seconds": cpu, "peak_mb": round(peak)}) + "\n")


def ours() -> None:
    """A run of the function."""
    handler.lambda_handler({}, CONTEXT)


def floor() -> None:
    """List, then send."""
    client = EncordUserClient.create_with_ssh_private_key(
        os.environ["ENCORD_SSH_KEY"], domain=os.environ["ENCORD_DOMAIN"]
    )
    stage = client.get_project(PROJECT).workflow.get_stage(name=AGENT_STAGE, type_=AgentStage)
    tasks = list(stage.get_tasks())
    sqs, queue = boto3.client("sqs"), os.environ["TASKS_QUEUE_URL"]

    def send(some: Iterable[AgentTask]) -> None:
        entries = [
            {"Id": str(number), "MessageBody": _body(str(stage.uuid), task), "DelaySeconds": GATHER_SECONDS}
            for number, task in enumerate(some)
        ]
        sqs.send_message_batch(QueueUrl=queue, Entries=entries)  # type: ignore[arg-type]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in pool.map(send, batched(tasks, 10, strict=False)):
            pass


def _body(stage: str, task: AgentTask) -> str:
    return json.dumps(
        {
            "version": 1,
            "project": str(PROJECT),
            "stage": stage,
            "task": str(task.uuid),
            "data": str(task.data_hash),
            "title": task.data_title,
            "branch": task.label_branch_name,
            "updated_at": task.updated_at.isoformat(),
            "swept_at": task.updated_at.isoformat(),
        }
    )


if __name__ == "__main__":
    main()
