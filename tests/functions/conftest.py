"""One local AWS for a module's tests, and on it an empty stack for each of them, or one for all."""

from collections.abc import Iterator

import pytest

from tests.fakes.local_aws import local_aws
from tests.functions.upload_stack import Stack, upload_stack
from tests.functions.uploading import shared_stack


@pytest.fixture(scope="session", autouse=True)
def _powertools() -> Iterator[None]:
    """What Powertools reads at the first call of a handler."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POWERTOOLS_SERVICE_NAME", "tests")
        patch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Tests")
        yield


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with local_aws() as url:
        yield url


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> Iterator[Stack]:
    with upload_stack(monkeypatch, endpoint) as built:
        yield built


@pytest.fixture(scope="module")
def shared(endpoint: str) -> Iterator[Stack]:
    """For tests that keep to prefixes of their own, in modules where no test takes `stack`."""
    with shared_stack(endpoint) as built:
        yield built
