"""What each notification is answered with, and what comes of it."""

import json
from datetime import timedelta
from uuid import UUID

import pytest

from encord_lambda.dispatch import task_ready
from encord_lambda.dispatch.notification import LARGEST, TaskReady
from encord_lambda.errors import Misconfigured, Retry
from encord_lambda.outcomes import Notified, Postponed, Rejected, Skipped
from tests.task_ready.desk import Scene
from tests.task_ready.signed import ELSEWHERE, NOW, PROJECT, STAGE, Json, envelope, request, signed, written

READY = TaskReady(project=PROJECT, stage=STAGE)
SECOND = timedelta(seconds=1)


def test_a_signed_notification_has_its_stage_swept() -> None:
    scene = Scene()

    assert scene.answer(signed(written(envelope()))) == (200, [Notified(PROJECT, STAGE)])
    assert scene.told == [READY]


def test_a_body_that_came_as_text_is_verified_as_the_bytes_it_was() -> None:
    body = json.dumps(envelope(source="Zürich ☃"), ensure_ascii=False).encode()
    event = signed(body)
    event |= {"body": body.decode(), "isBase64Encoded": False}

    assert Scene().answer(event)[0] == 200


@pytest.mark.parametrize("reason", ["a reason of next year's", "", None, 7, {"deep": []}])
def test_the_reason_may_be_anything_and_unknown_keys_are_borne(reason: object) -> None:
    said = envelope(more=[1])
    said["payload"] |= {"reason": reason, "shade": "green"}
    del said["payload"]["pending_count"]

    assert Scene().answer(signed(written(said)))[0] == 200


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_clocks_may_differ_by_five_minutes(seconds: int) -> None:
    assert Scene().answer(signed(written(envelope()), NOW + seconds * SECOND))[0] == 200


@pytest.mark.parametrize("seconds", [-301, 301, -(10**9)])
def test_what_was_signed_longer_ago_is_a_replay(seconds: int) -> None:
    scene = Scene()

    status, outcomes = scene.answer(signed(written(envelope()), NOW + seconds * SECOND))

    assert status == 401
    assert f"signed {-seconds} s ago" in reason(outcomes)
    assert scene.told == []


def test_the_same_notification_twice_is_acknowledged_and_told_once() -> None:
    scene = Scene()
    event = signed(written(envelope()))

    (first, _), (second, [skipped]) = scene.answer(event), scene.answer(event)

    assert (first, second) == (200, 200)
    assert isinstance(skipped, Skipped)
    assert scene.told == [READY]


def test_other_stages_are_told_of_at_once_and_the_same_one_ten_seconds_later() -> None:
    scene = Scene()
    scene.answer(signed(written(envelope())))
    scene.answer(signed(written(envelope(stage=ELSEWHERE))))
    scene.now += 9 * SECOND
    scene.answer(signed(written(envelope())))
    assert [ready.stage for ready in scene.told] == [STAGE, ELSEWHERE]

    scene.now += SECOND
    scene.answer(signed(written(envelope())))

    assert [ready.stage for ready in scene.told] == [STAGE, ELSEWHERE, STAGE]


def test_a_project_that_pipeline_yaml_does_not_name_is_acknowledged_and_not_acted_upon() -> None:
    scene = Scene(ELSEWHERE)

    assert scene.answer(signed(written(envelope()))) == (
        200,
        [Skipped("notification", f"pipeline.yaml has no stage of project {PROJECT}")],
    )
    assert scene.told == []


def test_pipeline_yaml_is_read_once_and_again_for_a_project_that_is_new_in_it() -> None:
    scene = Scene()
    for second in (0, 20, 40):
        scene.answer(signed(written(envelope())), NOW + second * SECOND)
    assert scene.read == 1

    scene.projects.append(ELSEWHERE)

    assert scene.answer(signed(written(envelope(ELSEWHERE))))[1] == [Notified(ELSEWHERE, STAGE)]
    assert scene.read == 2


