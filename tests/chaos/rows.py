"""What stands in the label rows at the end, read with the SDK."""

import itertools
from dataclasses import dataclass
from uuid import UUID

from encord.objects import LabelRowV2, Option
from encord.objects.coordinates import BoundingBoxCoordinates

from tests.chaos.asking import project
from tests.chaos.plan import Place
from tests.chaos.world import PERSON


@dataclass(frozen=True, slots=True, order=True)
class Standing:
    """One label."""

    says: str
    hash: str
    by_person: bool


def standing(place: Place, desk: str) -> dict[UUID, list[Standing]]:
    """All labels of a project, by data unit."""
    opened = project(place, desk)
    rows = opened.list_label_rows_v2()
    for some in itertools.batched(rows, 200, strict=False):
        with opened.create_bundle() as bundle:
            for row in some:
                if row.label_hash:
                    row.initialise_labels(bundle=bundle)
    return {UUID(row.data_hash): sorted(labels(row)) for row in rows}


def labels(row: LabelRowV2) -> list[Standing]:
    """All labels of a row; none of one that was never opened."""
    if not row.is_labelling_initialised:
        return []
    found = []
    for answer in row.get_classification_instances():
        option = answer.get_answer()
        says = option.label if isinstance(option, Option) else str(option)
        by_person = answer.manual_annotation or PERSON in (answer.created_by, answer.last_edited_by)
        found.append(Standing(says, answer.classification_hash, by_person))
    for thing in row.get_object_instances():
        for seen in thing.get_annotations():
            at = seen.coordinates
            assert isinstance(at, BoundingBoxCoordinates)
            says = f"{thing.object_name} {at.top_left_x:.4f} {at.top_left_y:.4f} {at.width:.4f} {at.height:.4f}"
            by_person = seen.manual_annotation or PERSON in (seen.created_by, seen.last_edited_by)
            found.append(Standing(says, thing.object_hash, by_person))
    return found
