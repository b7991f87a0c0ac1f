"""Who works with whom in `functions/task_ready`. Apart from `wiring`, for a notification waits for every import."""

import functools

from encord_lambda import settings
from encord_lambda.dispatch.task_ready import Desk, KnownSecret, Served


@functools.cache
def task_ready() -> Desk | None:
    """What notifications are answered with; None where no secret is configured."""
    here = settings.read(settings.TaskReady)
    if not here.webhook_secret:
        return None
    import boto3

    from encord_lambda.aws.bulk import IMPATIENT
    from encord_lambda.aws.event_bus import SweepEvents
    from encord_lambda.aws.pipeline_file import PipelineFile
    from encord_lambda.aws.secrets import secret

    def fetch() -> str:
        return secret(boto3.client("secretsmanager", config=IMPATIENT), here.webhook_secret)

    pipeline = PipelineFile(boto3.client("s3", config=IMPATIENT), here.pipeline_config)
    sweeps = SweepEvents(boto3.client("events", config=IMPATIENT))
    return Desk(KnownSecret(fetch), Served(pipeline), sweeps)
