"""Detectors behind SageMaker endpoints; their containers speak our own JSON protocol (docs/detectors.md)."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)

from encord_lambda import config_prelabel
from encord_lambda.agents import detector_reply
from encord_lambda.agents.agent import Picture, Usage
from encord_lambda.agents.detector import Detected
from encord_lambda.errors import Misconfigured, Reject, Retry, Trouble
from encord_lambda.models.posting import MOST_BYTES, answered, trouble

if TYPE_CHECKING:
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient

_WRONG_SETUP: Final = (
    "AccessDeniedException",
    "InvalidSignatureException",
    "UnrecognizedClientException",
    "ValidationError",  # there is no such endpoint, or it has no container yet
)
_BROKEN_OFF: Final = (ConnectionClosedError, IncompleteReadError, ReadTimeoutError, ResponseStreamingError)
"""After the request was sent: the endpoint may have done its work."""


def impatient(timeout: float) -> Config:
    """Settings of the client: no retries of its own, and this many seconds for an answer."""
    return Config(retries={"total_max_attempts": 1}, read_timeout=timeout)


class SageMakerDetector:
    """Asks endpoints; safe to share between threads, as boto3's client is."""

    def __init__(self, runtime: "SageMakerRuntimeClient") -> None:
        self._runtime = runtime

    def detect(self, configured: config_prelabel.SageMakerDetector, picture: Picture) -> Detected:
        """What the model behind the endpoint sees.

        Raises:
            Retry: Throttled, not ready, 5xx, no connection.
            Misconfigured: There is no such endpoint, or the function may not invoke it.
            Reject: The container refuses the picture, or as `detector_reply.read`.
        """
        who = f"SageMaker endpoint {configured.endpoint}"
        started = time.perf_counter()
        try:
            answer = self._runtime.invoke_endpoint(
                EndpointName=configured.endpoint,
                Body=picture.content,
                ContentType=picture.mime_type,
                Accept="application/json",
            )
            content = answer["Body"].read(MOST_BYTES + 1)
        except ClientError as error:
            raise _translated(who, error) from error
        except BotoCoreError as error:
            raise Retry(f"{who}: {error}", billed=isinstance(error, _BROKEN_OFF)) from error
        with answered():
            if len(content) > MOST_BYTES:
                raise Reject(f"{who} answered more than {MOST_BYTES:,} bytes")
            return detector_reply.read(who, content, Usage(time.perf_counter() - started))


def _translated(who: str, error: ClientError) -> Trouble:
    answer: Mapping[str, Any] = error.response
    code = str(answer.get("Error", {}).get("Code", ""))
    if code == "ModelError":
        # The container's own status and words: what SageMaker says of them is the same for all.
        return trouble(who, int(answer.get("OriginalStatusCode", 500)), str(answer.get("OriginalMessage", "")).encode())
    reason = f"{who}: {code}: {answer.get('Error', {}).get('Message', '')}"
    return Misconfigured(reason) if code in _WRONG_SETUP else Retry(reason)
