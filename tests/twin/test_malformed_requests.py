"""Requests no SDK would send: refused in the platform's status and shape, whatever they ask for."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from encord.configs import SshConfig

from sandbox.encord_twin import Twin
from sandbox.encord_twin.protocol import legacy, rest

NONSENSE: tuple[object, ...] = (
    None,
    5,
    "x",
    [],
    {},
    [None],
    [{}],
    {"taskUuids": "x", "itemUuids": 5, "childUuids": [5]},
)


class Wire:
    """Signs whatever it is given."""

    def __init__(self, twin: Twin) -> None:
        self._config = SshConfig.from_ssh_private_key(twin.key, None)
        self._session, self._url = requests.Session(), twin.url
        self._session.trust_env = False

    def rest(self, method: str, path: str, body: object = None, **query: str) -> requests.Response:
        content = None if method == "GET" else json.dumps(body)
        plain = requests.Request(method, f"{self._url}/v2/public{path}", params=query, data=content).prepare()
        return self._session.send(self._config.define_headers_v2(plain))

    def legacy(self, kind: str, resource: object, query: tuple[str, str], uid: object, payload: object) -> Any:
        values = {"uid": uid, "payload": payload}
        body = json.dumps({"query_type": query[0], "query_method": query[1], "values": values})
        headers = self._config.define_headers(resource_id=str(resource), resource_type=kind, data=body)
        answer = self._session.post(f"{self._url}/public", data=body, headers=headers)
        assert answer.status_code == 200
        return answer.json()


@pytest.fixture
def wire(twin: Twin) -> Wire:
    return Wire(twin)


def paths(twin: Twin) -> Iterator[tuple[str, str]]:
    """Every call of the v2 protocol, about what is there."""
    folder = twin.store.folders[twin.ids.folders["seed"]]
    project = twin.store.projects[twin.ids.projects["Pets"]]
    known = {
        "project": project.uuid,
        "stage": project.first,
        "task": next(project.waiting[project.first].values()).uuid,
        "folder": folder.uuid,
        "item": next(iter(folder.items)),
    }
    for method, template, _ in rest.HANDLERS:
        yield method, re.sub(r"\{(\w+)\}", lambda name: str(known.get(name[1], project.uuid)), template)


def test_every_call_with_a_nonsense_body_is_refused_with_a_message(twin: Twin, wire: Wire) -> None:
    for method, path in paths(twin):
        for body in NONSENSE if method in ("POST", "PUT", "PATCH") else ():
            answer = wire.rest(method, path, body)

            where = f"{method} {path} {body} -> {answer.status_code} {answer.text}"
            # Lists may be empty, and changes may change nothing; the rest must be refused.
            assert answer.status_code in (200, 400, 404), where
            assert answer.status_code == 200 or answer.json()["message"], where


def test_ids_that_are_none_are_refused(wire: Wire) -> None:
    for method, template, _ in rest.HANDLERS:
        if "{" in template:
            answer = wire.rest(method, re.sub(r"\{\w+\}", "nobody", template), {})

            assert (answer.status_code, "message" in answer.json()) == (400, True), template


@pytest.mark.parametrize("token", ["9" * 5000, "-1", "²", "soon"])
def test_a_page_token_of_somebody_elses_is_refused(wire: Wire, token: str) -> None:
    answer = wire.rest("GET", "/storage/folders", pageToken=token)

    assert (answer.status_code, answer.json()) == (400, {"message": "pageToken is not one of ours"})


@pytest.mark.parametrize("size", ["0", "1001", "many"])
def test_a_page_size_the_platform_does_not_have_is_refused(wire: Wire, size: str) -> None:
    assert wire.rest("GET", "/storage/folders", pageSize=size).status_code == 400


def test_every_legacy_call_with_nonsense_is_refused_with_one_code(twin: Twin, wire: Wire) -> None:
    resources = {"project": twin.ids.projects["Pets"], "dataset": twin.ids.datasets["pets"]}
    for kind, *query in legacy.HANDLERS:
        for nonsense in ("x", [5], {"uid": 5}):
            payload = {"labels": nonsense, "item_uuids": nonsense, "data_hashes": nonsense, "filter": nonsense}
            answer = wire.legacy(kind, resources[kind], (query[0], query[1]), nonsense, payload)

            # Only what ignores all of it may succeed; a refusal has one code.
            assert answer["status"] == 200 or (answer["status"], len(answer["response"])) == (400, 1), (query, answer)


def test_an_unknown_legacy_call_is_listed_as_unimplemented(twin: Twin, wire: Wire) -> None:
    answer = wire.legacy("project", twin.ids.projects["Pets"], ("labellog", "GET"), None, {})

    assert (answer["status"], answer["response"]) == (404, ["METHOD_NOT_ALLOWED_ERROR"])
    assert list(twin.log.unimplemented) == ["POST legacy labellog GET"]


def test_a_method_nobody_implemented_is_listed_as_unimplemented(twin: Twin, wire: Wire) -> None:
    answer = wire.rest("DELETE", f"/projects/{twin.ids.projects['Pets']}")

    assert (answer.status_code, list(twin.log.unimplemented)) == (404, ["DELETE /v2/public/projects/{}"])
