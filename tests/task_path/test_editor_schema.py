"""schemathesis against the editor API: whatever it sends, the answer is one that the OpenAPI document promises."""

import os
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID
from zlib import crc32

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core import NotSet
from schemathesis.engine import events, from_schema

from encord_lambda.dispatch.notification import SIGNATURE
from tests.task_path.conftest import Json, TaskPath
from tests.task_path.editor import app, payload, written

CAT = "pets/000 Cat.jpg"
EXAMPLES: Final = int(os.environ.get("EXAMPLES", "20"))
"""Fuzzed calls of each operation, besides some 200 that cover each rule of the document: of these there may be more."""
CALLS: Final = ("POST /", "POST /agents/{name}", "POST /agents/{name}/{token}")
OURS: Final = frozenset({"projectHash", "dataHash"})


@pytest.fixture
def count() -> int:
    return 1


@pytest.fixture
def schema(path: TaskPath) -> schemathesis.BaseSchema:
    """The app's own document. Most of its calls are for our agent, half of those for a data unit that there is."""
    found = schemathesis.openapi.from_asgi("/openapi.json", app(), config=bounded())
    right = payload(path, CAT)

    @found.hook("map_case")
    def mostly_for_us(_: object, case: schemathesis.Case[Any]) -> schemathesis.Case[Any]:
        body: Any = "" if isinstance(case.body, NotSet) else case.body
        dice = crc32(repr((case.path_parameters, body)).encode(errors="replace"))
        if "name" in case.path_parameters:
            case.path_parameters["name"] = "describe-scene" if dice % 8 else quote(repr(body)[:40], safe="")
        if dice % 4:
            case.headers.pop(SIGNATURE, None)
        if dice % 2 and is_call(body):
            case.body = body | fitting(body, right)
        return case

    return found


def bounded() -> SchemathesisConfig:
    """The same calls in each run."""
    config = SchemathesisConfig(seed=7)
    project = config.projects.default
    project.generation.update(deterministic=True, max_examples=EXAMPLES)
    project.continue_on_failure = True
    project.phases.stateful.enabled = False  # no call depends on another
    # One of its wrong calls has so many objects that it is too large to be read.
    rejection = project.checks.negative_data_rejection
    rejection.expected_statuses = [*rejection.expected_statuses, "413"]
    return config


def is_call(body: Any) -> bool:
    """Whether a body names a project and a data unit, rightly."""
    try:
        return isinstance(body, dict) and all(UUID(body[name]) for name in OURS)
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


def fitting(body: Json, right: Json) -> Json:
    """What makes the call one for our data unit; what is wrong with the others of its fields stays wrong."""
    frame, objects = body.get("frame"), body.get("objectHashes")
    changes = {name: right[name] for name in OURS}
    if isinstance(frame, int | float) and frame > 0:
        changes["frame"] = type(frame)(0)
    if isinstance(objects, list) and all(isinstance(one, str) and 0 < len(one) <= 100 for one in objects):
        changes["objectHashes"] = []
    return changes


def test_every_answer_is_one_that_the_document_promises(path: TaskPath, schema: schemathesis.BaseSchema) -> None:
    statuses: dict[str, set[int]] = defaultdict(set)
    wrong: list[str] = []
    for event in from_schema(schema).execute():
        assert not isinstance(event, events.FatalError | events.NonFatalError), event
        if isinstance(event, events.ScenarioFinished):
            answers = event.recorder.interactions.values()
            statuses[event.recorder.label] |= {int(one.response.status_code) for one in answers if one.response}
            wrong += failures(event)

    assert wrong == []
    assert statuses.keys() == {"GET /agents", *CALLS}
    assert set.intersection(*(statuses[call] for call in CALLS)) >= {200, 400, 401, 403, 405, 413, 415, 422}
    assert written(path, CAT)


def failures(event: events.ScenarioFinished) -> Iterator[str]:
    """Of each check that found something: which, what, and for what call."""
    for case, checks in event.recorder.checks.items():
        for check in checks:
            if check.failure_info:
                sent = event.recorder.cases[case].value
                yield f"{check.name}: {check.failure_info.failure}\n{sent.as_curl_command()[:1_000]}"
