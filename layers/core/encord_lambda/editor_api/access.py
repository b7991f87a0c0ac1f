"""Who may call an agent: whoever has its token, and whoever signs with its secret (docs/security.md)."""

import hashlib
import hmac
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus

from encord_lambda.config_editor import Called
from encord_lambda.dispatch.known_secrets import KnownSecrets
from encord_lambda.dispatch.notification import SIGNATURE, Unverified
from encord_lambda.editor_api.replies import Refusal

type Secrets = Callable[[str], KnownSecrets]
"""Signing secrets, by their names."""
_log = logging.getLogger(__name__)


def is_signed(headers: Mapping[str, str]) -> bool:
    """Whether somebody wants to be taken for Encord; newer signatures than we can read count, too."""
    return any(name.lower().startswith(SIGNATURE.lower()) for name in headers)


def check_signature(agent: Called, headers: Mapping[str, str], body: bytes, secrets: Secrets, now: datetime) -> None:
    """Take a signed call for Encord's only if it is.

    Raises:
        Refusal: 401, without a reason; that is in the log.
        Trouble: The secret cannot be read.
    """
    try:
        if agent.signing_secret is None:
            raise Unverified("the call is signed, but the agent has no `signing_secret` in pipeline.yaml")
        secrets(agent.signing_secret).verify(headers, body, now)
    except Unverified as doubt:
        _log.warning("unverified call: %s", doubt.reason)
        raise Refusal(HTTPStatus.UNAUTHORIZED, "the call's signature could not be verified") from None


def check_token(agent: Called, token: str | None) -> None:
    """Have a call without a signature carry the agent's token, if it asks for any proof.

    Raises:
        Refusal: 401 for a wrong token, or none where one is needed.
    """
    if agent.token_sha256 is None and agent.signing_secret is None:
        return
    given = hashlib.sha256((token or "").encode(errors="replace")).hexdigest()
    if agent.token_sha256 is None or not hmac.compare_digest(given, agent.token_sha256):
        raise Refusal(HTTPStatus.UNAUTHORIZED, "this agent takes calls with its token or Encord's signature only")
