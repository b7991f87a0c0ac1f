"""The signature Encord puts on every request it makes to a configured URL."""

import hashlib
import hmac
from datetime import datetime

TIMESTAMP, SIGNATURE = "X-Encord-Timestamp", "X-Encord-Signature"


def signature(secret: str, body: bytes, now: datetime) -> dict[str, str]:
    """The two headers: whole Unix seconds, and the hex HMAC-SHA256 of those, a dot and the body's bytes."""
    timestamp = str(int(now.timestamp()))
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {TIMESTAMP: timestamp, SIGNATURE: digest}
