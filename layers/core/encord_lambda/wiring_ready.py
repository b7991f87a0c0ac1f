"""Who works with whom in `functions/task_ready`. Apart from `wiring`, for a notification waits for every import."""

import functools

from encord_lambda import settings
from encord_lambda.dispatch.known_secrets import KnownSecrets
from encord_lambda.dispatch.task_ready import Desk, Served


@functools.cache
def task_ready() -> Desk | None:
    """What notifications are answered with; None where no secret is configured."""
    here = settings.read(settings.TaskReady)
    if not here.webhook_secret:
        return None
    from encord_lambda.aws.pipeline_file import PipelineFile
    from encord_lambda.aws.secrets import secret
    from encord_lambda.aws.signed_requests import SignedRequests
    from encord_lambda.aws.sweep_events import SweepEvents

    aws = SignedRequests(settings.read(settings.Aws))
    known = KnownSecrets(lambda: secret(aws, here.webhook_secret))
    return Desk(known, Served(PipelineFile(aws, here.pipeline_config)), SweepEvents(aws))
