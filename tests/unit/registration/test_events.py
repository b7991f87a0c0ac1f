"""Both shapes of S3's events, and what is neither."""

import json
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.errors import Reject
from encord_lambda.registration import events

KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


def eventbridge(key: str, kind: str = "Object Created", size: int | None = 7) -> str:
    found = {"key": key, "etag": "e1", "version-id": "v1"} | ({} if size is None else {"size": size})
    detail = {"bucket": {"name": "media"}, "object": found}
    return json.dumps({"source": "aws.s3", "detail-type": kind, "region": "eu-west-1", "detail": detail})


def notification(*keys: str, name: str = "ObjectCreated:Put", size: int = 7) -> str:
    records = [
        {
            "awsRegion": "eu-west-1",
            "eventName": name,
            "s3": {"bucket": {"name": "media"}, "object": {"key": key, "size": size, "eTag": "e1", "versionId": "v1"}},
        }
        for key in keys
    ]
    return json.dumps({"Records": records})


@given(KEYS)
def test_eventbridge_keys_are_taken_as_they_are(key: str) -> None:
    assert [upload.key for upload in events.read(eventbridge(key))] == [key]


@given(KEYS)
def test_notification_keys_are_decoded(key: str) -> None:
    assert [upload.key for upload in events.read(notification(quote_plus(key)))] == [key]


@pytest.mark.parametrize("body", [eventbridge("a+b %41.jpg"), notification("a%2Bb+%2541.jpg")])
def test_both_shapes_tell_the_same(body: str) -> None:
    assert events.read(body) == [
        events.Upload("media", "eu-west-1", "a+b %41.jpg", 7, deleted=False, etag="e1", version="v1")
    ]


def test_one_body_may_speak_of_several_objects() -> None:
    assert [upload.key for upload in events.read(notification("a.jpg", "b.jpg"))] == ["a.jpg", "b.jpg"]


@pytest.mark.parametrize(
    "body",
    [
        eventbridge("a.jpg", "Object Deleted", size=None),
        notification("a.jpg", name="ObjectRemoved:DeleteMarkerCreated"),
        notification("a.jpg", name="LifecycleExpiration:Delete"),
    ],
)
def test_a_deletion_is_told_from_a_creation(body: str) -> None:
    assert [upload.deleted for upload in events.read(body)] == [True]


def test_the_test_event_of_a_freshly_wired_bucket_is_no_upload() -> None:
    assert events.read('{"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "media"}') == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("not json", "Invalid JSON"),
        ("[]", "expected a JSON object"),
        ("{}", "neither"),
        (eventbridge("a.jpg", "Object Tags Added"), "detail-type: Input should be 'Object Created'"),
        (eventbridge("a.jpg", size=None), "the size of the created object a.jpg is missing"),
        (eventbridge(""), "detail.object.key"),
        (notification(), "Records: List should have at least 1"),
        (notification("a.jpg", name="ReducedRedundancyLostObject"), "eventName"),
        (notification("%ff.jpg"), "not URL-encoded UTF-8"),
        ('{"Records": [{"eventSource": "aws:sns"}]}', r"Records\.0\.awsRegion"),
    ],
)
def test_what_is_no_event_of_s3_is_rejected_with_the_place(body: str, reason: str) -> None:
    with pytest.raises(Reject, match=reason):
        events.read(body)


@given(st.recursive(st.none() | st.booleans() | st.text(), lambda inner: st.dictionaries(st.text(), inner)))
def test_any_other_json_is_rejected_and_breaks_nothing(body: object) -> None:
    with pytest.raises(Reject, match="not an event of S3"):
        events.read(json.dumps(body))
