"""v2: bearer tokens, for clients that do not sign."""

import secrets

from ..platform.json_values import Json
from .calls import Call


def bearer_token(call: Call) -> Json:
    """A new token that stands for the caller as long as the twin runs."""
    token = secrets.token_urlsafe(32)
    call.store.tokens[token] = call.user
    return {"token": token}
