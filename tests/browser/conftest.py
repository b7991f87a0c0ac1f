"""A browser that looks at a twin, and complains of whatever is not as it should be on any page."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize

from sandbox import browser as installed
from sandbox.encord_twin import MemoryObjects, Settings, Twin, World
from tests.twin.conftest import _no_proxy, agent, client, project, twin
from tests.twin.worlds import BUCKET, jpeg, pets

__all__ = ["_no_proxy", "agent", "client", "project", "twin"]  # fixtures
SIZE = ViewportSize(width=1280, height=800)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for each file only: Playwright keeps an event loop running, which other tests would stumble over."""
    if installed.executable() is None:
        pytest.skip(installed.NO_BROWSER)
    with installed.started() as running:
        yield running


@pytest.fixture
def errors() -> list[str]:
    """What the browser's console complained of; a test that wants a complaint takes it out."""
    return []


@pytest.fixture
def page(browser: Browser, twin: Twin, errors: list[str]) -> Iterator[Page]:
    """A page that must never ask another machine for anything, nor log an error. Closed before its twin ends."""
    assert twin.url.startswith("http://127.0.0.1:")
    context = browser.new_context(viewport=SIZE)
    strangers = []

    def only_loopback(route: Route) -> None:
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.fallback()
        else:
            strangers.append(route.request.url)
            route.abort()

    context.route("**/*", only_loopback)
    opened = context.new_page()
    opened.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert strangers == []
    assert errors == []


@pytest.fixture
def objects() -> MemoryObjects:
    return MemoryObjects({f"{BUCKET}/seed/0000.jpg": jpeg(640, 480)})


@pytest.fixture
def world() -> World:
    return pets(tasks=5)


@pytest.fixture
def settings() -> Settings:
    return Settings(job_seconds=0.01)


@pytest.fixture
def board(twin: Twin) -> str:
    """The address of the only project's board."""
    return f"{twin.url}/projects/{twin.ids.projects['Pets']}"
