"""`encord-lambda explain KEY`: from an object in S3 to its item, its tasks and what became of them (moto)."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import pytest

from encord_lambda import cli
from encord_lambda.dispatch.claims import State
from encord_lambda.outcomes import Outcome, Registered, Rejected, Removed, Routed, TakenUp
from tests.cli.deployed import NOW, PROJECT, STAGE, Deployed, a_claim, a_message
from tests.cli.test_explain import ago, lines, shown

KEY = "pets/a cat.jpg"
ITEM, DATA, FOLDER = UUID(int=0x17E), UUID(int=0xDA7A), UUID(int=0xF0)
FIRST, SECOND, OTHER = UUID(int=0x7A51), UUID(int=0x7A52), UUID(int=0x7A53)
type Timed = tuple[datetime, Outcome]
UPLOADED: list[Timed] = [
    (ago(9), Registered(KEY, ITEM, FOLDER)),
    (ago(9), Registered("pets/another.jpg", UUID(int=1), FOLDER)),
]
WORKED: list[Timed] = [
    (ago(8), TakenUp(PROJECT, "Agent 1", (OTHER, FIRST), (UUID(int=2), DATA), (None, ITEM))),
    (ago(7), TakenUp(PROJECT, "Agent 1", (FIRST,), (DATA,), (ITEM,))),
    (ago(7), Rejected(str(FIRST), "the picture is damaged")),
    (ago(7), Routed(OTHER, "Agent 1", "Dog", "sure")),
    (ago(6), TakenUp(PROJECT, "Agent 2", (SECOND,), (DATA,), (ITEM,))),
    (ago(6), Routed(SECOND, "Agent 2", "Cat", "the model is sure")),
]


def explain(*options: str, key: str = KEY) -> int:
    return cli.main(["explain", key, *options])


@pytest.mark.parametrize("key", [KEY, f"s3://my-media/{KEY}"])
def test_an_object_is_followed_to_its_item_its_tasks_and_their_pathways(
    stack: Deployed, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.log("TrackRegistrationsLogs", UPLOADED)
    stack.log("RunTasksLogs", WORKED)
    stack.reject(a_message(FIRST))
    stack.claims.swap([a_claim(a_message(SECOND), State.DONE)])

    assert explain(key=key) == 0

    told = lines(capsys)
    assert told[:5] == [
        f"Object {KEY}",
        f"  {shown(9)}  registered: the item {ITEM} in the folder {FOLDER}",
        f"Task {FIRST}",
        f"  {shown(8)}  taken up at the stage 'Agent 1': data unit {DATA}, of the item {ITEM}",
        f"  {shown(7)}  taken up at the stage 'Agent 1': data unit {DATA}, of the item {ITEM}",
    ]
    assert f"Mend the cause, then: encord-lambda replay --task {FIRST} --yes" in told
    assert told[-4:] == [
        f"Task {SECOND}",
        f"  {shown(6)}  taken up at the stage 'Agent 2': data unit {DATA}, of the item {ITEM}",
        f"  {shown(6)}  left the stage 'Agent 2' along the pathway 'Cat': the model is sure",
        f"Now, at the stage {STAGE}: done; it is new work once it comes back to the stage",
    ]


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Rejected(KEY, "it is empty"), "rejected: it is empty"),
        (Removed(KEY, FOLDER, "on_delete is report"), "deleted from its bucket: on_delete is report"),
    ],
    ids=["refused", "deleted"],
)
def test_an_object_without_a_task_is_told_by_what_became_of_it(
    stack: Deployed, outcome: Outcome, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.log("RegisterUploadsLogs", [(ago(3), outcome)])

    assert explain() == 0

    assert lines(capsys) == [f"Object {KEY}", f"  {shown(3)}  {words}", "No task about it was worked on"]


@pytest.mark.parametrize("key", ['a "quoted" cat.jpg', "back\\slash.jpg", "Küche/Katze.jpg", "猫"])
def test_keys_that_logs_write_otherwise_are_found(
    stack: Deployed, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.log("TrackRegistrationsLogs", [(NOW, Registered(key, ITEM, FOLDER)), (NOW, Registered("a", ITEM, FOLDER))])

    assert explain(key=key) == 0

    found: Sequence[str] = lines(capsys)
    assert found[0] == f"Object {key}"
    assert len(found) == 3


def test_of_an_object_nobody_knows_it_is_said_where_it_was_looked_for(
    stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.log("TrackRegistrationsLogs", UPLOADED)

    assert explain(key="pets/a cat") == 1

    told = capsys.readouterr().err
    assert "nothing is known of the object pets/a cat" in told
    assert "encord-lambda-TrackRegistrationsLogs-" in told


def test_machines_get_the_whole_chain(stack: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    stack.log("TrackRegistrationsLogs", UPLOADED)
    stack.log("RunTasksLogs", WORKED)

    assert explain("--json") == 0

    story = json.loads(capsys.readouterr().out)
    assert (story["key"], story["records"][0]["outcome"]["item"]) == (KEY, str(ITEM))
    assert [task["task"] for task in story["tasks"]] == [str(FIRST), str(SECOND)]
