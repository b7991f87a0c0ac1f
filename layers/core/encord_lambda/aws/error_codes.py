"""What AWS's error codes mean, in our own three kinds of trouble."""

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


def trouble(doing: str, code: str, message: str) -> Trouble:
    """What an answer with this code comes to; `doing` (for example "read s3://b/k") begins its reason.

    Reject: the object does not exist, or is empty where a range of it was asked for. Misconfigured: access is denied,
    or a bucket, queue, table or secret does not exist. Retry: anything else: throttling, 5xx.
    """
    reason = f"cannot {doing}: {code}: {message}"
    if code in _MISSING:
        return Reject(reason)
    return Misconfigured(reason) if code in _WRONG_SETUP else Retry(reason)
