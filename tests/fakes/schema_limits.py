"""OpenAI's limits for strict schemas, checked by walking one: counted anew, so that no fault is shared."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def assert_strict(schema: Json) -> None:
    """Fail unless a schema is of the strict subset and within all of its limits."""
    parts = list(walk(schema))
    assert schema["type"] == "object", "the root must be an object"
    for part, _ in parts:
        assert part.keys() <= {"type", "properties", "required", "additionalProperties", "enum", "anyOf", "items"} | {
            "description"
        }
        assert ("anyOf" in part) != ("type" in part)
        if part.get("type") == "object":
            assert part["additionalProperties"] is False
            assert part["required"] == list(part["properties"])
        if "anyOf" in part:
            firsts = [next(iter(one["properties"])) for one in part["anyOf"] if "properties" in one]
            assert len(firsts) == len(set(firsts)), "objects of an anyOf must not begin with the same key"
    names = [name for part, _ in parts for name in part.get("properties", {})]
    enums: list[list[str]] = [part["enum"] for part, _ in parts if "enum" in part]
    assert len(names) <= 5_000
    assert max(level for _, level in parts) <= 10
    assert sum(len(enum) for enum in enums) <= 1_000
    assert len("".join(names)) + sum(len("".join(enum)) for enum in enums) <= 120_000
    for enum in enums:
        assert 0 < len(enum) == len(set(enum))
        assert len(enum) <= 250 or len("".join(enum)) <= 15_000


def walk(schema: Json, level: int = 1) -> Iterator[tuple[Json, int]]:
    """All schemas within one, with how deep objects and arrays are nested there."""
    yield schema, level
    for part in schema.get("properties", {}).values():
        yield from walk(part, level + _deeper(part))
    for part in schema.get("anyOf", []):
        yield from walk(part, level + _deeper(part))
    if "items" in schema:
        yield from walk(schema["items"], level + _deeper(schema["items"]))


def _deeper(schema: Json) -> bool:
    return schema.get("type") in ("object", "array")
