"""Messages that nobody should have sent: malformed ones, of other versions, about what does not exist."""

import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from tests.chaos import asking
from tests.chaos.chance import chance
from tests.chaos.items import SORT, Known
from tests.chaos.plan import Place

LEDGER: Final = "strangers"
NO_PROJECT: Final = "dead0000-0000-4000-8000-000000000001"
NO_STAGE: Final = "dead0000-0000-4000-8000-000000000002"
EARLIER: Final = "2001-01-01T00:00:00+00:00"


def send(place: Place, known: Mapping[int, Known], stages: Mapping[str, UUID]) -> None:
    """Send one of each, due at any moment of the run's first half minute; what must become of it goes to the ledger."""
    drawn = chance(place.plan.seed, "strangers")
    healthy = [one for one in known.values() if one.item.desk == SORT and not one.item.poison]
    about = dict(zip(("project", "stage", "old"), drawn.sample(healthy, 3), strict=True))
    bodies = {what: _body(place, one, stages[SORT]) for what, one in about.items()}
    sqs = asking.client(place, "sqs")
    for what, body in _strange(bodies):
        sqs.send_message(QueueUrl=place.queue, MessageBody=body, DelaySeconds=drawn.randint(0, 10))
        buried = what not in ("an earlier visit", "a task that left")
        place.note(LEDGER, fault=f"message: {what}", buried=buried, body=body, task=_task_in(body))


def _task_in(body: str) -> str | None:
    """The task that a message is about, if it says."""
    try:
        told = json.loads(body)
    except ValueError:
        return None
    return told.get("task") if isinstance(told, dict) else None


def _strange(bodies: Mapping[str, dict[str, Any]]) -> list[tuple[str, str]]:
    plain = bodies["old"]
    return [
        ("no JSON", "{task"),
        ("no object", "[1, 2]"),
        ("empty object", "{}"),
        ("another version", json.dumps(plain | {"version": 2})),
        ("a key missing", json.dumps({key: value for key, value in plain.items() if key != "data"})),
        ("a key too many", json.dumps(plain | {"extra": True})),
        ("a task malformed", json.dumps(plain | {"task": "7"})),
        ("a project unknown", json.dumps(bodies["project"] | {"project": NO_PROJECT, "stage": NO_STAGE})),
        ("a stage unknown", json.dumps(bodies["stage"] | {"stage": NO_STAGE})),
        ("an earlier visit", json.dumps(plain | {"updated_at": EARLIER})),
        ("a task that left", json.dumps(plain | {"task": NO_STAGE, "data": NO_PROJECT})),
    ]


def _body(place: Place, one: Known, stage: UUID) -> dict[str, Any]:
    return {
        "version": 1,
        "project": str(place.projects[SORT]),
        "stage": str(stage),
        "task": str(one.task),
        "data": str(one.data),
        "title": one.item.title,
        "branch": "main",
        "updated_at": EARLIER,
        "swept_at": EARLIER,
    }
