"""What a function imports while Lambda sets it up, and not while its first batch is under way."""

import gc
import importlib
from typing import Final

_RUN_TASKS: Final = (
    "encord_lambda.aws.claims",
    "encord_lambda.encord_platform.workflow",
    "encord_lambda.media.images",
    "encord_lambda.models.openai_model",
    "openai.resources.chat",
)
_SERVICES: Final = ("dynamodb", "s3", "sqs")
_NOBODY: Final = "none"


def for_run_tasks() -> None:
    """Import what a batch of tasks needs: nobody waits for this function's cold start but a queue.

    So the time for it is not the first tasks', and a model's first answers are not held up. What is imported stays for
    good, and the collector need not look at it again.
    """
    for module in _RUN_TASKS:
        importlib.import_module(module)
    import boto3

    for service in _SERVICES:
        # boto3 reads long descriptions of them and keeps those; the clients in use are made later, with our settings.
        boto3.client(service, "us-east-1", aws_access_key_id=_NOBODY, aws_secret_access_key=_NOBODY)
    gc.freeze()
