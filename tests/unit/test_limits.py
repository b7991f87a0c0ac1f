"""The size of a schema, held against OpenAI's limits."""

import pytest

from encord_lambda.labels.limits import Size, size
from encord_lambda.labels.schema import closed

AT_MOST = Size(properties=5000, levels=10, enum_values=1000, characters=120_000, long_enum_characters=15_000)


def enum(number: int, length: int = 3) -> dict[str, object]:
    return {"type": "string", "enum": [f"{count:0{length}}" for count in range(number)]}


def test_everything_is_counted_over_the_whole_schema() -> None:
    schema = closed({"ab": {"anyOf": [enum(3), {"type": "null"}]}, "cd": {"type": "array", "items": enum(251)}})

    assert size(schema) == Size(properties=2, levels=2, enum_values=254, characters=766, long_enum_characters=753)


def test_objects_and_arrays_are_levels() -> None:
    schema = closed({"a": closed({"b": {"anyOf": [{"type": "null"}, {"type": "array", "items": closed({})}]}})})

    assert size(schema).levels == 4


def test_an_enum_of_250_values_has_no_limit_of_its_own() -> None:
    assert size(closed({"a": enum(250, 100)})).long_enum_characters == 0


def test_a_schema_may_be_as_large_as_the_limits() -> None:
    assert AT_MOST.allowed


@pytest.mark.parametrize("limit", Size.__slots__)
def test_one_more_than_a_limit_is_too_much(limit: str) -> None:
    sizes = {name: getattr(AT_MOST, name) for name in Size.__slots__}

    assert not Size(**sizes | {limit: sizes[limit] + 1}).allowed
