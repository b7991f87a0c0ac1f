"""A bucket of records in memory, which counts what is asked of it."""

import hashlib
from collections.abc import Iterable

from encord_lambda.aws.objects import Objects
from encord_lambda.errors import Reject


class MemoryBucket(Objects):
    """As `Objects`, without S3."""

    def __init__(self) -> None:
        self.bucket = "records"
        self.objects: dict[str, bytes] = {}
        self.read_keys: list[str] = []

    def read(self, key: str) -> bytes:
        """A whole object."""
        self.read_keys.append(key)
        if key not in self.objects:
            raise Reject(f"cannot read {self.address(key)}: there is none")
        return self.objects[key]

    def write(self, key: str, body: bytes, content_type: str = "application/json") -> None:  # noqa: ARG002 - its own
        """Put an object."""
        self.objects[key] = body

    def marks(self, prefix: str) -> dict[str, str]:
        """All keys that begin so, each with a hash of what is there."""
        return {key: hashlib.md5(body).hexdigest() for key, body in self._below(prefix)}  # noqa: S324 - an ETag is one

    def _below(self, prefix: str) -> Iterable[tuple[str, bytes]]:
        return sorted((key, body) for key, body in self.objects.items() if key.startswith(prefix))
