"""The few requests to AWS that somebody waits for at a cold start, without botocore.

Its import and three of its clients take 150 ms of processor time more. Here is what such requests need: credentials
from the environment, as a Lambda has them, connections that are kept, a short patience.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import urllib3
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError

from encord_lambda import tls
from encord_lambda.aws.error_codes import trouble
from encord_lambda.aws.signing import Signer
from encord_lambda.errors import Retry
from encord_lambda.settings import Aws

_PATIENCE: Final = urllib3.Timeout(connect=1, read=3)
_ONCE_MORE: Final = urllib3.Retry(
    1,
    redirect=False,
    allowed_methods=None,
    status_forcelist=(429, 500, 502, 503, 504),
    raise_on_status=False,
    respect_retry_after_header=False,
)
"""With `_PATIENCE`, 8 seconds at most. Whoever waits asks again."""
_CONNECTIONS: Final = 64
"""More than threads that look up and keep answers at once."""
_TOLD: Final = re.compile(rb"<(Code|Message)>([^<]*)<")


class SignedRequests:
    """Requests in one account and region; safe to share between threads, whose connections are kept for each other."""

    def __init__(self, aws: Aws) -> None:
        self._signer = Signer(
            aws.aws_default_region, aws.aws_access_key_id, aws.aws_secret_access_key, aws.aws_session_token
        )
        self._endpoint = aws.aws_endpoint_url.rstrip("/")
        trusted = tls.context(self._endpoint or "https:")
        self._pools = urllib3.PoolManager(
            maxsize=_CONNECTIONS, retries=_ONCE_MORE, timeout=_PATIENCE, ssl_context=trusted
        )

    def fetch(self, bucket: str, key: str, etag: str, most: int | None = None) -> tuple[bytes, str] | None:
        """An object, or the first `most` bytes of it, and its ETag; None if that is `etag` still.

        Raises:
            Trouble: As `aws.error_codes` has it.
        """
        doing, path = f"read s3://{bucket}/{key}", f"/{quote(bucket)}/{quote(key)}"
        try:
            answer = self._send("s3", "GET", path, {"if-none-match": etag or '"none"'})
            if answer.status == HTTPStatus.NOT_MODIFIED:
                answer.drain_conn()
                return None
            content = answer.read(most if answer.status == HTTPStatus.OK else None)
            answer.close()  # unless it was read to its end, the connection is good for nothing
        except HTTPError as error:
            raise Retry(f"cannot {doing}: {type(error).__name__}") from error
        if answer.status != HTTPStatus.OK:
            told = {name.decode(): text.decode(errors="replace") for name, text in _TOLD.findall(content)}
            raise trouble(doing, told.get("Code", str(answer.status)), told.get("Message", ""))
        return content, answer.headers["etag"]

    def call(self, doing: str, service: str, operation: str, asked: Mapping[str, object]) -> dict[str, Any]:
        """What an operation of a service that speaks JSON answers; `doing` begins the reason of trouble.

        Raises:
            Trouble: As `aws.error_codes` has it.
        """
        version = "1.0" if service in ("dynamodb", "sqs") else "1.1"
        headers = {"content-type": f"application/x-amz-json-{version}", "x-amz-target": operation}
        try:
            answer = self._send(service, "POST", "/", headers, json.dumps(asked).encode())
            told: Any = json.loads(answer.data or b"{}")
        except (HTTPError, ValueError) as error:
            raise Retry(f"cannot {doing}: {type(error).__name__}") from error
        if not isinstance(told, dict):
            raise Retry(f"cannot {doing}: the answer is no JSON object")
        if answer.status != HTTPStatus.OK:
            code = str(told.get("__type", answer.status)).rpartition("#")[2]
            raise trouble(doing, code, str(told.get("message", told.get("Message", ""))))
        return told

    def _send(
        self, service: str, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
    ) -> BaseHTTPResponse:
        url = (self._endpoint or regional(service, self._signer.region)) + path
        signed = self._signer.signed(service, method, url, headers, body, datetime.now(UTC))
        signed["user-agent"] = "encord-lambda"
        return self._pools.urlopen(method, url, body=body or None, headers=signed, preload_content=False)


def regional(service: str, region: str) -> str:
    """Where a service is. China is a partition of its own.

    >>> regional("s3", "cn-north-1")
    'https://s3.cn-north-1.amazonaws.com.cn'
    """
    return f"https://{service}.{region}.amazonaws.com" + (".cn" if region.startswith("cn-") else "")
