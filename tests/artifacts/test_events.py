"""What leads from one function to the next, as built, with moto, the twin and the model server on the far side."""

import os
from collections.abc import Callable, Iterator

import pytest

from encord_lambda.dispatch import sweep as sweep_rule
from sandbox import rie
from sandbox import template as reader
from tests.fakes.local_aws import local_aws
from tests.functions import upload_stack
from tests.functions.upload_stack import Stack
from tests.task_path.conftest import TaskPath, aws, count, event, model, path, seeded
from tests.twin.worlds import jpeg

__all__ = ["aws", "count", "model", "path", "seeded"]  # fixtures

type Start = Callable[..., rie.Runtime]


def environment(function: str) -> dict[str, str]:
    """The variables the template gives a function, with the values of this test's far side."""
    whole = reader.load()
    names = reader.functions(whole)[function].environment
    return {name: os.environ[name] for name in [*names, "AWS_ENDPOINT_URL", "NO_PROXY"] if name in os.environ}


@pytest.fixture
def uploads(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    with local_aws() as endpoint, upload_stack.upload_stack(monkeypatch, endpoint) as stack:
        yield stack


def test_the_sweep_and_the_tasks_run_as_built(path: TaskPath, start: Start) -> None:
    sweep, run = (start(name, environment(name)) for name in ("SweepStagesFunction", "RunTasksFunction"))

    assert sweep.invoke(event("sweep_stages")) == {"queued": 6}
    assert run.invoke(path.received(patience=sweep_rule.GATHER_SECONDS + 3)) == {"batchItemFailures": []}
    assert path.tasks()["Agent 1"] == []


def test_an_upload_becomes_a_linked_item_as_built(uploads: Stack, start: Start) -> None:
    uploads.put("pets/a cat.jpg", jpeg())
    register, track = (start(n, environment(n)) for n in ("RegisterUploadsFunction", "TrackRegistrationsFunction"))

    assert register.invoke(upload_stack.batch(upload_stack.created("pets/a cat.jpg"))) == {"batchItemFailures": []}
    uploads.finish_jobs()
    [(body, _)] = uploads.sent()
    assert track.invoke(upload_stack.batch(body)) == {"batchItemFailures": []}

    assert uploads.linked() == ["pets/a cat.jpg"]
