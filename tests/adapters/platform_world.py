"""A project of the twin with an agent stage, an ontology with a radio and a text classification, and our edge to it."""

import copy
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from encord.objects import LabelRowV2, Option
from encord.workflow import AgentStage

from encord_lambda.agent_stage import Visit
from encord_lambda.agents.classify import ClassifyAgent
from encord_lambda.agents.describe import DescribeAgent
from encord_lambda.config_classify import Classify, Describe
from encord_lambda.encord_platform.client import connect
from encord_lambda.encord_platform.label_rows import Row
from encord_lambda.encord_platform.stage import Stage
from encord_lambda.encord_platform.workflow import Projects
from sandbox.encord_twin import MemoryObjects, Settings, Twin, World, serve
from tests.twin import conftest
from tests.twin.worlds import ANIMAL, pets

SCENE = {
    "id": "2",
    "featureNodeHash": "cls00002",
    "attributes": [
        {
            "id": "2.1",
            "name": "Scene",
            "type": "text",
            "required": False,
            "dynamic": False,
            "featureNodeHash": "att00002",
        }
    ],
}
CLASSIFY = ClassifyAgent(Classify(kind="classify", model="openai:m", classification="Animal"))
DESCRIBE = DescribeAgent(Describe(kind="describe", model="openai:m", classification="Scene"))


def a_world(tasks: int) -> World:
    world = pets(tasks)
    editor: dict[str, Any] = copy.deepcopy(ANIMAL)
    editor["classifications"].append(SCENE)
    return world.model_copy(update={"ontologies": [world.ontologies[0].model_copy(update={"editor": editor})]})


@contextmanager
def served(tasks: int = 3, page: int = 2) -> Iterator[Twin]:
    with serve(a_world(tasks), objects=MemoryObjects(), settings=Settings(task_page_size=page)) as twin:
        yield twin


def projects(twin: Twin) -> Projects:
    return Projects(connect(twin.url, twin.key, "test"))


def first_stage(twin: Twin) -> Stage:
    return projects(twin).titled(twin.ids.projects["Pets"], "Agent 1")


def opened(stage: Stage, data: Collection[UUID]) -> dict[UUID, Row]:
    """Label rows of the main branch, by data unit, with their labels and signed URLs."""
    rows = stage.rows(data, "main")
    assert stage.open(rows) == {}
    return rows


def waiting(stage: Stage) -> dict[UUID, UUID]:
    """Data units of the tasks that wait, by task."""
    return {task.task: task.data for task in stage.tasks()}


def visits(stage: Stage) -> dict[UUID, Visit]:
    """The visits of the tasks that wait, by task."""
    return {task.task: Visit(task.data, task.updated_at) for task in stage.tasks()}


def gone_ahead(twin: Twin, *tasks: UUID) -> None:
    """Somebody else moves tasks."""
    project = conftest.connect(twin).get_project(twin.ids.projects["Pets"])
    agent = project.workflow.get_stage(name="Agent 1", type_=AgentStage)
    for task in agent.get_tasks():
        if task.uuid in tasks:
            task.proceed(pathway_name="Other")


def deleted(twin: Twin, data: UUID) -> None:
    """Somebody deletes a data unit from its dataset."""
    [dataset] = twin.ids.datasets.values()
    conftest.connect(twin).get_dataset(dataset).delete_data([str(data)])


def items(twin: Twin) -> dict[UUID, UUID]:
    """The storage items that the dataset has, by data unit."""
    [dataset] = twin.ids.datasets.values()
    return {UUID(row.uid): row.backing_item_uuid for row in conftest.connect(twin).get_dataset(dataset).data_rows}


def label_rows(twin: Twin) -> dict[UUID, LabelRowV2]:
    """What the plain SDK reads back, by data unit."""
    project = conftest.connect(twin).get_project(twin.ids.projects["Pets"])
    rows = project.list_label_rows_v2()
    for row in rows:
        row.initialise_labels()
    return {UUID(row.data_hash): row for row in rows}


def answers(row: LabelRowV2) -> dict[str, str]:
    """A row's answers, by classification."""
    found = {}
    for instance in row.get_classification_instances():
        answer = instance.get_answer()
        found[instance.classification_name] = answer.title if isinstance(answer, Option) else str(answer)
    return found
