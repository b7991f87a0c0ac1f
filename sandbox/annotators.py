"""Simulated annotators of known skill, who label pictures of one animal with Encord's SDK: an answer and a box.

What somebody makes of a picture follows from the seed, the annotator and the picture's title alone.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from encord import Project
from encord.http.bundle import Bundle
from encord.objects import Classification, LabelRowV2, Object, OntologyStructure, Option
from encord.objects.coordinates import BoundingBoxCoordinates
from encord.workflow import ConsensusAnnotationStage

from sandbox.encord_twin.platform.json_values import JsonObject

SEED = 8
ANIMAL = "Animal"
COLOURS = {"Cat": "#C4481A", "Dog": "#2C6BC9"}
LEAST = 0.02
"""Boxes lie in the picture and have sides of this fraction of it at least."""

type Sides = tuple[float, float, float, float]
"""Left, top, right and bottom, in fractions of the picture."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody says is on a picture: an animal, and its box, if any is drawn."""

    kind: str
    box: Sides | None


@dataclass(frozen=True, slots=True)
class Annotator:
    """Somebody who is right about as often as is said here."""

    email: str
    right: float
    """Chance that the animal is told rightly, in the answer and by the box's name."""
    misses: float
    """Chance that its box is left out."""
    jitter: float
    """Standard deviation of each of a box's sides, in fractions of the box."""

    @property
    def accuracy(self) -> float:
        """The share of answers and boxes that come out right in the long run, as a benchmark counts them."""
        return self.right * (2 - self.misses) / 2

    def sees(self, title: str, truth: Seen) -> Seen:
        """What this annotator makes of the picture with this title."""
        rng = random.Random(f"{SEED} {self.email} {title}")  # noqa: S311 - a simulation
        others = [kind for kind in COLOURS if kind != truth.kind]
        kind = truth.kind if rng.random() < self.right else rng.choice(others)
        missed = truth.box is None or rng.random() < self.misses
        return Seen(kind, None if missed else self._shaken(rng, truth.box or (0, 0, 1, 1)))

    def _shaken(self, rng: random.Random, box: Sides) -> Sides:
        left, top, right, bottom = box
        across, down = (right - left) * self.jitter, (bottom - top) * self.jitter
        left, right = rng.gauss(left, across), rng.gauss(right, across)
        top, bottom = rng.gauss(top, down), rng.gauss(bottom, down)
        left, top = min(max(left, 0), 1 - LEAST), min(max(top, 0), 1 - LEAST)
        return left, top, min(max(right, left + LEAST), 1), min(max(bottom, top + LEAST), 1)


def ontology() -> JsonObject:
    """A box for each animal, and a question for the whole picture."""
    objects = [
        {
            "id": str(number),
            "name": name,
            "color": colour,
            "shape": "bounding_box",
            "featureNodeHash": f"obj0000{number}",
            "required": False,
            "attributes": [],
        }
        for number, (name, colour) in enumerate(COLOURS.items(), start=1)
    ]
    options = [
        {"id": f"1.1.{number}", "label": name, "value": name.lower(), "featureNodeHash": f"opt0000{number}"}
        for number, name in enumerate(COLOURS, start=1)
    ]
    question = {"id": "1.1", "name": ANIMAL, "type": "radio", "required": True, "dynamic": False}
    attributes = [question | {"featureNodeHash": "att00001", "options": options}]
    animal = {"id": "1", "featureNodeHash": "cla00001", "attributes": attributes}
    return {"objects": objects, "classifications": [animal]}


def label(row: LabelRowV2, structure: OntologyStructure, seen: Seen, *, confidence: float = 1.0) -> None:
    """Put it on an initialised label row, in place of all that is there. Only who is certain is a person."""
    for answered in row.get_classification_instances():
        row.remove_classification(answered)
    for drawn in row.get_object_instances():
        row.remove_object(drawn)
    by_hand = confidence == 1
    animal = structure.get_child_by_title(ANIMAL, type_=Classification)
    answer = animal.create_instance()
    answer.set_answer(animal.get_child_by_title(seen.kind, type_=Option))
    answer.set_for_frames(0, confidence=confidence, manual_annotation=by_hand)
    row.add_classification_instance(answer)
    if seen.box:
        left, top, right, bottom = seen.box
        at = BoundingBoxCoordinates(top_left_x=left, top_left_y=top, width=right - left, height=bottom - top)
        thing = structure.get_child_by_title(seen.kind, type_=Object).create_instance()
        thing.set_for_frames(at, 0, confidence=confidence, manual_annotation=by_hand)
        row.add_object_instance(thing)


def label_all(
    project: Project, seen: Mapping[str, Seen], branch: str | None = None, *, confidence: float = 1.0
) -> None:
    """Label and save these pictures, by title, on a branch: three requests."""
    rows = [row for row in project.list_label_rows_v2(branch_name=branch) if row.data_title in seen]
    _bundled(project, rows, lambda row, bundle: row.initialise_labels(bundle=bundle))
    for row in rows:
        label(row, project.ontology_structure, seen[row.data_title], confidence=confidence)
    _bundled(project, rows, lambda row, bundle: row.save(bundle=bundle))


def annotate(project: Project, stage: str, truth: Mapping[str, Seen], annotators: Sequence[Annotator]) -> None:
    """Have everybody label on their branches what they see of these pictures, and submit it."""
    found = project.workflow.get_stage(name=stage, type_=ConsensusAnnotationStage)
    subtasks = [one for task in found.get_tasks() if task.data_title in truth for one in task.subtasks]
    for annotator in annotators:
        mine = [one for one in subtasks if one.assignee == annotator.email]
        seen = {one.data_title: annotator.sees(one.data_title, truth[one.data_title]) for one in mine}
        if mine:
            label_all(project, seen, mine[0].label_branch_name)
    submitting = {annotator.email for annotator in annotators}
    _bundled(
        project,
        [one for one in subtasks if one.assignee in submitting],
        lambda one, bundle: one.submit(bundle=bundle),
    )


def _bundled[T](project: Project, things: Iterable[T], add: Callable[[T, Bundle], object]) -> None:
    with project.create_bundle() as bundle:
        for thing in things:
            add(thing, bundle)
