"""The Encord twin with so many tasks at an agent stage, each page of them so many seconds late.

python -m benchmarks.sweep_world TASKS SECONDS

Prints one line of JSON, where it is and the OpenSSH key it knows, and serves until it is ended.
"""

import json
import sys
import threading

from sandbox.encord_twin import FolderSpec, ItemSpec, Settings, World, serve
from sandbox.encord_twin.protocol.faults import Fault
from sandbox.scenario.world import FOLDER, world

PAGE = 100  # tasks


def main() -> None:
    """Seed and serve."""
    tasks, seconds = int(sys.argv[1]), float(sys.argv[2])
    with serve(_world(tasks), settings=Settings(task_page_size=PAGE)) as twin:
        if seconds:
            twin.faults.add(Fault(route="", times=None, delay=seconds))
        sys.stdout.write(json.dumps({"url": twin.url, "key": twin.key}) + "\n")
        sys.stdout.flush()
        threading.Event().wait()


def _world(tasks: int) -> World:
    empty = world("00" * 32)
    bucket = "https://pets.s3.eu-west-1.amazonaws.com"
    items = [ItemSpec(url=f"{bucket}/{number:06}.jpg", title=f"{number:06}.jpg") for number in range(tasks)]
    seeded = {
        "folders": [FolderSpec(title="Pets", uuid=FOLDER, items=items)],
        "datasets": [empty.datasets[0].model_copy(update={"folders": ["Pets"]})],
    }
    return empty.model_copy(update=seeded)


if __name__ == "__main__":
    main()
