"""What is true at the end of a run, collected from Encord, the queues and the table, without a word of judgement."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.chaos import asking, people, strangers
from tests.chaos.asking import agent_stage, project
from tests.chaos.items import Known, number_of
from tests.chaos.plan import Place
from tests.chaos.rows import Standing, standing
from tests.chaos.world import AGENT_STAGE


@dataclass(frozen=True, slots=True)
class Visit:
    """A task entered a stage; `by` is who sent it there."""

    stage: str
    by: str | None


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter."""

    subject: str
    reason: str
    body: str


@dataclass(frozen=True, slots=True)
class Claim:
    """An item of the claims' table; `counted` says that it counts as in flight, `owner` which message took it last."""

    task: str
    stage: str
    state: str
    counted: bool
    reason: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Visits, labels and people's own labels are by the number of the item."""

    visits: Mapping[int, Sequence[Visit]]
    labels: Mapping[int, Sequence[Standing]]
    problems: Mapping[int, str]
    """What the ontology has against a row."""
    people: Sequence[Mapping[str, Any]]
    """The ledger of what people wrote."""
    deleted: Collection[int]
    """Items that people deleted."""
    strangers: Sequence[Mapping[str, Any]]
    """The ledger of messages that nobody should have sent."""
    letters: Sequence[Letter]
    claims: Sequence[Claim]
    stages: Mapping[str, str]
    """The ids of the agents' stages, by desk."""
    faulty: Sequence[str]
    """Processes that came to an end nobody gave them."""
    left_over: int
    """Messages that are still in the queue."""


def visits(state: Mapping[str, Any]) -> dict[int, list[Visit]]:
    """Where each task has been, from the state that the twin tells."""
    return {
        number_of(task["title"]): [Visit(visit["stage"], visit["by"]) for visit in task["visits"]]
        for project in state["projects"]
        for tasks in project["stages"].values()
        for task in tasks
    }


def collected(place: Place, known: Mapping[int, Known], state: Mapping[str, Any]) -> Facts:
    """All of it, once nothing moves any more."""
    labels: dict[UUID, list[Standing]] = {}
    for desk in AGENT_STAGE:
        labels |= standing(place, desk)
    return Facts(
        visits=visits(state),
        labels={number: labels.get(one.data, []) for number, one in known.items()},
        problems={
            number_of(row["title"]): row["problem"]
            for project in state["projects"]
            for row in project["label_rows"]
            if row["problem"]
        },
        people=[note for note in place.notes(people.LEDGER) if "says" in note],
        deleted={note["number"] for note in place.notes(people.LEDGER) if "deleted" in note},
        strangers=place.notes(strangers.LEDGER),
        letters=_letters(place),
        claims=_claims(place),
        stages={desk: str(agent_stage(project(place, desk), desk)) for desk in AGENT_STAGE},
        faulty=[note["faulty"] for note in place.notes("crew") if "faulty" in note],
        left_over=asking.depth(place),
    )


def _letters(place: Place) -> list[Letter]:
    sqs = asking.client(place, "sqs")
    found: list[Letter] = []
    while some := sqs.receive_message(
        QueueUrl=place.dead_letters, MaxNumberOfMessages=10, VisibilityTimeout=900, MessageAttributeNames=["All"]
    ).get("Messages"):
        for message in some:
            told = {name: one["StringValue"] for name, one in message.get("MessageAttributes", {}).items()}
            found.append(Letter(told.get("subject", "nothing"), told.get("reason", ""), message["Body"]))
    return found


def tries(place: Place) -> list[str]:
    """How often each task was tried that met with trouble, in words; eight tries are the end of it."""
    return [f"{item['tries']['N']} tries" for item in _items(place) if "tries" in item]


def _claims(place: Place) -> list[Claim]:
    return [
        Claim(
            task=item["task"]["S"],
            stage=item["stage"]["S"],
            state=item["state"]["S"],
            counted="in_flight" in item,
            reason=item.get("reason", {}).get("S", ""),
            owner=item.get("owner", {}).get("S", ""),
        )
        for item in _items(place)
    ]


def _items(place: Place) -> list[dict[str, Any]]:
    pages = asking.client(place, "dynamodb").get_paginator("scan")
    found = pages.paginate(TableName=place.environment["CLAIMS_TABLE"], ConsistentRead=True)
    return [item for page in found for item in page["Items"]]
