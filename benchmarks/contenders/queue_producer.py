"""What fills the queue of encord-agents' `QueueRunner`: one message per waiting task, ten a request."""

import os
from itertools import batched

import boto3

from benchmarks.contenders.queue_runner import consumer, runner


def lambda_handler(event: object, context: object) -> dict[str, int]:  # noqa: ARG001
    """Queue every task that waits; answers how many."""
    consumer()  # only stages with an agent are listed
    bodies = [task.model_dump_json() for stage in runner().get_agent_stages() for task in stage.get_tasks()]
    sqs, queue = boto3.client("sqs"), os.environ["TASKS_QUEUE_URL"]
    for ten in batched(bodies, 10, strict=False):
        sqs.send_message_batch(
            QueueUrl=queue, Entries=[{"Id": str(number), "MessageBody": body} for number, body in enumerate(ten)]
        )
    return {"queued": len(bodies)}
