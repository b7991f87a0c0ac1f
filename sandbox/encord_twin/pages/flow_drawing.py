"""The workflow as a drawing: where its stages and ways go on the sheet. Units are CSS pixels."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from ..platform.records import Project, Stage
from .flow import LOOKS, Look, Way, depths, in_flow_order, ways

WIDTH, HEIGHT = 190, 44
ACROSS, DOWN = 132, 14  # room between two stages; across it holds the ways' names
MARGIN, LANE = 6, 26
LONGEST_NAME = 18  # characters that fit on a way


@dataclass(frozen=True)
class Node:
    """A stage with the number of tasks that wait there; x and y are its upper left corner."""

    stage: Stage
    look: Look
    count: int
    x: int
    y: int


@dataclass(frozen=True)
class Arrow:
    """A way; `path` is SVG's, the name is centred on x and y."""

    path: str
    name: str
    x: int
    y: int
    is_back: bool


@dataclass(frozen=True)
class Sheet:
    """The whole drawing."""

    width: int
    height: int
    nodes: list[Node]
    arrows: list[Arrow]
    node_width: int = WIDTH


def draw(project: Project) -> Sheet:
    """Stages in columns by their distance from the start. Ways that lead back or far go along lanes below."""
    nodes = _nodes(project)
    bottom = max(node.y + HEIGHT for node in nodes.values())
    arrows, lanes, bundles = [], 0, _bundled(project)
    entries = Counter(way.destination for way in bundles)
    for way in bundles:
        start, end = nodes[way.origin], nodes[way.destination]
        if end.x - start.x == WIDTH + ACROSS:
            arrows.append(_straight(way, start, end, is_joining=entries[way.destination] > 1))
        else:
            lanes += 1
            arrows.append(_round(way, start, end, bottom + lanes * LANE - LANE // 3))
    width = max(node.x for node in nodes.values()) + WIDTH + MARGIN
    return Sheet(width, bottom + lanes * LANE + MARGIN, list(nodes.values()), arrows)


def _nodes(project: Project) -> dict[UUID, Node]:
    steps = depths(project)
    columns = defaultdict(list)
    for stage in in_flow_order(project):
        columns[steps[stage.uuid]].append(stage)
    tallest = max(len(stages) for stages in columns.values())
    nodes = {}
    for step, stages in columns.items():
        top = MARGIN + (tallest - len(stages)) * (HEIGHT + DOWN) // 2
        for row, stage in enumerate(stages):
            x, y = MARGIN + step * (WIDTH + ACROSS), top + row * (HEIGHT + DOWN)
            nodes[stage.uuid] = Node(stage, LOOKS[stage.type], len(project.waiting[stage.uuid]), x, y)
    return nodes


def _bundled(project: Project) -> list[Way]:
    """Ways between the same two stages as one, with all their names."""

    def ends(way: Way) -> tuple[str, str]:
        return str(way.origin), str(way.destination)

    bundles = [list(bundle) for _, bundle in groupby(sorted(ways(project), key=ends), key=ends)]
    return [
        Way(bundle[0].origin, bundle[0].destination, " · ".join(way.name for way in bundle), bundle[0].is_pathway)
        for bundle in bundles
    ]


def _straight(way: Way, start: Node, end: Node, *, is_joining: bool) -> Arrow:
    """An arrow to the next column. Its name stands where it is apart from others: at the start if it joins some."""
    x0, y0, x1, y1 = start.x + WIDTH, start.y + HEIGHT // 2, end.x, end.y + HEIGHT // 2
    third = ACROSS // 3
    if is_joining:
        path = f"M{x0} {y0} L{x0 + third} {y0} C{x1 - third} {y0} {x1 - third} {y1} {x1 - 3} {y1}"
        return Arrow(path, _short(way.name), x0 + third, y0 - 6, is_back=False)
    path = f"M{x0} {y0} C{x0 + third} {y0} {x0 + third // 2} {y1} {x0 + 2 * third} {y1} L{x1 - 3} {y1}"
    return Arrow(path, _short(way.name), (x0 + x1) // 2 + third // 3, y1 - 6, is_back=False)


def _round(way: Way, start: Node, end: Node, lane: int) -> Arrow:
    """An arrow that goes down to its lane, along it, and up again."""
    x0, x1 = start.x + WIDTH // 2, end.x + WIDTH // 2 + 12
    y0, y1, turn = start.y + HEIGHT, end.y + HEIGHT, 8 if x1 > x0 else -8
    path = f"M{x0} {y0} V{lane - 8} Q{x0} {lane} {x0 + turn} {lane} H{x1 - turn} Q{x1} {lane} {x1} {lane - 8} V{y1 + 3}"
    return Arrow(path, _short(way.name), (x0 + x1) // 2, lane - 5, is_back=x1 <= x0)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
