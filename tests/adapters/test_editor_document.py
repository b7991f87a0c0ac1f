"""The OpenAPI document of the editor API tells the truth: whatever is sent, what comes back is in it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from encord_lambda.config import PipelineConfig
from encord_lambda.dispatch.known_secrets import KnownSecrets
from encord_lambda.editor_api import create_app
from encord_lambda.editor_api.desk import Desk
from encord_lambda.encord_platform.label_rows import Row
from encord_lambda.encord_platform.workflow import Projects
from encord_lambda.errors import Gone, Misconfigured, OverBudget, Reject, Retry
from tests.fakes.stages import tools

ORIGIN = "https://app.encord.com"
SERVED = UUID(int=1)
PIPELINE = PipelineConfig.parse(
    "pipeline.yaml",
    f"""
version: 1
editor_agents:
  describe: {{kind: describe, model: "openai:gpt-4o", classification: Scene, projects: [{SERVED}]}}
  closed: {{kind: validate, token_sha256: {"a" * 64}, projects: [{SERVED}]}}
""",
)
TROUBLE = [
    None,
    Reject("x" * 2_000),
    Reject("cannot read https://media.example.com/cat.jpg?signature=1: HTTP 404"),
    Misconfigured("the key is wrong"),
    Retry("busy", after=2.5),
    OverBudget("spent"),
    Gone("moved on"),
    ZeroDivisionError("at https://media.example.com/?signature=1"),
]
"""What opening a label row may end in; None is that there is none."""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
PATHS = ("/", "/agents/describe", "/agents/closed", "/agents/closed/token", "/agents/nobody")


class Rows:
    """Projects whose every label row ends in the trouble of the day."""

    def __init__(self) -> None:
        self.trouble: Exception | None = None

    def row(self, *_: UUID) -> Row | None:
        if self.trouble:
            raise self.trouble
        return None


ROWS = Rows()


def desk() -> Desk:
    return Desk(
        PIPELINE,
        cast("Projects", ROWS),
        tools(),
        lambda name: KnownSecrets(lambda: name),
        lambda: datetime.now(UTC),
        lambda: pytest.fail("nothing is slow here"),
    )


CLIENT = TestClient(create_app(desk, lambda: PIPELINE, lambda: {ORIGIN}, lambda _: None), headers={"Origin": ORIGIN})
DOCUMENT: dict[str, Any] = CLIENT.get("/openapi.json").json()


def documented(path: str) -> dict[str, Any]:
    """What the document says of calling a path."""
    known = {"/": "/", "token": "/agents/{name}/{token}"}
    found: dict[str, Any] = DOCUMENT["paths"][known.get(path.rpartition("/")[2] or "/", "/agents/{name}")]["post"]
    return found


def fitting(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """What a property's schema allows, so far as it goes."""
    if "anyOf" in schema:
        return st.one_of(list(map(fitting, schema["anyOf"])))
    match schema["type"]:
        case "string":
            return st.uuids().map(str) if schema.get("format") == "uuid" else st.text(min_size=1, max_size=100)
        case "integer":
            return st.integers(int(schema["minimum"]), int(schema["maximum"]))
        case "array":
            return st.lists(fitting(schema["items"]), max_size=3)
    return st.none()


CALL = documented("/")["requestBody"]["content"]["application/json"]["schema"]
FITTING = {name: fitting(part) for name, part in CALL["properties"].items()} | {
    "projectHash": st.just(str(SERVED)) | st.uuids().map(str)
}
CALLS = st.fixed_dictionaries({}, optional={name: part | JSON for name, part in FITTING.items()})
GOOD = st.fixed_dictionaries(
    {name: FITTING[name] for name in CALL["required"]},
    optional={name: part for name, part in FITTING.items() if name not in CALL["required"]},
)


@given(st.sampled_from(PATHS), GOOD | CALLS | JSON, st.sampled_from(TROUBLE))
def test_every_answer_to_a_call_is_in_the_document(path: str, call: object, trouble: Exception | None) -> None:
    ROWS.trouble = trouble
    answer = CLIENT.post(path, json=call)

    assert_documented(answer, documented(path))


