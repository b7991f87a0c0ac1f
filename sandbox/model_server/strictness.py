"""OpenAI's rules for a strict JSON schema: every object closed, every property required."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.model_server.refusals import RequestError

Schema = Mapping[str, Any]


def check(schema: Schema, name: str) -> None:
    """Raise `RequestError` with OpenAI's wording for the first fault found, walking the whole schema."""
    if schema.get("type") != "object":
        raise _invalid(name, (), "schema must be of type 'object'")
    for path, part in _objects(schema, ()):
        if part.get("additionalProperties") is not False:
            raise _invalid(name, path, "'additionalProperties' is required to be supplied and to be false")
        missing = sorted(set(part.get("properties", {})) - set(part.get("required", ())))
        if missing:
            wording = "'required' is required to be supplied and to be an array including every key in properties"
            raise _invalid(name, path, f"{wording}. Missing '{missing[0]}'")


def _objects(part: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Schema]]:
    if not isinstance(part, Mapping):
        return
    if part.get("type") == "object" or "properties" in part:
        yield path, part
    for key in ("properties", "$defs", "definitions"):
        for name, inner in part.get(key, {}).items():
            yield from _objects(inner, (*path, key, name))
    for index, inner in enumerate(part.get("anyOf", ())):
        yield from _objects(inner, (*path, "anyOf", str(index)))
    yield from _objects(part.get("items"), (*path, "items"))


def _invalid(name: str, path: tuple[str, ...], fault: str) -> RequestError:
    return RequestError(
        400,
        f"Invalid schema for response_format '{name}': In context={path}, {fault}.",
        code="invalid_json_schema",
        param="response_format",
    )
