"""Score what annotators submitted for benchmark tasks, beside ground truth, and write the reports."""

from datetime import UTC, datetime

from aws_lambda_powertools.utilities.typing import LambdaContext

from encord_lambda import observability, wiring_benchmark
from encord_lambda.benchmark.run import runs
from encord_lambda.outcomes import Scored


@observability.watched
def lambda_handler(event: object, context: LambdaContext) -> dict[str, int]:  # noqa: ARG001 - Lambda's signature
    """Run over all benchmarks of pipeline.yaml, one after the other; answers how many reports were written."""
    desk, reports = wiring_benchmark.desks(lambda: context.get_remaining_time_in_millis() / 1000), 0
    for outcome in runs(wiring_benchmark.benchmarks(), desk, datetime.now(UTC)):
        observability.record([outcome])
        reports += isinstance(outcome, Scored)
    return {"reports": reports}
