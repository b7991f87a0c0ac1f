"""`encord-lambda explain`: a task's records, claims and dead letters in a deployed stack (moto)."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from encord_lambda import cli
from encord_lambda.dispatch.claims import State
from encord_lambda.outcomes import Decided, Labelled, Outcome, Postponed, Queued, Rejected, Routed, Skipped
from tests.cli.deployed import HOUR, NOW, PROJECT, STAGE, Deployed, a_claim, a_message

TASK, OTHER = UUID(int=0x7A5C), UUID(int=0xBAD)
MINUTE = timedelta(minutes=1)
type Timed = tuple[datetime, Outcome]


def run(*options: str, task: UUID = TASK) -> int:
    return cli.main(["explain", str(task), *options])


def lines(capsys: pytest.CaptureFixture[str]) -> Sequence[str]:
    return capsys.readouterr().out.splitlines()


def ago(minutes: int) -> datetime:
    return NOW - minutes * MINUTE


def shown(minutes: int) -> str:
    return f"{ago(minutes):%Y-%m-%d %H:%M:%S} UTC"


SWEPT: list[Timed] = [
    (ago(9), Queued((TASK,), PROJECT, "Agent 1")),
    (ago(9), Queued((OTHER,), PROJECT, "Agent 1")),
    (ago(2), Queued((TASK,), PROJECT, "Agent 2")),
]
WORKED: list[Timed] = [
    (ago(8), Postponed(str(TASK), "Encord is busy", 60.0)),
    (ago(6), Decided(TASK, "Agent 1", "Cat", 0.93, 1.5, 1000, 20, 0.25)),
    (ago(6), Decided(OTHER, "Agent 1", None, None, 0.0, 0, 0, 0.0)),
    (ago(6), Labelled(TASK, "Agent 1", 2, 1, 3, 0)),
    (ago(6), Routed(TASK, "Agent 1", "Cat", "the model is sure")),
    (ago(5), Skipped(str(TASK), "it came twice")),
]


def test_a_task_is_told_from_its_first_sweep_to_its_next_one(
    stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.log("RunTasksLogs", WORKED)
    stack.log("SweepStagesLogs", SWEPT)
    stack.claims.swap([a_claim(a_message(TASK), State.DONE, tries=1, reason="Encord is busy")])

    assert run() == 0

    assert lines(capsys) == [
        f"Task {TASK}",
        f"  {shown(9)}  queued by the sweep, at the stage 'Agent 1' of project {PROJECT}",
        f"  {shown(8)}  put off, next try at {shown(7)}: Encord is busy",
        f"  {shown(6)}  decided 'Cat', confidence 0.93, at the stage 'Agent 1' "
        "(1.5 s of models, 1,000 + 20 tokens, $0.2500)",
        f"  {shown(6)}  labels saved: 2 new, 1 in place of its own earlier ones; 3 gave way to labels that stand there",
        f"  {shown(6)}  left the stage 'Agent 1' along the pathway 'Cat': the model is sure",
        f"  {shown(5)}  nothing to do: it came twice",
        f"  {shown(2)}  queued by the sweep, at the stage 'Agent 2' of project {PROJECT}",
        f"Now, at the stage {STAGE}: done; it is new work once it comes back to the stage; "
        "tries that ended in trouble: 1; the last reason: Encord is busy",
    ]


def test_a_rejected_task_is_told_with_the_command_that_replays_it(
    stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.reject(a_message(TASK), a_message(OTHER), reason="the picture is damaged")
    stack.log("RunTasksLogs", [(ago(3), Rejected(str(TASK), "the picture is damaged"))])

    assert run() == 0

    assert lines(capsys)[1:] == [
        f"  {shown(3)}  rejected: the picture is damaged",
        f"Now, at the stage {STAGE}: rejected, until it is replayed or comes back to the stage; "
        "tries that ended in trouble: 8; workers that died with it in hand: 2; the last reason: the picture is damaged",
        f"A dead letter of it waits, at stage {STAGE}: the picture is damaged",
        f"Mend the cause, then: encord-lambda replay --task {TASK} --yes",
    ]
    assert len(stack.tasks("TasksDeadLettersUrl")) == 2, "letters that were read can be seen again"


def test_the_command_it_tells_works(stack: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    stack.reject(a_message(TASK))
    run()
    [command] = [line.partition(": ")[2] for line in lines(capsys) if line.startswith("Mend the cause")]

    assert cli.main(command.split()[1:]) == 0

    assert stack.tasks("TasksQueueUrl") == [TASK]


def test_a_task_that_is_known_by_its_claim_alone(stack: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    stack.claims.swap([a_claim(a_message(TASK), State.RUNNING, NOW + HOUR, owner="m1")])

    assert run() == 0

    until = f"{NOW + HOUR:%Y-%m-%d %H:%M:%S} UTC"
    assert lines(capsys) == [
        f"Task {TASK}",
        "  no records of it in the logs",
        f"Now, at the stage {STAGE}: running, message m1 has it until {until}",
    ]


def test_of_a_task_nobody_knows_it_is_said_where_it_was_looked_for(
    stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.log("RunTasksLogs", WORKED)
    stack.reject(a_message(OTHER))

    assert run(task=UUID(int=1)) == 1

    output = capsys.readouterr()
    assert output.out == ""
    assert (
        f"nothing is known of task {UUID(int=1)}: it has no claim, no dead letter, and no record in these logs"
        in output.err
    )
    assert "encord-lambda-SweepStagesLogs-" in output.err
    assert "encord-lambda-RunTasksLogs-" in output.err
    assert "no sweep of the stack 'encord-lambda' has queued it" in output.err


def test_lines_that_only_quote_the_task_are_left_out(stack: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    quoting = [
        f"Traceback of {TASK}",
        json.dumps({"message": f"task {TASK}"}),
        json.dumps({"message": "Routed", "task": str(OTHER), "stage": "A", "pathway": "B", "reason": str(TASK)}),
        json.dumps({"message": ["Routed"], "task": str(TASK)}),
        json.dumps([str(TASK)]),
        "[" * 100_000 + f" {TASK}",
    ]
    stack.log("RunTasksLogs", [(ago(2), Skipped(str(TASK), "gone"))], *((ago(3), line) for line in quoting))

    assert run() == 0

    assert lines(capsys)[1:-1] == [f"  {shown(2)}  nothing to do: gone"]


def test_a_record_of_another_version_is_named(stack: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    stack.log("RunTasksLogs", [], (ago(2), json.dumps({"message": "Decided", "task": str(TASK)})))

    assert run() == 0

    assert lines(capsys)[1] == f"  {shown(2)}  Decided, as another version writes it: see the log"


@pytest.mark.parametrize(("since", "found"), [("30m", 0), ("2h", 1), ("7d", 2), ("99999d", 2)])
def test_the_logs_are_searched_as_far_back_as_asked(
    stack: Deployed, since: str, found: int, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.claims.swap([a_claim(a_message(TASK))])
    stack.log("RunTasksLogs", [(ago(90), Skipped(str(TASK), "late")), (ago(24 * 60), Skipped(str(TASK), "early"))])

    assert run("--since", since) == 0

    assert sum("nothing to do" in line for line in lines(capsys)) == found


def test_machines_get_all_of_it(stack: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    stack.reject(a_message(TASK), reason="the picture is damaged")
    stack.log("RunTasksLogs", WORKED[:2])

    assert run("--json") == 0

    story = json.loads(capsys.readouterr().out)
    assert story["task"] == str(TASK)
    assert [(one["kind"], one["outcome"].get("reason")) for one in story["records"]] == [
        ("Postponed", "Encord is busy"),
        ("Decided", None),
    ]
    assert story["records"][1]["outcome"]["usd"] == 0.25
    assert [(claim["key"]["stage"], claim["state"]) for claim in story["claims"]] == [(str(STAGE), "rejected")]
    assert [letter["reason"] for letter in story["letters"]] == ["the picture is damaged"]


def test_another_stacks_name_is_in_the_command(stack: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    stack.reject(a_message(TASK))

    assert run("--stack", stack.arn) == 0

    assert f"encord-lambda replay --task {TASK} --stack {stack.arn} --yes" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([""], "argument TASK|KEY: '' is neither a task's UUID nor an object's key"),
        (["s3://bucket/"], "argument TASK|KEY: 's3://bucket/' is neither a task's UUID nor an object's key"),
        ([str(TASK), "--since", "yesterday"], "'yesterday' is no time such as 30m, 12h or 7d"),
        ([str(TASK), "--since", "0d"], "'0d' is no time such as 30m, 12h or 7d"),
    ],
)
def test_options_that_cannot_be_are_refused(options: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        cli.main(["explain", *options])

    assert refused.value.code == 2
    assert told in capsys.readouterr().err
