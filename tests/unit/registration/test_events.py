"""Both shapes of S3's events, and what is neither."""

import json
from datetime import UTC, datetime
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.errors import Reject
from encord_lambda.registration import events

KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


def eventbridge(key: str, kind: str = "Object Created", size: int | None = 7) -> str:
    found = {"key": key, "etag": "e1", "version-id": "v1", "sequencer": "0A1B"} | (
        {} if size is None else {"size": size}
    )
    detail = {"bucket": {"name": "media"}, "object": found}
    event = {"source": "aws.s3", "detail-type": kind, "region": "eu-west-1", "time": "2031-02-03T04:05:06Z"}
    return json.dumps(event | {"detail": detail})


def notification(*keys: str, name: str = "ObjectCreated:Put", size: int = 7) -> str:
    about = {"eTag": "e1", "versionId": "v1", "sequencer": "0A1B"}
    records = [
        {
            "awsRegion": "eu-west-1",
            "eventName": name,
            "eventTime": "2031-02-03T04:05:06.789Z",
            "s3": {"bucket": {"name": "media"}, "object": {"key": key, "size": size, **about}},
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
        events.Upload("media", "eu-west-1", "a+b %41.jpg", 7, deleted=False, etag="e1", version="v1", sequencer="0A1B")
    ]


@pytest.mark.parametrize("body", [eventbridge("a.jpg"), notification("a.jpg")])
def test_both_shapes_tell_when_it_happened(body: str) -> None:
    [upload] = events.read(body)

    assert upload.at
    assert upload.at.replace(microsecond=0) == datetime(2031, 2, 3, 4, 5, 6, tzinfo=UTC)


def test_an_event_without_sequencer_and_time_is_one_all_the_same() -> None:
    event = json.loads(eventbridge("a.jpg"))
    del event["time"], event["detail"]["object"]["sequencer"]

    [upload] = events.read(json.dumps(event))

    assert (upload.sequencer, upload.at) == (None, None)


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
        (eventbridge("a.jpg").replace("2031-02-03T04:05:06Z", "noon"), "time: Input should be a valid datetime"),
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
