"""Run the stage's agent on a batch of queued tasks; what may work later stays on the queue."""

from datetime import UTC, datetime

from aws_lambda_powertools.utilities.typing import LambdaContext

from encord_lambda import execution, observability, preloading, wiring
from encord_lambda.dispatch import messages

preloading.for_run_tasks()


@observability.watched
def lambda_handler(event: object, context: LambdaContext) -> messages.SqsReply:
    """Work on an SQS batch of task messages."""
    batch = messages.records(event)
    result = execution.run(
        batch, wiring.run_tasks, datetime.now(UTC), lambda: context.get_remaining_time_in_millis() / 1000
    )
    observability.record(result.outcomes)
    return messages.reply(result.keep)
