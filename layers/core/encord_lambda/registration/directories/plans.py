"""What is on file about a directory, in the records bucket: what becomes of each of its objects, and how it stands."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from encord_lambda.registration.directories.groups import GroupKey, State
from encord_lambda.registration.manifests.manifest import Manifest


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Plan(_Record):
    """What becomes of each object of a directory. The same content has the same place."""

    version: Literal[1] = 1
    bucket: str
    directory: str
    manifest: Manifest | None = None
    """None if everything is refused."""
    members: Mapping[str, str]
    """ETags of the objects in it by key, as they were then."""
    refused: Mapping[str, tuple[str, str]]
    """ETags and reasons of the others by key."""

    def json_bytes(self) -> bytes:
        """How it is kept."""
        return self.model_dump_json(by_alias=True, exclude_none=True).encode()

    @property
    def place(self) -> str:
        """Its key in the records bucket."""
        digest = sha256(self.json_bytes()).hexdigest()
        return f"{GroupKey(self.bucket, self.directory).folder}plan-{digest}.json"


class Standing(_Record):
    """How a directory stands, for people: `group.json` beside its plans."""

    version: Literal[1] = 1
    bucket: str
    directory: str
    state: State
    at: AwareDatetime
    objects: int
    """Objects of the directory that are, or would be, in it."""
    reason: str
    """What is waited for, or what became of it."""

    @property
    def place(self) -> str:
        """Its key in the records bucket."""
        return f"{GroupKey(self.bucket, self.directory).folder}group.json"
