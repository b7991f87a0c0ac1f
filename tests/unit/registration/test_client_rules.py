"""What client metadata may not hold, and where it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from encord_lambda.registration.manifests.client_rules import faults

CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="$\0")
KEYS = st.text(CHARACTERS, max_size=4)
PLAIN = st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(CHARACTERS)
PLAIN |= st.integers(-(2**60), 2**60)
WORDS = st.lists(KEYS, min_size=1, max_size=3)
NESTED = st.recursive(PLAIN | WORDS, lambda inner: st.dictionaries(KEYS, inner, max_size=3), max_leaves=6)
FINE = st.dictionaries(KEYS, NESTED, max_size=3)


def deep(levels: int) -> JsonValue:
    found: JsonValue = 1
    for _ in range(levels):
        found = [found]
    return found


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"video.site": "north", "tokens": 3, "secretary": None, "list": ["a", {"b": True}]},
        {"$encord": {"config": {"sampling_rate": 0, "keyframe_mode": "seconds"}, "frames": {"75": {"note": "fall"}}}},
        {"$encord": {"frames": {"0": {"vector": [0.5] * 4096}}}},
        {"deep": deep(60)},
    ],
)
def test_ordinary_metadata_is_fine(metadata: dict[str, JsonValue]) -> None:
    assert list(faults(metadata, is_video=True)) == []


@pytest.mark.parametrize(
    ("metadata", "code", "path"),
    [
        ({"a": 1, "$type": 1}, "J26", ("$type",)),
        ({"a": {"$b": 1}}, "J26", ("a", "$b")),
        ({"PassWord": "x"}, "J26", ("PassWord",)),
        ({"a": [{"token": 1}]}, "J26", ("a", 0, "token")),
        ({"secret": 1}, "J26", ("secret",)),
        ({"authorization": 1}, "J26", ("authorization",)),
        ({"a": [1, float("nan")]}, "J25", ("a", 1)),
        ({"a": float("-inf")}, "J25", ("a",)),
        ({"a": 10**400}, "J25", ("a",)),
        ({"a": "b\0"}, "J36", ("a",)),
        ({"a\0": 1}, "J36", ("a\0",)),
        ({"$encord": []}, "J26", ("$encord",)),
        ({"$encord": {"fps": 1}}, "J26", ("$encord", "fps")),
        ({"$encord": {"config": 1}}, "J26", ("$encord", "config")),
        ({"$encord": {"config": {"rate": 1}}}, "J26", ("$encord", "config", "rate")),
        ({"$encord": {"config": {"sampling_rate": -1}}}, "J26", ("$encord", "config", "sampling_rate")),
        ({"$encord": {"config": {"sampling_rate": True}}}, "J26", ("$encord", "config", "sampling_rate")),
        ({"$encord": {"config": {"keyframe_mode": ["frame"]}}}, "J26", ("$encord", "config", "keyframe_mode")),
        ({"$encord": {"frames": []}}, "J26", ("$encord", "frames")),
        ({"$encord": {"frames": {"-1": {}}}}, "J26", ("$encord", "frames", "-1")),
        ({"$encord": {"frames": {"1": []}}}, "J26", ("$encord", "frames", "1")),
        ({"$encord": {"frames": {"1": {"token": ""}}}}, "J26", ("$encord", "frames", "1", "token")),
        ({"v": []}, "J27", ("v",)),
        ({"v": [0.5, None]}, "J27", ("v", 1)),
        ({"$encord": {"frames": {"1": {"v": []}}}}, "J27", ("$encord", "frames", "1", "v")),
        ({"$encord": {"frames": {"1": {"v": [1.0] * 4097}}}}, "J27", ("$encord", "frames", "1", "v")),
        ({"$encord": {"frames": {"1": {"v": [1, "2"]}}}}, "J27", ("$encord", "frames", "1", "v", 1)),
    ],
)
def test_what_is_refused_is_found_with_its_place(
    metadata: dict[str, JsonValue], code: str, path: tuple[str | int, ...]
) -> None:
    [fault] = faults(metadata, is_video=True)

    assert (fault.code, fault.path) == (code, path)


def test_only_videos_have_the_key_of_encord() -> None:
    [fault] = faults({"$encord": {"config": {"sampling_rate": 1}}}, is_video=False)

    assert (fault.code, fault.path) == ("J26", ("$encord",))


def test_what_is_nested_too_deep_is_followed_no_further() -> None:
    [fault] = faults({"deep": deep(5000)}, is_video=False)

    assert (fault.code, len(fault.path)) == ("J36", 61)


def test_faults_never_quote_a_value() -> None:
    [fault] = faults({"authorization": "Bearer abc123"}, is_video=False)

    assert "abc123" not in f"{fault.said} {fault.hint}"


@given(FINE)
def test_any_other_json_is_fine(metadata: dict[str, JsonValue]) -> None:
    assert list(faults(metadata, is_video=False)) == []
