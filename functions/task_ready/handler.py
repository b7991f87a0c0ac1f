"""Hear from Encord that tasks wait at an agent stage, and have the stage swept."""

from datetime import UTC, datetime

from encord_lambda import observability, wiring_ready
from encord_lambda.dispatch import task_ready


@observability.watched
def lambda_handler(event: object, context: object) -> task_ready.Reply:  # noqa: ARG001 - Lambda's signature
    """One HTTP request."""
    reply, outcomes = task_ready.answer(event, wiring_ready.task_ready, datetime.now(UTC))
    observability.record(outcomes)
    return reply
