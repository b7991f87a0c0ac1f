"""A batch of RegistrationsQueue: each message goes to who knows its kind, and its trouble is its own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from encord_lambda.dispatch.messages import SqsAttributes, SqsRecord
from encord_lambda.errors import Misconfigured, Reject, Retry, Skip, Trouble
from encord_lambda.outcomes import Outcome, Postponed, Rejected, Skipped
from encord_lambda.registration.following import Desk, follow

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass
class FakeInbox:
    trouble: Trouble | None = None
    hidden: dict[str, int] = field(default_factory=dict)

    def hide(self, seconds: Mapping[str, int]) -> None:
        if self.trouble:
            raise self.trouble
        self.hidden |= seconds


@dataclass
class Scene:
    """A desk for messages of kind `job`, whose bodies say what goes wrong."""

    inbox: FakeInbox = field(default_factory=FakeInbox)
    seen: list[str] = field(default_factory=list)
    troubles: dict[str, Trouble] = field(default_factory=dict)

    def visit(self, body: str, now: datetime) -> list[Outcome]:
        assert now == NOON
        self.seen.append(body)
        if trouble := self.troubles.get(body):
            raise trouble
        return [Skipped("it", "done")]

    def desk(self) -> Desk:
        return Desk({"job": self.visit, "group": lambda _body, _now: []}, self.inbox, lambda: 0.0)


def record(number: int, received: int = 1, **body: object) -> SqsRecord:
    text = json.dumps({"kind": "job", "number": number} | body)
    attributes = SqsAttributes(ApproximateReceiveCount=received)
    return SqsRecord(messageId=f"m{number}", receiptHandle=f"r{number}", body=text, attributes=attributes)


def test_nothing_is_set_up_for_an_empty_batch() -> None:
    def nobody() -> Desk:
        raise AssertionError

    assert follow([], nobody, NOON).keep == []


def test_each_kind_has_its_own_visit() -> None:
    scene = Scene()
    one, other = record(1), record(2, kind="group")

    result = follow([one, other], scene.desk, NOON)

    assert (scene.seen, result.keep, scene.inbox.hidden) == ([one.body], [], {})


@pytest.mark.parametrize("trouble", [Retry("busy"), Misconfigured("no key"), Reject("never")])
def test_trouble_keeps_its_own_message_only(trouble: Trouble) -> None:
    scene = Scene()
    batch = [record(1), record(2), record(3)]
    scene.troubles[batch[1].body] = trouble

    result = follow(batch, scene.desk, NOON)

    assert (len(scene.seen), result.keep) == (3, ["m2"])
    [told] = [outcome for outcome in result.outcomes if not isinstance(outcome, Skipped)]
    assert isinstance(told, Rejected if isinstance(trouble, Reject) else Postponed)
    assert (told.subject, told.reason) == ("message m2", trouble.reason)


def test_a_kept_message_comes_back_later_each_time_and_not_before_the_service_asks() -> None:
    scene = Scene()
    batch = [record(1), record(2, received=3), record(3)]
    scene.troubles = {batch[0].body: Retry("busy"), batch[1].body: Retry("busy"), batch[2].body: Retry("x", after=100)}

    follow(batch, scene.desk, NOON)

    assert scene.inbox.hidden == {"r1": 3, "r2": 10, "r3": 100}


def test_what_cannot_be_hidden_is_kept_all_the_same() -> None:
    scene = Scene(FakeInbox(Retry("SQS is away")))
    batch = [record(1)]
    scene.troubles[batch[0].body] = Retry("busy")

    result = follow(batch, scene.desk, NOON)

    assert result.keep == ["m1"]
    assert [told.reason for told in result.outcomes if isinstance(told, Postponed)] == ["busy", "SQS is away"]


def test_what_there_is_nothing_to_do_for_is_acknowledged() -> None:
    scene = Scene()
    scene.troubles[record(1).body] = Skip("it is gone")

    result = follow([record(1)], scene.desk, NOON)

    assert (result.keep, result.outcomes) == ([], [Skipped("message m1", "it is gone")])


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"kind": 1}', '{"kind": "task"}'])
def test_what_is_of_no_kind_is_kept_for_the_dead_letter_queue(body: str) -> None:
    message = SqsRecord(messageId="m1", receiptHandle="r1", body=body)

    result = follow([message], Scene().desk, NOON)

    assert result.keep == ["m1"]
    [told] = result.outcomes
    assert isinstance(told, Rejected)
    assert told.reason.startswith("malformed message: ")
