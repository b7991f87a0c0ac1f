"""A project's datasets, status and listings."""

from collections.abc import Iterator

import pytest
from encord import EncordUserClient
from encord.exceptions import ResourceNotFoundError
from encord.orm.project import ProjectStatus
from encord.project import Project
from encord.workflow.stages.agent import AgentStage

from sandbox.encord_twin import DatasetSpec, Twin, serve
from tests.twin.worlds import pets


@pytest.fixture
def twin() -> Iterator[Twin]:
    world = pets(tasks=3)
    spare = DatasetSpec(title="spare", folders=["seed"])
    with serve(world.model_copy(update={"datasets": [*world.datasets, spare]})) as served:
        yield served


@pytest.fixture
def spare(twin: Twin) -> str:
    return str(twin.ids.datasets["spare"])


def test_the_rows_of_an_attached_dataset_become_tasks_once(project: Project, agent: AgentStage, spare: str) -> None:
    assert project.add_datasets([spare, spare])
    assert project.add_datasets([spare])

    assert [one.title for one in project.list_datasets()] == ["pets", "spare"]
    assert len(list(agent.get_tasks())) == 6
    assert len(list(agent.get_tasks(dataset_hash=spare))) == 3
    assert len(project.list_label_rows_v2()) == 6


def test_a_removed_dataset_takes_its_tasks_and_rows_along(twin: Twin, project: Project, agent: AgentStage) -> None:
    row = project.list_label_rows_v2()[0]
    row.initialise_labels()

    assert project.remove_datasets([str(twin.ids.datasets["pets"])])

    assert list(agent.get_tasks()) == []
    assert project.list_label_rows_v2() == []
    with pytest.raises(ResourceNotFoundError):
        row.save()


def test_a_dataset_that_comes_back_starts_over_with_its_labels(twin: Twin, project: Project, agent: AgentStage) -> None:
    dataset = str(twin.ids.datasets["pets"])
    before = project.list_label_rows_v2()[0]
    before.initialise_labels()
    next(iter(agent.get_tasks())).proceed("Cat")

    project.remove_datasets([dataset])
    project.add_datasets([dataset])

    assert len(list(agent.get_tasks())) == 3
    assert [row.label_hash for row in project.list_label_rows_v2() if row.label_hash] == [before.label_hash]


def test_an_unknown_dataset_is_refused_with_all_beside_it(project: Project, spare: str) -> None:
    unknown = "00000000-0000-4000-8000-000000000000"

    with pytest.raises(ResourceNotFoundError):
        project.add_datasets([spare, unknown])
    with pytest.raises(ResourceNotFoundError):
        project.remove_datasets([str(project.list_datasets()[0].dataset_hash), unknown])  # type: ignore[index]

    assert [one.title for one in project.list_datasets()] == ["pets"]


def test_a_projects_status_can_be_set(project: Project) -> None:
    project.set_status(ProjectStatus.PAUSED)
    project.refetch_data()

    assert project.status is ProjectStatus.PAUSED


def test_ontologies_are_listed_by_title(client: EncordUserClient) -> None:
    [found] = client.get_ontologies(title_like="Ani%")

    assert found["ontology"].title == "Animals"
    assert client.get_ontologies(created_before="2000-01-01") == []
