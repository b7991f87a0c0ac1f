"""Where the manifests that `manifest build` makes go. A name tells the content: the same content is written once."""

from pathlib import Path
from typing import Protocol

from encord_lambda.cli import whole_file
from encord_lambda.cli.printing import counted
from encord_lambda.config_registration import Registration
from encord_lambda.errors import Misconfigured
from encord_lambda.registration.manifests.manifest import Manifest


class Bucket(Protocol):
    """Takes objects."""

    def write_once(self, key: str, body: bytes) -> bool:
        """Put an object, unless there is one; whether it was put."""


class Outbox(Protocol):
    """Takes manifests of one registration."""

    def put(self, manifest: Manifest) -> None:
        """Take a manifest."""

    def told(self) -> str:
        """What became of them, in a line."""


class Trial:
    """Only counts."""

    def __init__(self) -> None:
        self._jobs = 0

    def put(self, manifest: Manifest) -> None:
        """Count an upload job."""
        del manifest
        self._jobs += 1

    def told(self) -> str:
        """How many there would be."""
        return counted(self._jobs, "upload job")


class Folder:
    """Writes them below a folder, by their keys, so that copying it to the bucket puts them in their places."""

    def __init__(self, folder: str, registration: Registration) -> None:
        self._folder, self._registration = Path(folder), registration
        self._written = 0
        if any(part in ("", ".", "..") for part in registration.manifests.removesuffix("/").split("/")):
            raise Misconfigured(f"the prefix '{registration.prefix}' can be no folder: take --submit")

    def put(self, manifest: Manifest) -> None:
        """Write a manifest.

        Raises:
            Misconfigured: It cannot be written.
        """
        file = self._folder / key(self._registration, manifest)
        whole_file.make_folder(file.parent)
        with whole_file.written(str(file)) as stream:
            stream.write(manifest.json_bytes())
        self._written += 1

    def told(self) -> str:
        """How many there are, and where."""
        return f"{counted(self._written, 'upload job')}, written below {self._folder / self._registration.manifests}"


class Submission:
    """Puts them into the bucket, where the stack finds them."""

    def __init__(self, bucket: Bucket, registration: Registration) -> None:
        self._bucket, self._registration = bucket, registration
        self._new = self._known = 0

    def put(self, manifest: Manifest) -> None:
        """Put a manifest, unless it is there already.

        Raises:
            Trouble: It cannot be put.
        """
        if self._bucket.write_once(key(self._registration, manifest), manifest.json_bytes()):
            self._new += 1
        else:
            self._known += 1

    def told(self) -> str:
        """How many are new."""
        jobs = f"{counted(self._new + self._known, 'upload job')}, submitted below {self._registration.manifests}"
        return f"{jobs} ({self._known:,} of them earlier)" if self._known else jobs


def key(registration: Registration, manifest: Manifest) -> str:
    """Where the stack looks for a manifest of a registration."""
    return f"{registration.manifests}backfill-{manifest.digest[:16]}.json"