@pytest.mark.parametrize("trouble", TROUBLE, ids=repr)
def test_every_trouble_is_in_the_document_and_tells_nothing_internal(trouble: Exception | None) -> None:
    ROWS.trouble = trouble
    answer = CLIENT.post("/", json={"projectHash": str(SERVED), "dataHash": str(SERVED)})

    assert_documented(answer, documented("/"))
    assert answer.status_code >= 400


@given(GOOD)
def test_what_the_document_allows_is_a_call(call: object) -> None:
    ROWS.trouble = None

    assert CLIENT.post("/", json=call).status_code in (403, 404)


@given(st.sampled_from(PATHS), st.binary(max_size=200), st.sampled_from(["application/json", "text/plain", ""]))
def test_bytes_that_are_no_call_are_refused(path: str, body: bytes, content_type: str) -> None:
    answer = CLIENT.post(path, content=body, headers={"Content-Type": content_type})

    assert_documented(answer, documented(path))
    assert 400 <= answer.status_code < 500


@given(
    st.sampled_from(PATHS),
    st.dictionaries(
        st.sampled_from(["X-Encord-Signature", "X-Encord-Timestamp"]),
        st.text(st.characters(max_codepoint=127, exclude_categories=["Cc"])),
        min_size=1,
    ),
    GOOD,
)
def test_a_call_with_any_made_up_signature_is_refused(path: str, headers: dict[str, str], call: object) -> None:
    ROWS.trouble = None
    answer = CLIENT.post(path, json=call, headers=headers)

    assert_documented(answer, documented(path))
    assert answer.status_code >= 400


def assert_documented(answer: Any, operation: dict[str, Any]) -> None:
    """Status, type and body are as the document says, the page may read it, and nothing internal is told."""
    assert str(answer.status_code) in operation["responses"]
    kind = answer.headers["content-type"].partition(";")[0]
    schema = operation["responses"][str(answer.status_code)]["content"][kind]["schema"]
    assert_conforms(answer.json() if kind == "application/json" else answer.text, schema)
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "signature=1" not in answer.text
    assert "the key is wrong" not in answer.text


def assert_conforms(body: Any, schema: dict[str, Any]) -> None:
    """A body has what its schema asks for, and nothing that the schema does not know."""
    if "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        schema = next(one for one in schema["anyOf"] if one["type"] != "null")
    assert isinstance(body, {"string": str, "array": list, "object": dict}[schema["type"]])
    assert len(body) <= schema.get("maxLength", len(body))
    if schema["type"] == "array":
        for one in body:
            assert_conforms(one, schema["items"])
    elif schema["type"] == "object":
        assert set(schema.get("required", [])) <= set(body) <= set(schema["properties"])
        for name, part in body.items():
            assert_conforms(part, schema["properties"][name])


def operations() -> Iterator[tuple[str, str]]:
    for path, methods in DOCUMENT["paths"].items():
        yield from ((method, path) for method in methods)


def test_the_document_has_every_route_and_tells_of_the_statuses() -> None:
    assert set(operations()) == {
        ("post", "/"),
        ("get", "/agents"),
        ("post", "/agents/{name}"),
        ("post", "/agents/{name}/{token}"),
    }
    statuses = {"200", "400", "401", "403", "404", "409", "413", "415", "422", "429", "500", "503"}
    assert set(documented("/")["responses"]) == statuses


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/docs/oauth2-redirect"])
def test_no_page_with_scripts_of_others_is_served(path: str) -> None:
    assert CLIENT.get(path).status_code == 404


def test_the_list_of_agents_is_as_documented_and_has_no_digests() -> None:
    answer = CLIENT.get("/agents")

    assert_documented(answer, DOCUMENT["paths"]["/agents"]["get"])
    assert "a" * 64 not in answer.text
