"""What Encord holds of the archive's media in the end, read with its own SDK."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from encord import EncordUserClient
from encord.objects import LabelRowV2
from encord.objects.coordinates import BoundingBoxCoordinates

from sandbox.scenario.agents import STREET, ZOO
from sandbox.scenario.archive import Animals, Medium
from sandbox.scenario.encord import Task
from sandbox.scenario.servers import Sandbox
from sandbox.scenario.watching import Sight

type Sides = tuple[float, float, float, float]
"""Left, top, right and bottom of a box, as fractions of the frame."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A box as it is stored."""

    frame: int
    title: str
    confidence: float
    sides: Sides


@dataclass(frozen=True, slots=True)
class Finding:
    """A data unit: what it shows, where its task waits, and its labels."""

    medium: Medium
    stage: str
    boxes: Sequence[Drawn] = ()
    texts: Sequence[str] = ()

    def overlap(self, box: Drawn) -> float:
        """How much of a box is of an animal of its kind on its frame (intersection over union), at best."""
        animals = self.medium.frames.get(box.frame, ())
        return max((_overlap(box.sides, side) for side in _fractions(animals, box.title, self.medium.size)), default=0)


def findings(sandbox: Sandbox, sight: Sight) -> tuple[list[Finding], list[Finding]]:
    """Those of the project that a detector works in, and those of the other."""
    client = EncordUserClient.create_with_ssh_private_key(sandbox.key, domain=sandbox.encord.url)
    archive = sandbox.archive
    zoo = _found(client, ZOO, archive.zoo, sight.platform.others[ZOO])
    street = _found(client, STREET, [*archive.benchmark, *archive.production], sight.platform.others[STREET])
    return list(zoo), list(street)


def _found(
    client: EncordUserClient, project: UUID, media: Sequence[Medium], stages: Mapping[str, Sequence[Task]]
) -> Iterator[Finding]:
    where = {task.data_hash: stage for stage, tasks in stages.items() for task in tasks}
    known = {medium.title: medium for medium in media}
    for row in client.get_project(project).list_label_rows_v2():
        row.initialise_labels()
        stage = where.get(UUID(row.data_hash), "nowhere")
        yield Finding(known[row.data_title], stage, list(_boxes(row)), list(_texts(row)))


def _boxes(row: LabelRowV2) -> Iterator[Drawn]:
    for thing in row.get_object_instances():
        for seen in thing.get_annotations():
            at = seen.coordinates
            if isinstance(at, BoundingBoxCoordinates):
                sides = (at.top_left_x, at.top_left_y, at.top_left_x + at.width, at.top_left_y + at.height)
                yield Drawn(seen.frame, thing.object_name, seen.confidence, sides)


def _texts(row: LabelRowV2) -> Iterator[str]:
    for answered in row.get_classification_instances():
        answer = answered.get_answer()
        if isinstance(answer, str):
            yield answer


def _fractions(animals: Animals, title: str, size: tuple[int, int]) -> Iterator[Sides]:
    for kind, (left, top, right, bottom) in animals:
        if kind == title:
            yield left / size[0], top / size[1], right / size[0], bottom / size[1]


def _overlap(one: Sides, other: Sides) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    both = max(width, 0) * max(height, 0)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return both / (sum(areas) - both)
