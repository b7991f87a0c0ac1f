"""Waiting tasks through the sweep, the queue and the handler, with the real SDK against the twin."""

import json
import re
from uuid import UUID

import boto3
import pytest

from encord_lambda.encord_platform.client import connect
from encord_lambda.errors import Misconfigured, Reject
from functions.run_tasks import handler as run_tasks
from functions.sweep_stages import handler as sweep_stages
from sandbox.encord_twin import Fault
from sandbox.model_server.script import Refusal, Status, Text
from sandbox.scenario.world import PIPELINE, PROJECT
from tests.task_path.conftest import CONTEXT, EVENTS, TaskPath, event

pytestmark = pytest.mark.usefixtures("path")

ROUTED = {
    "Agent 1": [],
    "Annotate cats": ["pets/000 Cat.jpg", "pets/003 Cat.jpg"],
    "Annotate dogs": ["pets/001 Dog.jpg", "pets/004 Dog.jpg"],
    "Archive": ["pets/002 Other.jpg", "pets/005 Other.jpg"],
    "Complete": [],
}
WITHOUT_FAILED = PIPELINE.read_text().replace("      failed: Other", "      # failed: Other")


def reasons(caplog: pytest.LogCaptureFixture, kind: str) -> list[str]:
    """The reasons of all outcomes of a kind that were logged."""
    return [record.__dict__["reason"] for record in caplog.records if record.message == kind]


def test_waiting_tasks_are_labelled_and_take_the_pathway_of_their_answer(path: TaskPath) -> None:
    assert path.sweep() == 6

    assert path.run(path.received()) == []

    assert path.tasks() == ROUTED
    rows = path.answers()
    assert rows["pets/000 Cat.jpg"]["classifications"][0]["answers"] == {"Animal": "Cat"}
    assert 0.5 < rows["pets/001 Dog.jpg"]["classifications"][0]["confidence"] <= 1
    assert rows["pets/002 Other.jpg"]["classifications"] == []
    assert path.claims() == {"done": 6}


def test_a_second_sweep_queues_nothing_that_is_under_way(path: TaskPath) -> None:
    assert [path.sweep(), path.sweep()] == [6, 0]


def test_a_batch_delivered_twice_is_run_once(path: TaskPath) -> None:
    path.sweep()
    batch = path.received()

    assert path.run(batch) == []
    asked = len(path.model.history)
    assert path.run(batch) == []

    assert len(path.model.history) == asked
    assert {row["saves"] for row in path.answers().values()} <= {0, 1}


def test_a_task_sent_back_to_its_stage_is_done_again_and_its_label_replaced(path: TaskPath) -> None:
    # GIVEN a task that was labelled, and that somebody moved back
    path.sweep()
    path.run(path.received())
    project = connect(path.twin.url, path.twin.key, "reviewer").get_project(PROJECT)
    task = next(
        task for task in project.workflow.get_stage(name="Annotate cats").get_tasks() if "000" in task.data_title
    )
    task.move(destination_stage_uuid=project.workflow.get_stage(name="Agent 1").uuid)

    # WHEN the next sweep comes
    assert path.sweep() == 1
    path.run(path.received())

    # THEN it has one label, not two
    assert len(path.answers()["pets/000 Cat.jpg"]["classifications"]) == 1
    assert path.tasks() == ROUTED


@pytest.mark.parametrize("reply", [Refusal(), Text("not json"), Text('{"answer":"Horse","confidence":1}')], ids=str)
def test_an_answer_that_can_never_be_used_takes_the_failed_pathway_alone(path: TaskPath, reply: Refusal | Text) -> None:
    path.model.enqueue(reply)
    path.sweep()

    assert path.run(path.received()) == []

    assert path.tasks()["Agent 1"] == []
    assert len(path.tasks()["Archive"]) in (2, 3)  # the reply may have hit a picture that belongs there anyway


def test_without_a_failed_pathway_the_task_stays_and_its_message_goes_to_the_dead_letters(path: TaskPath) -> None:
    path.pipeline(WITHOUT_FAILED)
    path.model.enqueue(Text("not json"))
    path.sweep()

    assert path.run(path.received()) == []

    assert len(path.tasks()["Agent 1"]) == 1
    assert path.claims() == {"done": 5, "rejected": 1}
    [(subject, reason)] = path.letters().items()
    assert UUID(subject) in {task.uuid for task in path.twin.store.projects[PROJECT].tasks.values()}
    assert "not json" in reason or "JSON" in reason
    assert path.sweep() == 0


def test_a_busy_model_leaves_only_its_task_on_the_queue_and_the_redelivery_succeeds(path: TaskPath) -> None:
    path.model.enqueue(Status(503))
    path.sweep()
    batch = path.received()

    kept = path.run(batch)

    assert len(kept) == 1
    assert path.received() == {"Records": []}  # put off
    assert path.run({"Records": [r for r in batch["Records"] if r["messageId"] in kept]}) == []
    assert path.tasks() == ROUTED


@pytest.mark.parametrize(
    "route", ["workflow/stages", "labelrowmetadata", "labelrow PUT", "labelrow POST", "/actions"], ids=str
)
def test_encord_failing_at_any_step_leaves_the_batch_and_the_redelivery_labels_once(path: TaskPath, route: str) -> None:
    path.sweep()
    batch = path.received()
    path.twin.faults.add(Fault(route=route, status=503))

    assert len(path.run(batch)) == 6

    assert path.run(batch) == []
    assert path.tasks() == ROUTED
    assert all(len(row["classifications"]) <= 1 for row in path.answers().values())


