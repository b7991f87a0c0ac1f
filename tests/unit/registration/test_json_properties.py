"""Whatever the items, the chunks and the bytes: JSON manifests are read as they were written, or refused."""

import json
from collections.abc import Iterator, Sequence
from typing import Final
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encord_lambda.registration.manifests import json_manifest, json_scanning, json_window, upload_file
from encord_lambda.registration.manifests.entries import Entry, Fault, Flags
from encord_lambda.registration.manifests.items import Item
from encord_lambda.registration.manifests.json_plain import Plain
from encord_lambda.registration.manifests.manifest import Manifest
from tests.unit.registration.any_manifests import ANY, IN_FILES, manifests

SHAPE_B: Final = {"pdfs": "pdf"}
VALID: Final = json.dumps(
    {
        "videos": [
            {"objectUrl": "https://media.s3.eu-west-1.amazonaws.com/%C3%BC.mp4", "title": "日本 \U0001f600"},
            {"objectUrl": "https://storage.cloud.google.com/media/b.mp4", "clientMetadata": {"é": [1.5, -2e3]}},
        ],
        "image_groups": [{"title": "ü", "objectUrl_0": "https://media.s3.eu-west-1.amazonaws.com/1.jpg"}],
        "skip_duplicate_urls": True,
    },
    ensure_ascii=False,
    indent=1,
).replace("\n", "\r\n").encode()  # fmt: skip


def in_shape_b(manifest: Manifest) -> bytes:
    content = manifest.model_dump(mode="json", by_alias=True, exclude_none=True)
    return json.dumps({SHAPE_B.get(key, key): value for key, value in content.items() if value != []}).encode()


def items(found: Sequence[Entry | Fault]) -> list[Item]:
    assert [one for one in found if isinstance(one, Fault) and not one.is_warning] == []
    return [one.item for one in found if isinstance(one, Entry)]


def cut(data: bytes, cuts: list[int]) -> Iterator[bytes]:
    places = sorted(place % (len(data) + 1) for place in cuts)
    for begin, end in zip([0, *places], [*places, len(data)], strict=True):
        yield data[begin:end]


@given(manifests(IN_FILES), st.lists(st.integers(0), max_size=4))
def test_an_upload_file_is_read_as_it_was_written(manifest: Manifest, cuts: list[int]) -> None:
    data = upload_file.json_bytes(manifest)

    assert items(list(json_manifest.read(cut(data, cuts)))) == manifest.items
    assert json_manifest.flags([data]) == Flags(True, manifest.upsert_metadata)


@given(manifests(ANY))
def test_shape_b_is_read_as_it_was_written(manifest: Manifest) -> None:
    assert items(list(json_manifest.read([in_shape_b(manifest)]))) == manifest.items


@given(manifests(ANY))
def test_what_is_taken_at_once_is_what_a_second_look_would_take(manifest: Manifest) -> None:
    data = in_shape_b(manifest)

    at_once = list(json_manifest.read([data]))
    with patch.object(Plain, "item", return_value=None):
        looked_into = list(json_manifest.read([data]))

    assert items(at_once) == items(looked_into)
    assert [one.place for one in at_once] == [one.place for one in looked_into if isinstance(one, Entry)]


@pytest.mark.parametrize("value", ["-12.5e-3", "12", "true", "null", "NaN", '"\\ud83d\\ude00"', '[1.5, {"a": -1e5}]'])
def test_a_value_may_be_cut_anywhere(value: str) -> None:
    everything(f'{{"x": {value}, "skip_duplicate_urls": {value}, "text": [{value}]}}'.encode(), lenient=False)


@given(st.lists(st.integers(0), max_size=12), st.sampled_from([1, 40, 1 << 18]))
def test_it_makes_no_difference_where_chunks_end_or_how_far_is_read_ahead(cuts: list[int], ahead: int) -> None:
    whole = list(json_manifest.read([VALID]))

    with patch.object(json_window, "AHEAD", ahead), patch.object(json_scanning, "AHEAD", ahead):
        assert list(json_manifest.read(cut(VALID, cuts))) == whole

    assert [(one.place.line, one.place.column) for one in whole] == [(3, 3), (7, 3), (18, 3)]


def test_every_byte_may_come_alone() -> None:
    assert list(json_manifest.read(bytes([byte]) for byte in VALID)) == list(json_manifest.read([VALID]))


@given(st.integers(0, len(VALID) - 1), st.booleans())
def test_a_truncated_file_is_refused_after_what_was_whole(length: int, lenient: bool) -> None:
    *_, last = json_manifest.read([VALID[:length]], lenient=lenient)

    assert isinstance(last, Fault)
    assert last.ends_reading
    assert last.code in ("J1", "J2", "J3")


@settings(max_examples=400)
@given(
    st.lists(st.tuples(st.integers(0, len(VALID)), st.integers(0, 9), st.binary(max_size=4)), min_size=1, max_size=3),
    st.booleans(),
)
def test_a_mutilated_file_is_read_or_refused_and_nothing_else(
    changes: list[tuple[int, int, bytes]], lenient: bool
) -> None:
    data = VALID
    for at, gone, instead in changes:
        data = data[:at] + instead + data[at + gone :]

    everything(data, lenient)


URL: Final = '"https://media.s3.eu-west-1.amazonaws.com/a"'
PUNCTUATION: Final = ['{"images":[', "{", "}", "[", "]", ",", ":", "\n", "[" * 70, '{"a":' * 70]
VALUES: Final = ['"objectUrl"', URL, '"\\ud800"', '"images"', '"imageGroups"', '"clientMetadata"', "1", "-", "1e999"]
TOKENS: Final = st.sampled_from([*PUNCTUATION, *VALUES, "NaN", "null", "tru"])


@settings(max_examples=400)
@given(st.lists(TOKENS, max_size=14).map("".join).map(str.encode) | st.binary(max_size=40), st.booleans())
def test_any_bytes_are_read_or_refused_and_nothing_else(data: bytes, lenient: bool) -> None:
    everything(data, lenient)


def everything(data: bytes, lenient: bool) -> None:
    """Read at once and byte by byte, with nothing read ahead; what ends the reading is the last."""
    found = list(json_manifest.read([data], lenient=lenient))

    assert found
    assert not any(one.ends_reading for one in found[:-1] if isinstance(one, Fault))
    assert all(one.place.line >= 1 and one.place.column >= 1 for one in found)
    with patch.object(json_window, "AHEAD", 1), patch.object(json_scanning, "AHEAD", 1):
        assert list(json_manifest.read((bytes([byte]) for byte in data), lenient=lenient)) == found
    json_manifest.flags([data])
    for one in found:
        if isinstance(one, Fault):
            one.told("manifest.json").encode()
