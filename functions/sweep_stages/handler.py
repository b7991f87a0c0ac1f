"""Queue the tasks that wait at agent stages, on the schedule's tick or when told that tasks are ready."""

from datetime import UTC, datetime

from aws_lambda_powertools.utilities.typing import LambdaContext

from encord_lambda import observability, wiring
from encord_lambda.dispatch import sweep
from encord_lambda.outcomes import Queued


@observability.watched
def lambda_handler(event: object, context: LambdaContext) -> dict[str, int]:  # noqa: ARG001 - a tick says nothing we need
    """Sweep all configured stages; answers how many tasks were queued."""
    now, queued = datetime.now(UTC), 0
    for outcome in sweep.sweep(wiring.sweep_stages(), now, lambda: context.get_remaining_time_in_millis() / 1000):
        observability.record([outcome])
        queued += len(outcome.tasks) if isinstance(outcome, Queued) else 0
    return {"queued": queued}
