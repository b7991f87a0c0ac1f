"""A served twin and the real SDK's client for it."""

from collections.abc import Callable, Iterator

import pytest
from encord import EncordUserClient
from encord.http import querier
from encord.http.constants import RequestsSettings
from encord.project import Project
from encord.workflow.stages.agent import AgentStage
from requests.adapters import HTTPAdapter

from sandbox.encord_twin import MemoryObjects, Settings, Twin, World, serve
from tests.twin.worlds import pets

type Connect = Callable[..., EncordUserClient]
ONCE = RequestsSettings(max_retries=0, connection_retries=0, connect_timeout=5, read_timeout=30, write_timeout=30)


def connect(twin: Twin, key: str | None = None, settings: RequestsSettings = ONCE) -> EncordUserClient:
    """A client that does not hide trouble behind retries."""
    return EncordUserClient.create_with_ssh_private_key(
        key or twin.key, domain=twin.url, requests_settings=settings, user_agent_suffix="tests"
    )


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(autouse=True)
def _plain_sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK opens a connection for each request, also where another test had ours keep them."""
    monkeypatch.setattr(querier, "HTTPAdapter", HTTPAdapter)


@pytest.fixture
def objects() -> MemoryObjects:
    return MemoryObjects()


@pytest.fixture
def world() -> World:
    return pets(tasks=5)


@pytest.fixture
def settings() -> Settings:
    return Settings(job_seconds=0.05, task_page_size=3)


@pytest.fixture
def twin(world: World, objects: MemoryObjects, settings: Settings) -> Iterator[Twin]:
    with serve(world, objects=objects, settings=settings) as served:
        yield served


@pytest.fixture
def client(twin: Twin) -> EncordUserClient:
    return connect(twin)


@pytest.fixture
def project(twin: Twin, client: EncordUserClient) -> Project:
    return client.get_project(twin.ids.projects["Pets"])


@pytest.fixture
def agent(project: Project) -> AgentStage:
    return project.workflow.get_stage(name="Agent 1", type_=AgentStage)
