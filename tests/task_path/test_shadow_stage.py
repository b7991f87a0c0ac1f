"""A stage in the shadow, with the real SDK against the twin: everything runs, and Encord stays as it was."""

import boto3
import pytest

from encord_lambda.shadow import ShadowDecision
from sandbox.model_server.script import Text
from sandbox.scenario.world import PIPELINE
from tests.task_path.conftest import TaskPath

SHADOWED = PIPELINE.read_text().replace("    agent:\n", "    shadow: true\n    agent:\n", 1)


def decisions() -> list[ShadowDecision]:
    """What is written down in the records bucket, by title."""
    s3 = boto3.client("s3")
    keys = [one["Key"] for one in s3.list_objects_v2(Bucket="records", Prefix="shadow/")["Contents"]]
    texts = [s3.get_object(Bucket="records", Key=key)["Body"].read() for key in keys]
    found = [ShadowDecision.model_validate_json(text) for text in texts]
    assert sorted(keys) == sorted(one.key for one in found)
    return sorted(found, key=lambda one: one.title)


def test_all_is_decided_and_nothing_is_saved_or_moved(path: TaskPath) -> None:
    path.pipeline(SHADOWED)
    path.sweep()
    before = path.tasks()

    assert path.run(path.received()) == []

    assert [(one.answer, one.pathway, one.rejected) for one in decisions()] == [
        ("Cat", "Cat", False),
        ("Dog", "Dog", False),
        (None, "Other", False),
    ] * 2
    assert path.tasks() == before
    assert {row["saves"] for row in path.answers().values()} <= {0}
    assert all(row["classifications"] == [] for row in path.answers().values())


def test_what_was_tried_is_not_queued_again(path: TaskPath) -> None:
    path.pipeline(SHADOWED)
    path.sweep()
    path.run(path.received())

    assert path.claims() == {"shadowed": 6}
    assert path.sweep() == 0


def test_what_cannot_be_worked_on_does_not_take_the_failed_pathway(path: TaskPath) -> None:
    path.pipeline(SHADOWED)
    path.model.enqueue(Text("not json"))
    path.sweep()

    assert path.run(path.received()) == []

    [refused] = [one for one in decisions() if one.rejected]
    assert refused.pathway == "Other"
    assert refused.reason
    assert len(path.tasks()["Agent 1"]) == 6


@pytest.mark.parametrize("count", [1])
def test_a_task_is_worked_on_for_real_once_the_shadow_is_lifted(path: TaskPath) -> None:
    path.pipeline(SHADOWED)
    path.sweep()
    path.run(path.received())
    path.pipeline(PIPELINE.read_text())

    assert path.sweep() == 1
    assert path.run(path.received()) == []

    assert path.tasks()["Annotate cats"] == ["pets/000 Cat.jpg"]
