"""A task's story in words."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda import explaining
from encord_lambda.dispatch.claims import Claim, State, TaskKey
from encord_lambda.explaining import LogLine, Record, Story, UploadStory
from encord_lambda.letters import DeadLetter, Opened
from encord_lambda.outcomes import (
    Decided,
    Labelled,
    Outcome,
    Postponed,
    Queued,
    Registered,
    Rejected,
    Routed,
    Shadowed,
    TakenUp,
)
from tests.unit.test_replaying import a_message

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TASK = UUID("7d1f4a3e-2f0b-4c39-9a53-5d0d7a0c3b11")
PROJECT, STAGE = UUID("027e0c65-c53f-426d-9f02-04fafe8bd80e"), UUID("5a2b6d90-8a3c-4b6f-9c67-1f2d3e4a5b6c")


def a_claim(state: State, lease_until: datetime = NOON + HOUR, **more: Any) -> Claim:
    return Claim(TaskKey(STAGE, TASK), state, NOON - HOUR, lease_until, **more)


def told(*outcomes: Outcome, claims: tuple[Claim, ...] = (), letters: tuple[Opened, ...] = ()) -> list[str]:
    records = [Record(NOON, type(outcome).__name__, outcome) for outcome in outcomes]
    return list(explaining.told(Story(TASK, records, claims, letters), NOON, "encord-lambda replay"))


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Postponed("", "busy"), "put off: busy"),
        (Postponed("", "busy", 90.0), "put off, next try at 2026-11-21 12:01:30 UTC: busy"),
        (
            Labelled(TASK, "A", 1, 0, outside=2),
            "labels saved: 1 new, 0 in place of its own earlier ones; 2 lie outside",
        ),
        (Decided(TASK, "A", None, None, 0.0, 0, 0, 0.0), "decided that no option fits, at the stage 'A' (0.0 s of"),
        (
            TakenUp(PROJECT, "A", (STAGE, TASK), (TASK, PROJECT), (None, STAGE)),
            f"taken up at the stage 'A': data unit {PROJECT}, of the item {STAGE}",
        ),
        (TakenUp(PROJECT, "A", (TASK,), (PROJECT,), (None,)), f"taken up at the stage 'A': data unit {PROJECT}"),
        (Shadowed(TASK, "A", "Cat", "sure"), "in the shadow, would have left the stage 'A' along 'Cat': sure"),
        (Shadowed(TASK, "A", None, "damaged"), "in the shadow, would have been rejected: damaged"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_outcomes_in_words(outcome: Outcome, words: str) -> None:
    assert told(outcome)[1].startswith(f"  2026-11-21 12:00:00 UTC  {words}")


ABOUT_TASKS = [kind for kind in Outcome.__args__ if {"task", "tasks", "subject"} & {*kind.__dataclass_fields__}]


@pytest.mark.parametrize("kind", ABOUT_TASKS, ids=lambda kind: kind.__name__)
def test_every_outcome_of_a_task_has_words(kind: type[Any]) -> None:
    several: dict[str, Any] = {"tasks": (TASK,), "data_units": (PROJECT,), "items": (None,)}
    fields = {name: several.get(name, TASK if name == "task" else 1) for name in kind.__dataclass_fields__}

    assert "as another version writes it" not in told(kind(**fields))[1]


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (a_claim(State.QUEUED), "queued, its message is under way; after 2026-11-21 13:00:00 UTC a sweep may queue it"),
        (a_claim(State.QUEUED, NOON), "queued until 2026-11-21 12:00:00 UTC, which is over; the next sweep queues it"),
        (a_claim(State.RUNNING, owner="m1"), "running, message m1 has it until 2026-11-21 13:00:00 UTC"),
        (
            a_claim(State.RUNNING, NOON),
            "running until 2026-11-21 12:00:00 UTC, which is over; the next sweep queues it",
        ),
        (a_claim(State.DONE, NOON), "done; it is new work once it comes back to the stage"),
        (a_claim(State.REJECTED), "rejected, until it is replayed or comes back to the stage"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_claims_in_words(claim: Claim, words: str) -> None:
    assert told(claims=(claim,))[2].startswith(f"Now, at the stage {STAGE}: {words}")


def test_without_a_claim_the_next_sweep_is_the_next_step() -> None:
    assert told(letters=(Opened(DeadLetter("m1", ""), "", "damaged"),))[2:] == [
        "Now: no claim. If it waits at a stage that pipeline.yaml names, the next sweep queues it",
        "A dead letter of it waits: damaged",
        "Mend the cause, then: encord-lambda replay",
    ]


def test_a_rejected_task_without_a_letter_is_released_by_its_claim() -> None:
    assert told(claims=(a_claim(State.REJECTED),))[-1] == (
        "No dead letter of it waits any more: delete its claim, and the next sweep queues it again"
    )


def test_the_story_in_the_documentation_is_what_is_told() -> None:
    reason = "cannot read https://media.example/cat.jpg: HTTP 403"
    events: list[tuple[int, Outcome]] = [
        (-600, Queued((TASK,), PROJECT, "Agent 1")),
        (-590, Postponed(str(TASK), "gpt-4o-mini: HTTP 429", 21.0)),
        (-560, Rejected(str(TASK), reason)),
    ]
    records = [Record(NOON + timedelta(seconds=at), type(one).__name__, one) for at, one in events]
    claim = a_claim(State.REJECTED, tries=1, reason=reason)
    message = a_message().model_copy(update={"task": TASK, "stage": STAGE})
    letter = Opened(DeadLetter("m1", ""), str(TASK), reason, message)
    command = f"encord-lambda replay --task {TASK} --yes"

    lines = explaining.told(Story(TASK, records, (claim,), (letter,)), NOON, command)

    assert f"```text\n{'\n'.join(lines)}\n```" in OPERATIONS.read_text()


def test_the_story_of_an_object_in_the_documentation_is_what_is_told() -> None:
    item, folder, data = map(
        UUID,
        (
            "9a1c70de-5e0b-4f5e-8a55-0c1d2e3f4a5b",
            "5f0e1d2c-3b4a-4958-8677-615243342516",
            "c3d4e5f6-0718-4293-a4b5-c6d7e8f90a1b",
        ),
    )
    registered = Record(NOON - timedelta(seconds=660), "Registered", Registered("pets/a cat.jpg", item, folder))
    worked: list[tuple[int, Outcome]] = [
        (-570, TakenUp(PROJECT, "Agent 1", (TASK,), (data,), (item,))),
        (-560, Routed(TASK, "Agent 1", "Cat", "gpt-4o-mini answered Cat at 0.93")),
    ]
    records = [Record(NOON + timedelta(seconds=at), type(one).__name__, one) for at, one in worked]
    story = UploadStory("pets/a cat.jpg", [registered], [Story(TASK, records, (), ())])

    lines = explaining.told_upload(story, NOON, lambda _: "")

    assert f"```text\n{'\n'.join(lines)}\n```" in OPERATIONS.read_text()


@given(
    st.lists(st.text() | st.dictionaries(st.text() | st.sampled_from(["message", "task"]), st.text()).map(json.dumps))
)
def test_a_log_may_hold_anything(texts: list[str]) -> None:
    assert explaining.records([LogLine(NOON, text) for text in texts], TASK) == []


@given(st.sampled_from(sorted(kind.__name__ for kind in Outcome.__args__)), st.dictionaries(st.text(), st.text()))
def test_a_record_in_a_strange_form_is_kept_and_named(kind: str, fields: dict[str, str]) -> None:
    line = json.dumps({**fields, "message": kind, "subject": str(TASK), "task": "?"})

    [record] = explaining.records([LogLine(NOON, line)], TASK)

    assert record.kind == kind
    assert list(explaining.told(Story(TASK, [record], [], []), NOON, ""))
