"""Far sides for one test: moto with nothing in it, and a twin with a stage where tasks wait."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from encord_lambda.aws.signed_requests import SignedRequests
from encord_lambda.encord_platform.stage import Stage
from sandbox.encord_twin import Twin
from tests.adapters.platform_world import first_stage, served
from tests.fakes.local_aws import emptied, local_aws, requests_to


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield


@pytest.fixture(scope="session")
def aws_server() -> Iterator[str]:
    with local_aws() as endpoint:
        yield endpoint


@pytest.fixture
def requests(aws_server: str, monkeypatch: pytest.MonkeyPatch) -> SignedRequests:
    """Requests to moto's server, which is empty; boto3's clients ask the same one."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", emptied(aws_server))
    return requests_to(aws_server)


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Twin]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with served() as twin:
        yield twin


@pytest.fixture
def stage(twin: Twin) -> Stage:
    return first_stage(twin)
