"""What boto3 raises, in our own three kinds of trouble."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from encord_lambda.aws.error_codes import trouble
from encord_lambda.errors import Retry


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
        told = error.response.get("Error", {})
        raise trouble(doing, str(told.get("Code", "")), told.get("Message", "")) from error
    except BotoCoreError as error:
        raise Retry(f"cannot {doing}: {error}") from error
