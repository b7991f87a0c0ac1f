"""What a client sees of a project before it touches a task."""

import pytest
from encord import EncordUserClient
from encord.exceptions import AuthorisationError, ResourceNotFoundError
from encord.project import Project
from encord.workflow.stages.agent import AgentStage

from sandbox.encord_twin import Twin


def test_a_project_comes_with_its_ontology_and_without_its_routers(twin: Twin, project: Project) -> None:
    titles = [stage.title for stage in project.workflow.stages]

    assert titles == ["Agent 1", "Annotate", "Review", "Complete"]
    assert [one.title for one in project.ontology_structure.classifications] == ["Animal"]
    assert twin.log.count() == 2


def test_the_pathways_of_an_agent_stage_have_the_uuids_the_world_announced(twin: Twin, agent: AgentStage) -> None:
    announced = twin.ids.pathways["Pets"]["Agent 1"]

    assert {pathway.name: pathway.uuid for pathway in agent.pathways} == announced
    assert agent.uuid == twin.ids.stages["Pets"]["Agent 1"]


def test_an_unknown_project_is_forbidden(client: EncordUserClient) -> None:
    with pytest.raises(AuthorisationError):
        client.get_project("00000000-0000-4000-8000-000000000000")


def test_a_call_the_twin_does_not_know_is_refused_and_remembered(twin: Twin, client: EncordUserClient) -> None:
    with pytest.raises(ResourceNotFoundError):
        list(client.get_storage_folder(twin.ids.folders["pets"]).list_groups())

    assert twin.log.as_json()["unimplemented"] == ["GET /v2/public/storage/folders/{}/groups"]


def test_requests_are_counted_by_route_and_by_who_sent_them(twin: Twin, project: Project) -> None:
    counted = twin.log.as_json()["by_agent"]

    assert counted == {"tests": {"GET /v2/public/projects/{project}": 1, "GET /v2/public/ontologies/{ontology}": 1}}
    assert project.title == "Pets"
