"""What boto3 raises, in our own three kinds of trouble."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from encord_lambda.errors import Misconfigured, Reject, Retry, Trouble

_MISSING = {"NoSuchKey", "404", "NotFound", "InvalidRange"}
_WRONG_SETUP = {
    "AccessDenied",
    "AccessDeniedException",
    "403",
    "NoSuchBucket",
    "ResourceNotFoundException",
    "AWS.SimpleQueueService.NonExistentQueue",
    "QueueDoesNotExist",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
}


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Run the block; `doing` (for example "read s3://b/k") begins the reason of whatever goes wrong.

    Raises:
        Reject: The object does not exist, or is empty where a range of it was asked for.
        Misconfigured: Access is denied, or a bucket, queue, table or secret does not exist.
        Retry: Anything else: throttling, 5xx, no connection.
    """
    try:
        yield
    except ClientError as error:
        raise _trouble(doing, error) from error
    except BotoCoreError as error:
        raise Retry(f"cannot {doing}: {error}") from error


def _trouble(doing: str, error: ClientError) -> Trouble:
    code = str(error.response.get("Error", {}).get("Code", ""))
    reason = f"cannot {doing}: {code}: {error.response.get('Error', {}).get('Message', '')}"
    if code in _MISSING:
        return Reject(reason)
    return Misconfigured(reason) if code in _WRONG_SETUP else Retry(reason)
