"""Seed 003's routing as configuration, on the task path: by dataset, without opening a single label row."""

import boto3
import pytest
from encord.objects import Classification, Option

from encord_lambda.agents import doubts
from encord_lambda.agents.doubts import Doubts
from encord_lambda.encord_platform.client import connect
from sandbox.encord_twin import DatasetSpec, FolderSpec, ItemSpec, MemoryObjects, World
from sandbox.scenario.world import DATASET, PROJECT
from tests.task_path.conftest import URL, TaskPath, pets

PIPELINE = """
version: 1
stages:
  - project: {project}
    stage: Agent 1
    agent:
      kind: route
      rules:
        - {{dataset: {benchmark}, take: Cat}}
        - {{metadata: {{source: camera}}, take: Dog}}
      otherwise: {otherwise}
"""


@pytest.fixture
def seeded() -> tuple[World, MemoryObjects]:
    """Two benchmark items, and three of production, one of them from a camera."""
    start, objects = pets(0)

    def item(title: str, **metadata: str) -> ItemSpec:
        return ItemSpec(url=URL + title, title=title, client_metadata=dict(metadata))

    folders = [
        FolderSpec(title="Truth", items=[item("t1"), item("t2", source="camera")]),
        FolderSpec(title="New", items=[item("n1"), item("n2", source="camera"), item("n3", source="phone")]),
    ]
    datasets = [
        start.datasets[0].model_copy(update={"folders": ["New"]}),
        DatasetSpec(title="Benchmark", folders=["Truth"]),
    ]
    project = start.projects[0].model_copy(update={"datasets": ["Pets", "Benchmark"]})
    return start.model_copy(update={"folders": folders, "datasets": datasets, "projects": [project]}), objects


def pipeline(path: TaskPath, otherwise: str = "Other") -> str:
    return PIPELINE.format(project=PROJECT, benchmark=path.twin.ids.datasets["Benchmark"], otherwise=otherwise)


def test_tasks_are_routed_by_dataset_and_metadata_and_no_label_row_is_made(path: TaskPath) -> None:
    assert path.twin.ids.datasets["Pets"] == DATASET
    path.pipeline(pipeline(path))
    path.sweep()

    assert path.run(path.received()) == []

    tasks = path.tasks()
    assert (tasks["Annotate cats"], tasks["Annotate dogs"], tasks["Archive"]) == (["t1", "t2"], ["n2"], ["n1", "n3"])
    assert path.answers() == {}


def test_five_tasks_take_two_requests_besides_the_project(path: TaskPath) -> None:
    path.pipeline(pipeline(path))
    path.sweep()
    batch = path.received()
    path.twin.log.reset()

    path.run(batch)

    assert path.twin.log.count("labelrow ") == 0
    assert path.twin.log.count("labelrowmetadata") == 1
    assert path.twin.log.count("/tasks") == 0
    assert path.twin.log.count("/actions") == 1


def test_a_rules_unknown_pathway_leaves_the_messages_and_names_it(
    path: TaskPath, caplog: pytest.LogCaptureFixture
) -> None:
    path.pipeline(pipeline(path, otherwise="Elsewhere"))
    path.sweep()
    assert len(path.run(path.received())) == 5
    reasons = {getattr(record, "reason", "") for record in caplog.records} - {""}
    assert len(reasons) == 1
    assert "has no pathway 'Elsewhere'" in reasons.pop()


SAMPLED = """
version: 1
stages:
  - project: {project}
    stage: Agent 1
    agent:
      kind: route
      rules:
        - sample: {{benchmark: pets, share: 0.5, least: 0, most: 1}}
          take: Cat
      otherwise: Other
benchmarks:
  - {{name: pets, production: {project}, stage: Review, ground_truth: {project}}}
"""


def test_a_sample_goes_by_what_a_report_says_of_who_made_the_labels(path: TaskPath) -> None:
    project = connect(path.twin.url, path.twin.key, "annotator").get_project(PROJECT)
    row = next(one for one in project.list_label_rows_v2() if one.data_title == "n1")
    row.initialise_labels()
    answered = row.ontology_structure.get_child_by_title("Animal", type_=Classification).create_instance()
    answered.set_answer(answered.ontology_item.attributes[0].get_child_by_title("Cat", type_=Option))
    answered.set_for_frames(0)
    row.add_classification_instance(answered)
    row.save()
    row.initialise_labels(overwrite=True)
    author = row.get_classification_instances()[0].created_by
    known = Doubts(version=1, overall=0.0, annotators={str(author): 1.0}, classes={"Cat": 0.0})
    boto3.client("s3").put_object(Bucket="records", Key=doubts.key("pets"), Body=known.model_dump_json().encode())
    path.pipeline(SAMPLED.format(project=PROJECT))
    path.sweep()

    assert path.run(path.received()) == []

    tasks = path.tasks()
    assert (tasks["Annotate cats"], tasks["Archive"]) == (["n1"], ["n2", "n3", "t1", "t2"])
