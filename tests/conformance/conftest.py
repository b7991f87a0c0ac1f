"""A served twin with drawings in it, and an environment in which outsiders find it by themselves."""

from collections.abc import Iterator

import pytest
from encord import EncordUserClient
from encord.http.constants import DEFAULT_REQUESTS_SETTINGS

from sandbox.encord_twin import Settings, Twin, serve

from .worlds import CountingObjects, pets, put_drawings

KINDS = ("Cat", "Dog", "Other", "Cat", "Dog")


@pytest.fixture(autouse=True)
def _quick_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK's default settings are one object for the whole process; outsiders that pass none share it.

    Their number of retries stays as shipped, only the pauses go. Whatever a test's outsider writes into
    the object (encord-agents sets the trace id there) is undone with it.
    """
    monkeypatch.setattr(DEFAULT_REQUESTS_SETTINGS, "backoff_factor", 0.0)
    monkeypatch.setattr(DEFAULT_REQUESTS_SETTINGS, "read_timeout", 30)
    monkeypatch.setattr(DEFAULT_REQUESTS_SETTINGS, "trace_id_provider", None)


@pytest.fixture
def kinds() -> tuple[str, ...]:
    return KINDS


@pytest.fixture
def objects(kinds: tuple[str, ...]) -> CountingObjects:
    objects = CountingObjects()
    put_drawings(objects, kinds)
    return objects


@pytest.fixture
def twin(kinds: tuple[str, ...], objects: CountingObjects, monkeypatch: pytest.MonkeyPatch) -> Iterator[Twin]:
    """Served with pages of two tasks, so that every listing has to turn one."""
    with serve(pets(kinds), objects=objects, settings=Settings(task_page_size=2)) as served:
        announce(served, monkeypatch)
        yield served


def announce(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set what an outsider reads from the environment."""
    monkeypatch.delenv("ENCORD_SSH_KEY_FILE", raising=False)
    monkeypatch.setenv("ENCORD_SSH_KEY", twin.key)
    monkeypatch.setenv("ENCORD_DOMAIN", twin.url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")


@pytest.fixture
def client(twin: Twin) -> EncordUserClient:
    """As the SDK's own documentation makes it."""
    return EncordUserClient.create_with_ssh_private_key(twin.key, domain=twin.url)
