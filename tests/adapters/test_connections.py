"""Connections that the SDK's requests share, and all that stays as the SDK has it."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from encord import EncordUserClient
from encord.exceptions import EncordException, RequestException
from encord.http import querier
from encord.http.constants import RequestsSettings
from encord.http.v2 import api_client
from encord.workflow.stages.agent import AgentStage
from requests.adapters import HTTPAdapter

from encord_lambda.encord_platform import connections
from encord_lambda.encord_platform.client import connect
from encord_lambda.encord_platform.connections import LentConnections, keep_connections
from sandbox.encord_twin import Fault, Twin, serve
from tests.adapters import far_side
from tests.adapters.platform_world import a_world
from tests.twin import conftest

INTEGRATIONS = "GET /v2/public/cloud-integrations"
ACTIONS = "workflow/stages/{stage}/actions"
PATIENT = RequestsSettings(max_retries=2, backoff_factor=0.01)


@pytest.fixture(autouse=True)
def _none_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK as it comes, and no connections kept."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(querier, "HTTPAdapter", HTTPAdapter)
    monkeypatch.setattr(connections, "_keeper", connections._Keeper())


@pytest.fixture
def twin() -> Iterator[Twin]:
    with serve(a_world(3)) as twin:
        yield twin


@pytest.fixture
def client(twin: Twin) -> EncordUserClient:
    return connect(twin.url, twin.key, "test")


def seen(twin: Twin) -> list[int]:
    """Which connection each request came on; the first one is 1."""
    known: dict[int, int] = {}
    return [known.setdefault(entry.connection, len(known) + 1) for entry in twin.log.entries]


def test_a_batch_of_tasks_takes_one_connection(twin: Twin, client: EncordUserClient) -> None:
    project = client.get_project(twin.ids.projects["Pets"])
    stage = project.workflow.get_stage(name="Agent 1", type_=AgentStage)
    tasks, rows = list(stage.get_tasks()), project.list_label_rows_v2()
    with project.create_bundle() as opening:
        for row in rows:
            row.initialise_labels(bundle=opening)
    with project.create_bundle() as saving:
        for row in rows:
            row.save(bundle=saving)
    with project.create_bundle() as moving:
        for task in tasks:
            task.proceed(pathway_name="Cat", bundle=moving)

    protocols = {entry.path.startswith("/v2/public") for entry in twin.log.entries}
    assert protocols == {True, False}
    assert seen(twin) == [1] * 7


def test_a_client_without_ours_takes_one_for_each_request(twin: Twin) -> None:
    client = conftest.connect(twin)

    for _ in range(3):
        client.get_cloud_integrations()

    assert seen(twin) == [1, 2, 3]


def test_whichever_retries_a_request_has_the_connection_is_the_same(twin: Twin, client: EncordUserClient) -> None:
    client.get_cloud_integrations()
    conftest.connect(twin, settings=PATIENT).get_cloud_integrations()

    assert seen(twin) == [1, 1]


def test_the_sdk_has_the_one_way_in_that_we_take() -> None:
    keep_connections()
    keep_connections()

    assert vars(api_client)["create_new_session"] is querier.create_new_session
    with querier.create_new_session(max_retries=0, backoff_factor=0, connect_retries=0) as session:
        assert {type(adapter) for adapter in session.adapters.values()} == {LentConnections}


@pytest.mark.parametrize("max_retries", [None, 0, 3])
@pytest.mark.parametrize("connect_retries", [0, 2])
def test_the_retry_policy_is_the_sdks(max_retries: int | None, connect_retries: int) -> None:
    def policies() -> list[dict[str, object]]:
        with querier.create_new_session(max_retries, 0.3, connect_retries, 0.1) as session:
            adapters = [session.get_adapter(url) for url in ("http://a", "https://a")]
        return [dict(vars(adapter.max_retries)) for adapter in adapters if isinstance(adapter, HTTPAdapter)]

    plain = policies()
    keep_connections()

    assert policies() == plain
    assert [policy["connect"] for policy in plain] == [connect_retries] * 2


@pytest.mark.parametrize("status", [404, 429, 500, 503])
def test_a_refusal_leaves_the_connection_as_it_is(twin: Twin, client: EncordUserClient, status: int) -> None:
    twin.faults.add(Fault(route=INTEGRATIONS, status=status))

    with pytest.raises(EncordException):
        client.get_cloud_integrations()
    client.get_cloud_integrations()

    assert seen(twin) == [1, 1]


@pytest.mark.parametrize("kept", [False, True])
def test_a_retrying_client_sends_as_often_as_without_us(twin: Twin, *, kept: bool) -> None:
    client = connect(twin.url, twin.key, "test") if kept else conftest.connect(twin)
    client.get_cloud_integrations()
    twin.faults.add(Fault(route=INTEGRATIONS, reset=True), Fault(route=INTEGRATIONS, status=502))
    twin.log.reset()

    conftest.connect(twin, settings=PATIENT).get_cloud_integrations()

    assert [entry.status for entry in twin.log.entries] == [0, 502, 200]


def test_after_a_reset_there_is_a_new_connection_and_nothing_was_sent_twice(
    twin: Twin, client: EncordUserClient
) -> None:
    client.get_cloud_integrations()
    twin.faults.add(Fault(route=INTEGRATIONS, reset=True))

    with pytest.raises(RequestException):
        client.get_cloud_integrations()
    client.get_cloud_integrations()

    assert seen(twin) == [1, 1, 2]


@pytest.mark.parametrize("fault", [Fault(route=ACTIONS, drop_after_commit=True), Fault(route=ACTIONS, reset=True)])
def test_a_write_whose_answer_is_lost_is_sent_once_and_fails(
    twin: Twin, client: EncordUserClient, fault: Fault
) -> None:
    stage = client.get_project(twin.ids.projects["Pets"]).workflow.get_stage(name="Agent 1", type_=AgentStage)
    task, *_ = stage.get_tasks()
    twin.faults.add(fault)

    with pytest.raises(RequestException):
        task.proceed(pathway_name="Cat")

    assert twin.log.count(ACTIONS) == 1
    assert set(seen(twin)) == {1}
    assert len(list(stage.get_tasks())) == (2 if fault.drop_after_commit else 3)


def test_a_legacy_write_whose_answer_is_lost_is_sent_once_and_fails(twin: Twin, client: EncordUserClient) -> None:
    row, *_ = client.get_project(twin.ids.projects["Pets"]).list_label_rows_v2()
    twin.faults.add(Fault(route="labelrow PUT", drop_after_commit=True))

    with pytest.raises(RequestException):
        row.initialise_labels()

    assert twin.log.count("labelrow PUT") == 1
    assert set(seen(twin)) == {1}


def test_a_connection_that_the_server_closed_meanwhile_costs_no_request() -> None:
    with serve(a_world(1)) as twin:
        connect(twin.url, twin.key, "test").get_cloud_integrations()
    with serve(a_world(1), port=urlsplit(twin.url).port or 0) as again:
        connect(again.url, again.key, "test").get_cloud_integrations()

    assert twin.url == again.url
    assert seen(again) == [1]


FORK = """
import os, sys
from encord_lambda.encord_platform.client import connect

