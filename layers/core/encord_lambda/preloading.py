"""What a function imports while Lambda sets it up, and not while its first batch is under way."""

import gc
import importlib
import sys
from typing import Final

_RUN_TASKS: Final = (
    "boto3",
    "encord_lambda.aws.claims",
    "encord_lambda.encord_platform.workflow",
    "encord_lambda.media.images",
    "encord_lambda.models.openai_model",
    "openai.resources.chat",
)
_SWITCH_SECONDS: Final = 0.0005


def for_run_tasks() -> None:
    """Import what a batch of tasks needs: nobody waits for this function's cold start but a queue.

    So the time for it is not the first tasks', and a model's first answers are not held up. What is imported stays for
    good, and the collector need not look at it again.
    """
    for module in _RUN_TASKS:
        importlib.import_module(module)
    gc.freeze()
    # Dozens of threads wait for answers: who has one should not wait long for who is busy.
    sys.setswitchinterval(_SWITCH_SECONDS)
