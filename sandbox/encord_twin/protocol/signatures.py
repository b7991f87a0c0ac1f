"""Who sent this? Both of the platform's signature schemes, over the bytes as they came."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ..platform.refusals import Unauthenticated, UnknownKey

LEGACY = re.compile(r"([0-9a-f]{64}):([0-9a-f]{128})")
V2 = re.compile(
    r'encord-sig=(\("@method" "@request-target" "content-digest"\)'
    r';created=(\d+);keyid="([0-9a-f]{64})";alg="ed25519")'
)


@dataclass(frozen=True)
class Signed:
    """The parts of a request a signature covers; `target` is path and query, unmodified."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Signatures:
    """The registered keys (public key in hex to e-mail) and how many seconds old a signature may be.

    A bearer token (to e-mail) may stand in for a signature, in both protocols.
    """

    users: Mapping[str, str]
    tokens: Mapping[str, str]
    window: float

    def legacy_user(self, request: Signed) -> str:
        """The e-mail address behind an `Authorization: key:signature` header, else `Unauthenticated`."""
        if bearer := self._bearer(request):
            return bearer
        match = LEGACY.fullmatch(request.headers.get("authorization", ""))
        if match is None:
            raise Unauthenticated("the Authorization header is not <public key>:<signature>")
        key, signature = match.groups()
        self._verify(key, bytes.fromhex(signature), hashlib.sha256(request.body).digest())
        return self._user(key)

    def v2_user(self, request: Signed, now: float) -> str:
        """The e-mail address behind a v2 HTTP message signature made within the window around `now`."""
        if bearer := self._bearer(request):
            return bearer
        match = V2.fullmatch(request.headers.get("signature-input", ""))
        if match is None:
            raise Unauthenticated("Signature-Input is missing or not understood")
        parameters, created, key = match.groups()
        if abs(now - int(created)) > self.window:
            raise Unauthenticated(f"the signature was created more than {self.window:.0f} s from now")
        self._verify(key, _v2_signature(request.headers), _v2_base(request, parameters))
        return self._user(key)

    def _bearer(self, request: Signed) -> str | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer":
            return None
        if token not in self.tokens:
            raise Unauthenticated("the bearer token is not one of ours")
        return self.tokens[token]

    def _user(self, key: str) -> str:
        if key not in self.users:
            raise UnknownKey("this public key is not registered")
        return self.users[key]

    def _verify(self, key: str, signature: bytes, message: bytes) -> None:
        try:
            _public_key(key).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise Unauthenticated("the signature does not match the request") from error


@lru_cache(maxsize=1024)
def _public_key(key: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))


def _v2_signature(headers: Mapping[str, str]) -> bytes:
    raw = headers.get("signature", "").removeprefix("encord-sig=:").removesuffix(":")
    try:
        return base64.b64decode(raw, validate=True)
    except ValueError as error:
        raise Unauthenticated("the Signature header is not base64") from error


def _v2_base(request: Signed, parameters: str) -> bytes:
    digest = f"sha-256=:{base64.b64encode(hashlib.sha256(request.body).digest()).decode()}:"
    if request.headers.get("content-digest") != digest:
        raise Unauthenticated("Content-Digest does not match the body")
    lines = [
        f'"@method": {request.method}',
        f'"@request-target": {request.target}',
        f'"content-digest": {digest}',
        f'"@signature-params": {parameters}',
    ]
    return "\n".join(lines).encode()