@pytest.mark.parametrize("version", [1, 2, None])
def test_another_event_of_encords_is_acknowledged_whatever_its_version(version: object) -> None:
    scene = Scene()
    other = envelope(event_type="task_submitted_event", version=version, payload=None)

    status, [skipped] = scene.answer(signed(written(other)))

    assert status == 200
    assert skipped == Skipped("notification", "the event 'task_submitted_event' is none that we act upon")


@pytest.mark.parametrize("version", [2, 0, "1", None, 1.5, [1]])
def test_a_version_we_cannot_read_is_said_to_be_so(version: object) -> None:
    scene = Scene()

    status, outcomes = scene.answer(signed(written(envelope(version=version, payload="new"))))

    assert status == 501
    assert "update encord-lambda" in reason(outcomes)
    assert scene.told == []


DEEP = written(envelope(payload=0)).replace(b'"payload": 0', b'"payload": ' + b"[" * 1000 + b"]" * 1000)
MALFORMED = {
    "no JSON": b"hello",
    "nothing": b"",
    "half": written(envelope())[:-10],
    "a list": b"[]",
    "null": b"null",
    "no UTF-8": b'{"event_type": "\xff"}',
    "no event": written(envelope(event_type=None)),
    "no payload": written(envelope(payload=None)),
    "no stage": written(envelope(payload={"project_hash": str(PROJECT)})),
    "no UUID": written(envelope(payload={"project_hash": str(PROJECT), "stage_uuid": "Agent 1"})),
    "a thousand deep": DEEP,
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_what_is_signed_and_malformed_says_what_is_wrong(body: bytes) -> None:
    scene = Scene()

    status, outcomes = scene.answer(signed(body))

    assert status == 400
    assert reason(outcomes).startswith("malformed notification: ")
    assert [one.cause for one in outcomes if isinstance(one, Rejected)] == ["malformed"]
    assert scene.told == []


@pytest.mark.parametrize("length", [LARGEST + 1, 5_000_000])
def test_a_body_beyond_all_measure_is_not_looked_into(length: int) -> None:
    scene = Scene()

    assert scene.answer(signed(b" " * length))[0] == 413
    assert scene.fetched == 0


def test_a_body_beyond_all_measure_is_refused_before_it_is_decoded() -> None:
    """If somebody tried, it would be no base64."""
    scene = Scene()

    assert scene.answer(signed(b"") | {"body": "\N{SNOWMAN}" * 3 * LARGEST})[0] == 413
    assert scene.fetched == 0


UNSIGNED: dict[str, tuple[Json, str]] = {
    "no headers": ({"x": "y"}, "without X-Encord-Signature"),
    "no timestamp": ({"x-encord-signature": "a" * 64}, "without X-Encord-Timestamp"),
    "no signature": ({"x-encord-timestamp": "1"}, "without X-Encord-Signature"),
    "newer only": ({"x-encord-signature-v2": "a"}, "signed as x-encord-signature-v2 only"),
    "no seconds": ({"x-encord-signature": "a", "x-encord-timestamp": "12:00"}, "not in whole Unix seconds"),
    "other digits": ({"x-encord-signature": "a", "x-encord-timestamp": "٣"}, "not in whole Unix seconds"),
}


@pytest.mark.parametrize(("headers", "says"), UNSIGNED.values(), ids=UNSIGNED)
def test_what_is_not_signed_is_refused_without_asking_for_the_secret(headers: Json, says: str) -> None:
    scene = Scene()
    event = request(written(envelope()), headers)

    status, outcomes = scene.answer(event)

    assert status == 401
    assert says in reason(outcomes)
    assert (scene.told, scene.fetched) == ([], 0)


def test_who_is_refused_learns_nothing_of_the_reason() -> None:
    scene = Scene()
    event = signed(written(envelope()), secret="another")

    assert scene.reply(event)["body"] == '{"message": "not verified"}'
    assert scene.reply(request(b"", {}))["body"] == '{"message": "not verified"}'


@pytest.mark.parametrize("event", [None, [], {}, {"headers": None, "body": None}, {"headers": {"a": 1}}, {"body": 5}])
def test_what_is_no_request_is_not_verified(event: object) -> None:
    assert Scene().answer(event)[0] == 401


def test_a_body_that_is_not_the_base64_it_is_said_to_be_is_not_verified() -> None:
    assert Scene().answer(signed(b"") | {"body": "a cat! ☃"})[0] == 401


def test_a_changed_secret_is_fetched_when_a_signature_does_not_fit() -> None:
    scene = Scene()
    scene.answer(signed(written(envelope())))
    scene.secret = "whsec_2"
    scene.now += timedelta(minutes=1)

    assert scene.answer(signed(written(envelope()), scene.now, "whsec_2"))[0] == 200
    assert scene.answer(signed(written(envelope()), scene.now, "whsec_1"))[0] == 401


def test_a_secret_that_was_taken_away_is_good_no_longer_five_minutes_later() -> None:
    scene = Scene()
    scene.answer(signed(written(envelope())))
    scene.secret = "whsec_2"
    scene.now += timedelta(minutes=5)

    assert scene.answer(signed(written(envelope()), scene.now, "whsec_1"))[0] == 401


def test_forgers_have_the_secret_fetched_once_a_minute_at_most() -> None:
    scene = Scene()
    forged = signed(written(envelope()), secret="another")

    for second in range(0, 180, 10):
        assert scene.answer(forged, NOW + second * SECOND)[0] == 401

    assert scene.fetched == 3
    assert scene.answer(signed(written(envelope())))[0] == 200


@pytest.mark.parametrize("secret", ["whsec_1", "whsec_2", "whsec_3"])
def test_each_stage_may_have_its_own_secret_one_a_line(secret: str) -> None:
    scene = Scene()
    scene.secret = "whsec_1\nwhsec_2\r\n\n  whsec_3"

    assert scene.answer(signed(written(envelope()), secret=secret))[0] == 200
    assert scene.answer(signed(written(envelope()), secret=scene.secret))[0] == 401
    assert scene.answer(signed(written(envelope()), secret=""))[0] == 401


def test_without_a_secret_nobody_is_heard() -> None:
    reply, outcomes = task_ready.answer(signed(written(envelope())), lambda: None, NOW)

    assert (reply["statusCode"], outcomes) == (404, [])


def test_an_empty_secret_is_the_deployments_fault_and_no_failed_verification() -> None:
    scene = Scene()
    scene.secret = ""

    status, [postponed] = scene.answer(signed(written(envelope()), secret="x"))

    assert status == 500
    assert isinstance(postponed, Postponed)
    assert "store those that Encord shows" in postponed.reason


@pytest.mark.parametrize(
    ("trouble", "status"), [(Retry("bus: busy", after=3), 503), (Misconfigured("bus: denied"), 500)]
)
def test_trouble_at_eventbridge_has_encord_tell_again(trouble: Retry, status: int) -> None:
    scene = Scene()
    scene.trouble = trouble
    event = signed(written(envelope()))

    assert scene.answer(event) == (status, [Postponed("notification", trouble.reason, trouble.after)])
    assert "bus" not in scene.reply(event)["body"]
    scene.trouble = None
    assert scene.answer(event) == (200, [Notified(PROJECT, STAGE)])


def test_the_secret_is_in_no_answer_and_no_outcome() -> None:
    scene = Scene(UUID(int=3))
    events = [signed(written(envelope())), signed(b"x"), signed(written(envelope()), secret="no"), request(b"", {})]

    said = [str((scene.reply(event), scene.answer(event))) for event in events]

    assert not [one for one in said if scene.secret in one]


def reason(outcomes: object) -> str:
    assert isinstance(outcomes, list)
    [rejected] = outcomes
    assert isinstance(rejected, Rejected)
    return rejected.reason