def test_a_proceed_whose_answer_was_lost_is_looked_up_and_counts_as_done(path: TaskPath) -> None:
    path.sweep()
    path.twin.faults.add(Fault(route="/actions", drop_after_commit=True))

    assert path.run(path.received()) == []

    assert path.tasks() == ROUTED
    assert path.claims() == {"done": 6}


def test_an_unreachable_encord_leaves_every_message(path: TaskPath, monkeypatch: pytest.MonkeyPatch) -> None:
    path.sweep()
    batch = path.received()
    monkeypatch.setenv("ENCORD_DOMAIN", "http://127.0.0.1:9")

    assert len(path.run(batch)) == 6


def test_a_picture_that_vanished_is_rejected_with_its_address_and_without_its_signature(
    path: TaskPath, caplog: pytest.LogCaptureFixture
) -> None:
    path.sweep()
    path.objects.remove("https://uploads.s3.eu-west-1.amazonaws.com/pets/000 Cat.jpg")

    assert path.run(path.received()) == []

    assert path.tasks()["Agent 1"] == []
    [reason] = reasons(caplog, "Rejected")
    assert re.fullmatch(r"cannot read http://127.0.0.1:\d+/signed/[^?]+: HTTP 404", reason)


@pytest.mark.parametrize("name", ["run_tasks_malformed", "run_tasks_unknown_version"])
def test_a_malformed_message_is_buried_and_does_not_hinder_its_neighbours(path: TaskPath, name: str) -> None:
    path.sweep()
    [bad] = event(name)["Records"]
    batch = path.received()["Records"]

    assert path.run({"Records": [bad, *batch]}) == []

    assert path.tasks() == ROUTED
    assert path.letters().keys() == {f"message {bad['messageId']}"}


def test_the_event_file_of_a_task_is_worked_on(path: TaskPath) -> None:
    assert path.run(event("run_tasks")) == []

    assert len(path.tasks()["Agent 1"]) == 5


@pytest.mark.parametrize("unknown", ["project", "stage"])
def test_a_message_of_an_unknown_project_or_stage_is_buried_and_says_why(path: TaskPath, unknown: str) -> None:
    record = event("run_tasks")["Records"][0]
    body = json.loads(record["body"]) | {unknown: str(UUID(int=7))}

    assert path.run({"Records": [record | {"body": json.dumps(body)}]}) == []

    [reason] = path.letters().values()
    assert str(UUID(int=7)) in reason


def test_a_stage_dropped_from_pipeline_yaml_rejects_its_messages(path: TaskPath) -> None:
    path.sweep()
    path.pipeline("version: 1\n")

    assert path.run(path.received()) == []
    assert path.claims() == {"rejected": 6}
    assert len(path.letters()) == 6


def test_a_malformed_pipeline_yaml_ends_the_run_with_file_and_line(path: TaskPath) -> None:
    path.pipeline("version: 1\nstages:\n  - projekt: x\n")

    with pytest.raises(Misconfigured, match=r"s3://records/pipeline.yaml:3: stages\[0\]"):
        path.run(event("run_tasks"))


def test_a_missing_pipeline_yaml_says_where_to_put_it(path: TaskPath) -> None:
    boto3.client("s3").delete_object(Bucket="records", Key="pipeline.yaml")

    with pytest.raises(Misconfigured, match=r"upload your pipeline\.yaml to s3://records/pipeline\.yaml"):
        path.run(event("run_tasks"))


def test_a_malformed_encord_key_is_named_without_its_text(path: TaskPath, monkeypatch: pytest.MonkeyPatch) -> None:
    path.secret("ENCORD_KEY_SECRET", "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n", monkeypatch)

    with pytest.raises(Misconfigured, match="ENCORD_KEY_SECRET") as failure:
        path.run(event("run_tasks"))

    assert "c2VjcmV0" not in str(failure.value)


def test_an_unknown_pathway_leaves_the_messages_and_names_the_pathways_there_are(
    path: TaskPath, caplog: pytest.LogCaptureFixture
) -> None:
    path.pipeline(PIPELINE.read_text().replace("Cat: Cat", "Cat: Kitten"))
    path.sweep()

    assert len(path.run(path.received())) == 6
    assert "no pathway 'Kitten'; it has: 'Cat', 'Dog', 'Other'" in reasons(caplog, "Postponed")[0]


@pytest.mark.parametrize("name", ["sweep_stages", "sweep_stages_task_ready"])
def test_the_sweep_answers_its_events(name: str) -> None:
    assert sweep_stages.lambda_handler(event(name), CONTEXT) == {"queued": 6}


def test_an_event_that_is_no_batch_is_refused_in_one_line() -> None:
    with pytest.raises(Reject, match="no SQS batch: Records: Field required"):
        run_tasks.lambda_handler({"detail-type": "TaskReady"}, CONTEXT)


@pytest.mark.parametrize("count", [100])
def test_a_batch_of_a_hundred_takes_at_most_a_tenth_of_a_request_per_task(path: TaskPath) -> None:
    path.sweep()
    batch = path.received()
    path.twin.log.reset()

    assert path.run(batch) == []

    assert path.tasks()["Agent 1"] == []
    assert path.twin.log.count() <= 0.1 * 100, path.twin.log.by_route


def test_every_event_file_is_used_by_a_test() -> None:
    """A payload nobody runs would rot."""
    tests = "".join(file.read_text() for file in EVENTS.parent.glob("tests/**/test_*.py"))
    assert [file.stem for file in EVENTS.glob("*.json") if f'"{file.stem}"' not in tests] == []
