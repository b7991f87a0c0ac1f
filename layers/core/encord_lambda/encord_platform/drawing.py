"""Shapes to and from the SDK's coordinates."""

from encord.objects.bitmask import BitmaskCoordinates
from encord.objects.coordinates import (
    BoundingBoxCoordinates,
    Coordinates,
    PointCoordinate,
    PolygonCoordinates,
    PolylineCoordinates,
    RotatableBoundingBoxCoordinates,
)

from encord_lambda.agents.mask_layout import turned
from encord_lambda.labels.shapes import Bitmask, Box, Point, Points, Polygon, Polyline, RotatedBox, Shape


def coordinates(shape: Shape) -> Coordinates:
    """A shape as the SDK takes it.

    Raises:
        ValueError: A bitmask is malformed.
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
    """The SDK's coordinates as a shape; None for those that agents do not draw, skeletons for example, or cannot read.

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
    rows = turned(mask)
    return BitmaskCoordinates(
        BitmaskCoordinates.EncodedBitmask(top=0, left=0, height=mask.height, width=mask.width, rle_string=rows.rle)
    )


def _unmask(mask: BitmaskCoordinates.EncodedBitmask) -> Bitmask | None:
    try:
        return turned(Bitmask(mask.height, mask.width, mask.rle_string))
    except ValueError:
        return None
