"""An empty Encord twin over a bucket's real objects, whose project classifies and then pre-labels what is registered.

python -m benchmarks.usage_world S3_ENDPOINT SECONDS

Prints one line of JSON, an `Announced`, and serves until it is ended. Each answer is so many seconds late.
"""

import sys
import threading

from pydantic import BaseModel

from sandbox.annotators import ontology
from sandbox.encord_twin import S3Objects, Settings, World, serve
from sandbox.encord_twin.platform.records import StageType
from sandbox.encord_twin.protocol.faults import Fault
from sandbox.encord_twin.world import StageSpec
from sandbox.ministack import REGION
from sandbox.scenario.world import AGENT_STAGE, world

PRELABEL, LAST = "Pre-Labeling Agent", "Annotate"
PAGE = 100  # tasks


class Announced(BaseModel):
    """Where the twin is, and an OpenSSH key that it knows."""

    twin: str
    key: str


def usage_world() -> World:
    """Seed 000's project with a second agent stage, and boxes in its ontology."""
    plain = world("00" * 32)
    editor = {**plain.ontologies[0].editor, "objects": ontology()["objects"]}
    stages = [
        StageSpec(title=AGENT_STAGE, type=StageType.AGENT, pathways=dict.fromkeys(("Cat", "Dog", "Other"), PRELABEL)),
        StageSpec(title=PRELABEL, type=StageType.AGENT, pathways={LAST: LAST}),
        StageSpec(title=LAST, type=StageType.ANNOTATION, next="Complete"),
        StageSpec(title="Complete", type=StageType.DONE),
    ]
    return plain.model_copy(
        update={
            "ontologies": [plain.ontologies[0].model_copy(update={"editor": editor})],
            "projects": [plain.projects[0].model_copy(update={"stages": stages})],
        }
    )


def main() -> None:
    """Seed and serve."""
    endpoint, seconds = sys.argv[1], float(sys.argv[2])
    with serve(usage_world(), objects=S3Objects(endpoint, REGION), settings=Settings(task_page_size=PAGE)) as twin:
        if seconds:
            twin.faults.add(Fault(route="", times=None, delay=seconds))
        sys.stdout.write(Announced(twin=twin.url, key=twin.key).model_dump_json() + "\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
