"""Signature Version 4, by which AWS knows who asks.

As in https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, for what is asked for
here: a path without a query, escaped as it is sent.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

_ALGORITHM: Final = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, and for which region."""

    region: str
    access_key: str
    secret_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)
    """Empty for a key that needs none."""

    def signed(
        self, service: str, method: str, url: str, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> dict[str, str]:
        """The headers of a request with those that prove who sends it. `now` is in UTC.

        What is signed is sent as it is, but for headers that are not given here.
        """
        stamp, address = now.strftime("%Y%m%dT%H%M%SZ"), urlsplit(url)
        proof = {"x-amz-date": stamp, "x-amz-content-sha256": hashlib.sha256(body).hexdigest()}
        if self.session_token:
            proof["x-amz-security-token"] = self.session_token
        lines = {name.lower(): " ".join(text.split()) for name, text in {**headers, **proof}.items()}
        lines = dict(sorted({**lines, "host": address.netloc}.items()))
        names = ";".join(lines)
        canonical = [method, address.path or "/", "", *(f"{name}:{text}" for name, text in lines.items())]
        canonical += ["", names, proof["x-amz-content-sha256"]]
        scope = f"{stamp[:8]}/{self.region}/{service}/aws4_request"
        told = "\n".join((_ALGORITHM, stamp, scope, hashlib.sha256("\n".join(canonical).encode()).hexdigest()))
        credential = f"{_ALGORITHM} Credential={self.access_key}/{scope}"
        signature = _sign(self._key(scope), told).hex()
        return {**headers, **proof, "authorization": f"{credential}, SignedHeaders={names}, Signature={signature}"}

    def _key(self, scope: str) -> bytes:
        key = f"AWS4{self.secret_key}".encode()
        for part in scope.split("/"):
            key = _sign(key, part)
        return key


def _sign(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
