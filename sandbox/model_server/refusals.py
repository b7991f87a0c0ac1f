"""The one error of this server: a request it will not answer, in the shape OpenAI gives its errors."""

from starlette.requests import Request
from starlette.responses import JSONResponse


class RequestError(Exception):
    """Raised anywhere while a request is read; becomes `status` and `{"error": {...}}` on the wire."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.param = param
        self.retry_after = retry_after


_TYPES = {401: "authentication_error", 429: "rate_limit_error"}


async def to_response(_: Request, error: Exception) -> JSONResponse:
    """Starlette's exception handler for `RequestError`."""
    assert isinstance(error, RequestError)
    kind = _TYPES.get(error.status, "server_error" if error.status >= 500 else "invalid_request_error")
    body = {"error": {"message": error.message, "type": kind, "param": error.param, "code": error.code}}
    headers = {} if error.retry_after is None else {"Retry-After": f"{error.retry_after:g}"}
    return JSONResponse(body, error.status, headers)
