"""Shapes and attributes of objects, as the SDK takes them and gives them back; what does not fit is rejected."""

from typing import Any

import pytest
from encord.common.bitmask_operations import coco_rle_to_encord_rle
from encord.objects.bitmask import BitmaskCoordinates
from encord.objects.coordinates import PointCoordinate, PolygonCoordinates, SkeletonCoordinate, SkeletonCoordinates

from encord_lambda.agents.masks import compressed
from encord_lambda.encord_platform.drawing import coordinates, shape_of
from encord_lambda.errors import Reject
from encord_lambda.labels.proposals import Answers, Owned, Placement, Thing, Written
from encord_lambda.labels.shapes import Bitmask, Box, Point, Polygon, RotatedBox, Shape
from tests.adapters.offline_rows import AUDIO, IMAGE, PDF, TEXT, VIDEO, Kind, Scribe, a_row, read_back, written
from tests.fakes.ontologies import numbered

AGENT = Scribe(Owned(objects=("Thing",)))
BOX = Box(0.1, 0.1, 0.2, 0.2)
SIDES = {"name": "Side", "type": "radio", "required": True, "options": [{"label": "left", "value": "left"}]}
POSE = {
    "name": "Pose",
    "type": "checklist",
    "required": False,
    "dynamic": True,
    "options": [{"label": "up", "value": "up"}],
}


def an_ontology(shape: str) -> dict[str, Any]:
    thing = {"name": "Thing", "shape": shape, "color": "#D33115", "attributes": [dict(SIDES), dict(POSE)]}
    return numbered({"objects": [thing], "classifications": []})


def draw(kind: str, shape: Shape, answers: Answers = (), dynamic: Answers = (), on: Kind = IMAGE) -> Written:
    """Draw one thing on the first frame of a row."""
    structure = an_ontology(kind)
    thing = Thing("Thing", (Placement(0, shape, 0.5, dynamic),), "a", answers)
    return written(a_row(structure, on), structure, AGENT, thing)


@pytest.mark.parametrize(
    ("kind", "shape", "reason"),
    [
        ("bounding_box", RotatedBox(0, 0, 1, 1, 3), "'Thing' is of shape bounding_box; a RotatedBox is not"),
        ("rotatable_bounding_box", BOX, "'Thing' is of shape rotatable_bounding_box; a Box is not"),
        ("skeleton", Point(0, 0), "'Thing' is of shape skeleton; a Point is not"),
        ("bitmask", Bitmask(8, 9, "P2"), "a bitmask of 'Thing' has 8 x 9 pixels; the frame has 8 x 8"),
        (
            "bitmask",
            Bitmask(8, 8, "P1"),
            "a bitmask of 'Thing' cannot be read: the mask has 32 pixels; 8 x 8 were expected",
        ),
        (
            "bitmask",
            Bitmask(8, 8, "~"),
            "a bitmask of 'Thing' cannot be read: the mask is not in COCO's run-length encoding",
        ),
        ("bitmask", Bitmask(4, 8, "P1"), "a bitmask of 'Thing' has 4 x 8 pixels; the frame has 8 x 8"),
    ],
)
def test_a_shape_that_does_not_fit_is_rejected(kind: str, shape: Shape, reason: str) -> None:
    with pytest.raises(Reject) as trouble:
        draw(kind, shape)

    assert trouble.value.reason == reason


@pytest.mark.parametrize("kind", [IMAGE, VIDEO, PDF], ids=lambda kind: kind.name)
def test_things_are_drawn_on_whatever_has_frames(kind: Kind) -> None:
    assert draw("bounding_box", BOX, on=kind) == Written(added=1)


@pytest.mark.parametrize("kind", [AUDIO, TEXT], ids=lambda kind: kind.name)
def test_nothing_is_drawn_on_what_has_none(kind: Kind) -> None:
    with pytest.raises(Reject, match="'one' is no picture: nothing can be drawn on it"):
        draw("bounding_box", BOX, on=kind)


@pytest.mark.parametrize(
    ("answers", "dynamic", "reason"),
    [
        ((("Colour", "red"),), (), "the ontology of this label row has no attribute 'Colour' there"),
        ((("Side", "right"),), (), "'Side' has no option 'right' in the ontology of this label row"),
        ((("Side", ("left",)),), (), "'Side' is of type radio and cannot be answered with \"('left',)\""),
        ((("Pose", ("up",)),), (), "the ontology of this label row has no attribute 'Pose' there"),
        ((), (("Side", "left"),), "the ontology of this label row has no attribute 'Side' there"),
        ((), (("Pose", "up"),), "'Pose' is of type checklist and cannot be answered with 'up'"),
    ],
)
def test_an_attribute_that_does_not_fit_is_rejected(answers: Answers, dynamic: Answers, reason: str) -> None:
    """A dynamic attribute belongs to a placement, a static one to the thing."""
    with pytest.raises(Reject) as trouble:
        draw("bounding_box", BOX, answers, dynamic)

    assert trouble.value.reason == reason


def test_a_required_attribute_may_be_left_to_people() -> None:
    """A detector that only draws boxes is of use all the same."""
    assert draw("bounding_box", BOX) == Written(added=1)


def test_masks_are_turned_as_the_sdk_turns_them() -> None:
    """COCO's runs go down the columns, Encord's along the rows: compared with the SDK's own, slower conversion."""
    mask = Bitmask(3, 2, "132")
    given = coordinates(mask)

    encoded: Any = given.to_dict()
    assert encoded["rleString"] == coco_rle_to_encord_rle(mask.rle, height=2, width=3)
    assert shape_of(given) == mask


def test_a_mask_of_the_picture_at_another_size_is_drawn_at_the_frames() -> None:
    """As a detector answers that was shown a large picture scaled down: here 4 x 4 pixels for a frame of 8 x 8."""
    structure = an_ontology("bitmask")
    row = a_row(structure)
    small = Bitmask(4, 4, compressed([5, 2, 9]))  # the second and the third pixel of the second column

    written(row, structure, AGENT, Thing("Thing", (Placement(0, small, 0.5),), "a"))

    [label] = read_back(row, structure)
    assert isinstance(label.content, Thing)
    assert label.content.placements[0].shape == Bitmask(8, 8, compressed([18, 4, 4, 4, 34]))


def test_a_mask_that_cannot_be_read_is_no_shape_of_ours() -> None:
    torn = BitmaskCoordinates.EncodedBitmask(top=0, left=0, height=8, width=8, rle_string="P1")

    assert shape_of(BitmaskCoordinates(torn)) is None


def test_a_polygon_with_holes_reads_as_its_outline() -> None:
    outline, hole = (
        [PointCoordinate(at, at), PointCoordinate(1 - at, at), PointCoordinate(at, 1)] for at in (0.1, 0.3)
    )

    assert shape_of(PolygonCoordinates(polygons=[[outline, hole]])) == Polygon(((0.1, 0.1), (0.9, 0.1), (0.1, 1)))


def test_a_skeleton_is_no_shape_of_ours() -> None:
    assert shape_of(SkeletonCoordinates(values=[SkeletonCoordinate(x=0, y=0, name="a")], name="s")) is None
