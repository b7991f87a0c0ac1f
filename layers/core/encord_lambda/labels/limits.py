"""How large a JSON schema may be for OpenAI's structured outputs (its guide, "Supported schemas")."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

PROPERTIES: Final = 5_000
LEVELS: Final = 10
ENUM_VALUES: Final = 1_000
CHARACTERS: Final = 120_000
"""Of all names of properties and all values of enums together."""
LONG_ENUM: Final = 250
"""An enum of more values than this has a limit of its own for their characters."""
LONG_ENUM_CHARACTERS: Final = 15_000


@dataclass(frozen=True, slots=True)
class Size:
    """What of a schema is limited, counted over the whole of it; `levels` counts objects and arrays within others."""

    properties: int
    levels: int
    enum_values: int
    characters: int
    long_enum_characters: int
    """Of the longest one among the long enums."""

    @property
    def allowed(self) -> bool:
        """Whether the schema is taken."""
        return (
            self.properties <= PROPERTIES
            and self.levels <= LEVELS
            and self.enum_values <= ENUM_VALUES
            and self.characters <= CHARACTERS
            and self.long_enum_characters <= LONG_ENUM_CHARACTERS
        )


def size(schema: Mapping[str, object]) -> Size:
    """Count a schema of objects, arrays, enums and `anyOf`."""
    names = [name for part, _ in _parts(schema, 0) for name in _properties(part)]
    enums = [enum for part, _ in _parts(schema, 0) if isinstance(enum := part.get("enum"), list)]
    lengths = [sum(len(value) for value in enum) for enum in enums]
    return Size(
        properties=len(names),
        levels=max(level for _, level in _parts(schema, 0)),
        enum_values=sum(len(enum) for enum in enums),
        characters=sum(map(len, names)) + sum(lengths),
        long_enum_characters=max(
            (length for enum, length in zip(enums, lengths, strict=True) if len(enum) > LONG_ENUM), default=0
        ),
    )


def _parts(schema: Mapping[str, object], above: int) -> Iterator[tuple[Mapping[str, object], int]]:
    """A schema and all schemas within it, each with its level."""
    level = above + (schema.get("type") in ("object", "array"))
    yield schema, level
    branches, items = schema.get("anyOf"), schema.get("items")
    inner = [*_properties(schema).values(), *(branches if isinstance(branches, list) else []), items]
    for one in inner:
        if isinstance(one, Mapping):
            yield from _parts(one, level)


def _properties(schema: Mapping[str, object]) -> Mapping[str, object]:
    found = schema.get("properties")
    return found if isinstance(found, Mapping) else {}
