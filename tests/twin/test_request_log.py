"""What the twin remembers of the requests it saw."""

from collections.abc import Iterator

import httpx
import pytest
from encord import EncordUserClient
from encord.project import Project
from encord.workflow.stages.agent import AgentStage

from sandbox.encord_twin import Twin
from sandbox.encord_twin.protocol import request_log


@pytest.fixture
def admin(twin: Twin) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=twin.url, trust_env=False) as client:
        yield client


def test_the_sdk_opens_a_connection_for_each_request(twin: Twin, project: Project, agent: AgentStage) -> None:
    twin.log.reset()

    list(agent.get_tasks())
    project.list_label_rows_v2()

    assert (twin.log.count(), twin.log.connections) == (3, 3)


def test_a_client_that_keeps_its_connection_is_counted_once(twin: Twin, admin: httpx.Client) -> None:
    for _ in range(3):
        admin.get("/nowhere")

    assert (twin.log.count(), twin.log.connections) == (3, 1)
    assert len({entry.connection for entry in twin.log.entries}) == 1

    twin.log.reset()
    admin.get("/nowhere")

    assert twin.log.connections == 1


def test_requests_are_counted_by_route_and_by_agent(client: EncordUserClient, admin: httpx.Client) -> None:
    client.get_cloud_integrations()
    client.get_cloud_integrations()

    log = admin.get("/_twin/log").json()

    assert log["by_route"] == {"GET /v2/public/cloud-integrations": 2}
    assert log["by_agent"] == {"tests": log["by_route"]}


def test_the_log_shows_the_last_requests_of_a_route(
    client: EncordUserClient, agent: AgentStage, admin: httpx.Client
) -> None:
    list(agent.get_tasks())
    client.get_cloud_integrations()

    last = admin.get("/_twin/log", params={"route": "/tasks", "last": 1}).json()["requests"]
    others = admin.get("/_twin/log", params={"agent": "somebody"}).json()["requests"]

    assert [(entry["route"].endswith("/tasks"), entry["status"]) for entry in last] == [(True, 200)]
    assert others == []


def test_counts_can_be_had_without_requests(client: EncordUserClient, admin: httpx.Client) -> None:
    client.get_cloud_integrations()

    log = admin.get("/_twin/log", params={"last": 0}).json()

    assert (log["total"], log["connections"], log["requests"]) == (1, 1, [])


def test_a_filter_nobody_knows_is_refused(admin: httpx.Client) -> None:
    assert admin.get("/_twin/log", params={"last": "some"}).status_code == 400


def test_bodies_are_kept_from_when_they_are_asked_for_until_they_are_not(
    client: EncordUserClient, admin: httpx.Client
) -> None:
    client.create_storage_folder("birds")
    admin.post("/_twin/log/bodies", json={"keep": True})
    client.create_storage_folder("words")

    before, after = admin.get("/_twin/log").json()["requests"]
    admin.post("/_twin/log/bodies", json={"keep": False})
    *_, forgotten = admin.get("/_twin/log").json()["requests"]

    assert "request_body" not in before
    assert '"name":"words"' in after["request_body"].replace(" ", "")
    assert '"name":"words"' in after["response_body"]
    assert "request_body" not in forgotten


def test_only_the_last_bodies_are_kept_and_long_ones_are_cut(
    twin: Twin, admin: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_log, "WITH_BODIES", 2)
    monkeypatch.setattr(request_log, "LONGEST_BODY", 4)
    twin.log.keep_bodies(True)

    for number in range(3):
        admin.post("/nowhere", content=f"{number}-long")

    assert [entry.request_body for entry in twin.log.entries] == [None, "1-lo", "2-lo"]


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/v3/anything", 404), ("PUT", "/public", 200), ("POST", "/public/x", 200)]
)
def test_an_endpoint_nobody_knows_is_refused_and_listed(
    twin: Twin, admin: httpx.Client, method: str, path: str, status: int
) -> None:
    answer = admin.request(method, path)

    assert answer.status_code == status
    assert "the twin does not know" in answer.text
    assert twin.log.entries[-1].status == 404
    assert admin.get("/_twin/log").json()["unimplemented"] == [f"{method} {path}"]


def test_an_admin_route_nobody_knows_names_the_ones_there_are(twin: Twin, admin: httpx.Client) -> None:
    answer = admin.get("/_twin/logs")

    assert (answer.status_code, "/_twin/log/reset" in answer.json()["message"]) == (404, True)
    assert twin.log.count() == 0
