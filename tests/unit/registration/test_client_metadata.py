"""Client metadata of an uploaded object: where it comes from, how it is typed, what is refused."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.config_registration import Metadata
from encord_lambda.errors import Reject
from encord_lambda.registration.client_metadata import LONGEST, SOURCE, Beside, collected, provenance
from encord_lambda.registration.events import Head, Upload
from encord_lambda.registration.manifests.items import ClientMetadata
from encord_lambda.registration.media_types import MEDIA_TYPES

UPLOAD = Upload("media", "eu-west-1", "day 1/a.jpg", 9, etag="old")
KINDS = {kind.name: kind for kind in MEDIA_TYPES}
ALL = ("user_metadata", "tags", "sidecar")


def metadata(*sources: str, types: Mapping[str, str] | None = None) -> Metadata:
    return Metadata.model_validate({"from": sources, "types": types or {}})


def own(
    wanted: Metadata,
    user_metadata: Mapping[str, str] | None = None,
    tags: Mapping[str, str] | None = None,
    sidecar: bytes | None = None,
    kind: str = "JPEG",
) -> ClientMetadata:
    """What is collected, without where it comes from."""
    head = Head(b"", 9, user_metadata=user_metadata or {})
    found = collected(UPLOAD, KINDS[kind], head, Beside(tags or {}, sidecar), wanted)
    assert found.pop(SOURCE) == {"bucket": "media", "key": "day 1/a.jpg"}
    return found


@pytest.mark.parametrize(
    ("head", "about"),
    [
        (Head(b"", 9, etag="e2", version="v2"), {"etag": "e2", "version": "v2"}),
        (Head(b"", 9, etag="e2"), {"etag": "e2"}),
        (Head(b"", 9), {}),
    ],
)
def test_where_an_item_comes_from_is_always_told(head: Head, about: dict[str, str]) -> None:
    """As the object was when it was looked at, not as the event says, and without what is not known."""
    expected = {"bucket": "media", "key": "day 1/a.jpg", **about}

    assert provenance(UPLOAD, head) == expected
    assert collected(UPLOAD, KINDS["JPEG"], head, Beside(), metadata()) == {SOURCE: expected}


def test_where_an_item_comes_from_cannot_be_made_up() -> None:
    assert own(metadata("sidecar"), sidecar=json.dumps({SOURCE: {"key": "b.jpg"}, "a": 1}).encode()) == {"a": 1}


def test_only_the_sources_that_are_named_count() -> None:
    found = own(metadata("tags"), {"a": "1"}, {"b": "2"}, b'{"c": 3}')

    assert found == {"b": "2"}


@pytest.mark.parametrize(
    ("sources", "site"),
    [(ALL, "sidecar"), (ALL[::-1], "user"), (("sidecar", "user_metadata", "tags"), "tags")],
)
def test_of_a_key_in_several_sources_the_one_named_last_counts(sources: tuple[str, ...], site: str) -> None:
    found = own(metadata(*sources), {"site": "user", "u": "1"}, {"site": "tags", "t": "2"}, b'{"site": "sidecar"}')

    assert found == {"site": site, "u": "1", "t": "2"}


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", "007", "007"),
        ("number", "007", 7),
        ("number", " -3.50 ", -3.5),
        ("number", "1e3", 1000.0),
        ("number", "+.5", 0.5),
        ("boolean", "True", True),
        ("boolean", "false", False),
        ("datetime", "2031-02-03T04:05:06Z", "2031-02-03T04:05:06+00:00"),
        ("datetime", "2031-02-03", "2031-02-03T00:00:00"),
        ("uuid", "0B7C2C1E6A554C0E9B538F0F3A1D2E44", "0b7c2c1e-6a55-4c0e-9b53-8f0f3a1d2e44"),
    ],
)
def test_values_of_tags_and_user_metadata_become_what_pipeline_yaml_says(kind: str, text: str, value: object) -> None:
    types = {"known": kind}

    assert own(metadata("user_metadata", types=types), {"known": text, "other": text}) == {
        "known": value,
        "other": text.strip(),
    }
    assert own(metadata("tags", types=types), tags={"known": text}) == {"known": value}


def test_user_metadata_finds_its_type_though_s3_wrote_its_key_in_lower_case() -> None:
    wanted = metadata("user_metadata", "tags", types={"takenAt": "number"})

    assert own(wanted, {"takenat": "1"}, {"takenat": "2"}) == {"takenat": "2"}
    assert own(wanted, {"takenat": "1"}, {"takenAt": "2"}) == {"takenat": 1, "takenAt": 2}


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("number", ["", "seven", "1,5", "1_000", "nan", "inf", "0x1f", "٣", "9" * 5000]),
        ("boolean", ["", "yes", "1"]),
        ("datetime", ["", "03.02.2031", "2031-02-30", "noon"]),
        ("uuid", ["", "0b7c2c1e", "g" * 32]),
    ],
)
def test_what_is_not_of_its_type_is_refused_naming_object_source_key_and_kind(kind: str, texts: list[str]) -> None:
    for text in texts:
        with pytest.raises(Reject) as trouble:
            own(metadata("tags", types={"taken at": kind}), tags={"taken at": text})

        assert trouble.value.reason.startswith(f"the tag 'taken at' of s3://media/day 1/a.jpg is no {kind} (")


@pytest.mark.parametrize(
    ("sidecar", "reason"),
    [
        (b"", "no JSON object"),
        (b"[1]", "no JSON object"),
        (b'{"a": 1', "no JSON object: Invalid JSON: EOF"),
        (b'{"a": "\xff"}', "no JSON object"),
        (b'{"a": ' + b"[" * 9000, "no JSON object"),
        (b'{"a": NaN}', "client metadata of s3://media/day 1/a.jpg: a: "),
        (b'{"a": 1e999}', "client metadata of s3://media/day 1/a.jpg: a: "),
        (b'{"b": {"$type": 1}}', r"b\.\$type: "),
        (b'{"Password": "hunter2"}', "Password: "),
        (b'{"$encord": {"config": {"sampling_rate": 1}}}', r"\$encord: "),
        (json.dumps({"a": "x" * LONGEST}).encode(), "1000.. bytes, 100000 are allowed: leave some out"),
    ],
)
def test_a_bad_sidecar_is_refused_with_the_place_and_without_the_value(sidecar: bytes, reason: str) -> None:
    with pytest.raises(Reject, match=reason) as trouble:
        own(metadata("sidecar"), sidecar=sidecar)

    assert "hunter2" not in trouble.value.reason


def test_a_bad_sidecar_is_named() -> None:
    with pytest.raises(Reject, match=r"^the sidecar s3://media/day 1/a\.jpg\.metadata\.json is no JSON object"):
        own(metadata("sidecar"), sidecar=b"none")


def test_a_secret_in_a_tag_is_refused_as_well() -> None:
    with pytest.raises(Reject, match="TOKEN: "):
        own(metadata("tags"), tags={"TOKEN": "abc"})


def test_what_encord_keeps_for_videos_is_only_for_videos() -> None:
    settings = {"$encord": {"config": {"sampling_rate": 0.5}}}

    assert own(metadata("sidecar"), sidecar=json.dumps(settings).encode(), kind="MP4") == settings


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**30), 10**30),
    st.booleans(),
    st.datetimes(timezones=st.just(UTC)),
    st.uuids(),
)
def test_typed_values_come_back_as_they_went(
    number: float, whole: int, flag: bool, moment: datetime, uuid: UUID
) -> None:
    types = {"number": "number", "whole": "number", "flag": "boolean", "moment": "datetime", "uuid": "uuid"}
    tags = {"number": repr(number), "whole": str(whole), "flag": str(flag)}
    tags |= {"moment": moment.isoformat(), "uuid": str(uuid)}

    found = own(metadata("tags", types=types), tags=tags)

    assert found == {
        "number": number,
        "whole": whole,
        "flag": flag,
        "moment": moment.isoformat(),
        "uuid": str(uuid),
    }


@given(
    st.sampled_from(["text", "number", "boolean", "datetime", "uuid"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
)
def test_any_text_is_read_or_refused(kind: str, text: str) -> None:
    try:
        found = own(metadata("tags", types={"a": kind}), tags={"a": text})
    except Reject:
        assert kind != "text"
    else:
        json.dumps(found, allow_nan=False)
