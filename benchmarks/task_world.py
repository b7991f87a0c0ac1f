"""The Encord twin with tasks at an agent stage, and the bucket their pictures are in; answers may all be late.

python -m benchmarks.task_world TASKS SECONDS

Prints one line of JSON, an `Announced`, and serves until it is ended.
"""

import sys
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from benchmarks.late_server import serve_beside
from benchmarks.pictures import SIZE, pictures
from sandbox.encord_twin import FolderSpec, ItemSpec, Settings, World, serve
from sandbox.encord_twin.protocol.faults import Fault
from sandbox.scenario.world import FOLDER, world

BUCKET = "https://pets.s3.eu-west-1.amazonaws.com"
PAGE = 100  # tasks


class Announced(BaseModel):
    """Where the twin and the bucket are, and an OpenSSH key that the twin knows."""

    twin: str
    bucket: str
    key: str


@dataclass(frozen=True)
class Bucket:
    """The twin's object source: signed links lead to a server of their own, as those of S3 do."""

    objects: Mapping[str, bytes]
    url: str

    def read(self, url: str) -> bytes:
        """The object's bytes."""
        return self.objects[url.removeprefix(BUCKET)]

    def signed_url(self, url: str) -> str:
        """A link to it."""
        return f"{self.url}{url.removeprefix(BUCKET)}?X-Signature=bench"


def main() -> None:
    """Draw, seed and serve."""
    tasks, seconds = int(sys.argv[1]), float(sys.argv[2])
    drawn = {f"/{number:06}-{kind}.jpg": jpeg for number, (kind, jpeg) in enumerate(pictures(tasks))}
    bucket = Bucket(drawn, f"http://127.0.0.1:{_bucket(drawn, seconds)}")
    with serve(_world(list(drawn)), objects=bucket, settings=Settings(task_page_size=PAGE)) as twin:
        if seconds:
            twin.faults.add(Fault(route="", times=None, delay=seconds))
        sys.stdout.write(Announced(twin=twin.url, bucket=bucket.url, key=twin.key).model_dump_json() + "\n")
        sys.stdout.flush()
        threading.Event().wait()


def _world(names: list[str]) -> World:
    empty = world("00" * 32)
    items = [ItemSpec(url=BUCKET + name, title=name[1:], width=SIZE[0], height=SIZE[1]) for name in names]
    seeded = {
        "folders": [FolderSpec(title="Pets", uuid=FOLDER, items=items)],
        "datasets": [empty.datasets[0].model_copy(update={"folders": ["Pets"]})],
    }
    return empty.model_copy(update=seeded)


def _bucket(objects: Mapping[str, bytes], seconds: float) -> int:
    """Serve objects from a thread; `/` answers how many were fetched."""
    fetched: Counter[str] = Counter()

    def answer(target: str, _: bytes) -> tuple[str, bytes]:
        if target == "/":
            return "application/json", str(fetched.total()).encode()
        path = target.partition("?")[0]
        fetched[path] += 1
        return "image/jpeg", objects[path]

    return serve_beside(answer, seconds)


if __name__ == "__main__":
    main()