client = connect(sys.argv[1], sys.stdin.read(), "test")
client.get_cloud_integrations()
child = os.fork()
client.get_cloud_integrations()
if child:
    os.waitpid(child, 0)
    client.get_cloud_integrations()
"""


def test_a_forked_process_has_connections_of_its_own(twin: Twin) -> None:
    subprocess.run([sys.executable, "-c", FORK, twin.url], input=twin.key, text=True, check=True)

    assert sorted(seen(twin)) == [1, 1, 1, 2]


@pytest.fixture
def far() -> Iterator[far_side.Far]:
    with far_side.served() as far:
        keep_connections()
        yield far


def get(url: str) -> str:
    """One request in a session as the SDK makes it."""
    with querier.create_new_session(max_retries=0, backoff_factor=0, connect_retries=0) as session:
        return session.get(url, timeout=10).text


def test_threads_at_the_same_time_use_a_connection_each_and_get_their_own_answers(far: far_side.Far) -> None:
    far.together = threading.Barrier(4)
    paths = [f"/{number}" for number in range(8)]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda path: get(far.url + path), paths))

    assert answers == paths
    assert far.opened == 4


def test_no_cookie_is_carried_from_one_request_to_the_next(far: far_side.Far) -> None:
    get(f"{far.url}/first")
    get(f"{far.url}/second")

    assert far.asked == [("/first", None, 1), ("/second", None, 1)]


def test_the_environments_proxy_is_used_and_its_connection_kept(
    far: far_side.Far, monkeypatch: pytest.MonkeyPatch
) -> None:
    get(f"{far.url}/directly")
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv("http_proxy", far.url)

    get("http://encord.invalid/first")
    get("http://encord.invalid/second")

    assert far.asked[1:] == [("http://encord.invalid/first", None, 2), ("http://encord.invalid/second", None, 2)]


def at(second: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: second)


@pytest.fixture
def first_at_1000(far: far_side.Far, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection made at that second."""
    at(1000, monkeypatch)
    monkeypatch.setattr(connections, "_keeper", connections._Keeper())
    get(far.url)


@pytest.mark.usefixtures("first_at_1000")
def test_a_young_connection_is_used_again(far: far_side.Far, monkeypatch: pytest.MonkeyPatch) -> None:
    at(1019, monkeypatch)
    get(far.url)

    assert far.opened == 1


@pytest.mark.usefixtures("first_at_1000")
@pytest.mark.parametrize("second", [1020, 90_000, 999])
def test_an_old_connection_is_closed_and_another_made(
    far: far_side.Far, monkeypatch: pytest.MonkeyPatch, second: float
) -> None:
    at(second, monkeypatch)
    get(far.url)

    assert far.opened == 2
    assert far.ended.acquire(timeout=10)
