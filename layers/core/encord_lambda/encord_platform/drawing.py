"""Shapes to and from the SDK's coordinates."""

from encord.common.bitmask_operations import deserialise_bitmask, serialise_bitmask
from encord.objects.bitmask import BitmaskCoordinates
from encord.objects.coordinates import (
    BoundingBoxCoordinates,
    Coordinates,
    PointCoordinate,
    PolygonCoordinates,
    PolylineCoordinates,
    RotatableBoundingBoxCoordinates,
)

from encord_lambda.agents.masks import runs
from encord_lambda.errors import Reject
from encord_lambda.labels.shapes import Bitmask, Box, Point, Points, Polygon, Polyline, RotatedBox, Shape


def coordinates(shape: Shape) -> Coordinates:
    """A shape as the SDK takes it.

    Raises:
        Reject: A bitmask's run lengths are malformed, or not as many pixels as it says.
    """
    match shape:
        case RotatedBox(x, y, width, height, theta):
            return RotatableBoundingBoxCoordinates(height, width, x, y, theta)
        case Box(x, y, width, height):
            return BoundingBoxCoordinates(height, width, x, y)
        case Polygon(points):
            return PolygonCoordinates(_out(points))
        case Polyline(points):
            return PolylineCoordinates(_out(points))
        case Point(x, y):
            return PointCoordinate(x, y)
        case Bitmask():
            return _mask(shape)


def shape_of(given: Coordinates) -> Shape | None:
    """The SDK's coordinates as a shape; None for those that agents do not draw, skeletons for example.

    A polygon of several parts, or with holes, is its first outline.
    """
    match given:
        case RotatableBoundingBoxCoordinates():
            return RotatedBox(given.top_left_x, given.top_left_y, given.width, given.height, given.theta)
        case BoundingBoxCoordinates():
            return Box(given.top_left_x, given.top_left_y, given.width, given.height)
        case PolygonCoordinates():
            return Polygon(_in(given.values))
        case PolylineCoordinates():
            return Polyline(_in([one for one in given.values if isinstance(one, PointCoordinate)]))
        case PointCoordinate():
            return Point(given.x, given.y)
        case BitmaskCoordinates():
            return _unmask(BitmaskCoordinates.EncodedBitmask.from_dict(given.to_dict()))
    return None


def _out(points: Points) -> list[PointCoordinate]:
    return [PointCoordinate(x, y) for x, y in points]


def _in(points: list[PointCoordinate]) -> Points:
    return tuple((one.x, one.y) for one in points)


def _mask(mask: Bitmask) -> BitmaskCoordinates:
    # COCO's runs go down the columns, Encord's along the rows.
    try:
        counts = runs(mask.rle)
    except ValueError as error:
        raise Reject(f"a bitmask cannot be read: {error}") from None
    if sum(counts) != mask.width * mask.height:
        raise Reject(f"a bitmask has {sum(counts)} pixels; {mask.width} x {mask.height} were expected")
    columns = b"".join(bytes((place % 2,)) * count for place, count in enumerate(counts))
    rle = serialise_bitmask(_turned(columns, mask.height))
    return BitmaskCoordinates(
        BitmaskCoordinates.EncodedBitmask(top=0, left=0, height=mask.height, width=mask.width, rle_string=rle)
    )


def _unmask(mask: BitmaskCoordinates.EncodedBitmask) -> Bitmask:
    rows = deserialise_bitmask(mask.rle_string, mask.width * mask.height)
    return Bitmask(mask.width, mask.height, serialise_bitmask(_turned(rows, mask.width)))


def _turned(pixels: bytes, length: int) -> bytes:
    """Lines of `length` pixels, one after the other, read across."""
    return b"".join(pixels[start::length] for start in range(length))
