"""Queue the tasks that wait at agent stages, on the schedule's tick or when told that tasks are ready."""

from datetime import UTC, datetime

from encord_lambda import observability, wiring
from encord_lambda.dispatch import sweep
from encord_lambda.outcomes import Queued


@observability.watched
def lambda_handler(event: object, context: object) -> dict[str, int]:  # noqa: ARG001 - a tick says nothing we need
    """Sweep all configured stages; answers how many tasks were queued."""
    outcomes = sweep.sweep(wiring.sweep_stages(), datetime.now(UTC))
    observability.record(outcomes)
    return {"queued": sum(isinstance(outcome, Queued) for outcome in outcomes)}
