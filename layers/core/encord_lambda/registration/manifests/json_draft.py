"""An item in the making: what goes into its model, and where in the file each of that came from."""

from collections.abc import Mapping
from typing import NamedTuple

from encord_lambda.registration.manifests.items import Item
from encord_lambda.registration.manifests.json_positions import Member, Node
from encord_lambda.registration.manifests.json_shapes import Kind

type Loc = tuple[str | int, ...]
"""Keys and indices in an item's data."""


class Problem(NamedTuple):
    """What is wrong, or with a warning odd, at a place of the text that is being read."""

    code: str
    at: int
    path: str
    said: str
    hint: str = ""
    is_warning: bool = False


class Draft:
    """What is known of an item of a kind so far."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.data: dict[str, object] = {}
        """By the keys of shape B, as the item's model takes it."""
        self.nodes: dict[Loc, Node] = {}
        self.urls: list[Node] = []
        self.titles: list[Node] = []
        self.media: list[Mapping[str, Member]] = []
        self.misspelt: set[str] = set()
        """Fields that seem to be there under another name, or that there was trouble with already."""
        self.item: Item | None = None

    def source(self, loc: Loc) -> Node | None:
        """The value that what is at `loc` came from, or else the nearest that it is part of."""
        for end in range(len(loc), 0, -1):
            if node := self.nodes.get(loc[:end]):
                return _inside(node, loc[end:])
        return None


def _inside(node: Node, loc: Loc) -> Node:
    for part in loc:
        if isinstance(node.value, dict) and part in node.value:
            node = node.value[str(part)].node
        elif isinstance(node.value, list) and isinstance(part, int):
            node = node.value[part]
        else:
            break
    return node


def type_of(node: Node) -> str:
    """What a value is, in words."""
    match node.value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case str():
            return "a string"
        case dict():
            return "an object"
        case list():
            return "an array"
        case float(number) if not number.is_integer():
            return "a fraction"
        case _:
            return "a number"
