"""Queue the tasks that wait at agent stages: at all on the schedule's tick, at one when told that tasks are ready."""

from datetime import UTC, datetime

from aws_lambda_powertools.utilities.typing import LambdaContext

from encord_lambda import observability, wiring
from encord_lambda.dispatch import notification, sweep
from encord_lambda.outcomes import Queued


@observability.watched
def lambda_handler(event: object, context: LambdaContext) -> dict[str, int]:
    """Sweep all configured stages, or the one that a `TaskReady` event names; answers how many tasks were queued."""
    ready, queued, now = notification.told(event), 0, datetime.now(UTC)
    sweeper = wiring.sweep_stages()
    for outcome in sweep.sweep(sweeper, now, lambda: context.get_remaining_time_in_millis() / 1000, ready):
        observability.record([outcome])
        queued += len(outcome.tasks) if isinstance(outcome, Queued) else 0
    return {"queued": queued}
