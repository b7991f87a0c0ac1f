"""Calls of the Label Editor as API Gateway hands them over, and what stands in the rows before and after."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from encord.objects import LabelRowV2
from starlette.testclient import TestClient

from encord_lambda import wiring_editor
from encord_lambda.editor_api import create_app
from encord_lambda.editor_api.recording import Record, Recorded
from encord_lambda.encord_platform.client import connect
from encord_lambda.outcomes import Outcome
from functions.editor_agent import handler
from sandbox.scenario.world import PROJECT
from tests.task_path.conftest import CONTEXT, Json, TaskPath, event

ORIGIN: Final = "https://app.encord.com"
SECRET: Final = "whsec-0123456789"


@dataclass(frozen=True, slots=True)
class Answered:
    """What API Gateway sends on."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)
    records: Sequence[Outcome] = ()
    """What was recorded of the call."""

    @property
    def said(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def message(self) -> str:
        """What the annotator reads; nothing else is said."""
        assert list(self.said) == ["message"]
        return str(self.said["message"])


def payload(path: TaskPath, title: str, frame: int = 0, *selected: str) -> Json:
    """What a click on a frame sends."""
    rows = path.twin.store.projects[PROJECT].tasks.values()
    data = next(str(task.row.data_hash) for task in rows if task.row.item.name == title)
    return {"projectHash": str(PROJECT), "dataHash": data, "frame": frame} | (
        {"objectHashes": list(selected)} if selected else {}
    )


def send(
    address: str = "/agents/describe-scene",
    body: bytes | Json = b"",
    method: str = "POST",
    headers: Mapping[str, str] = {},
) -> Answered:
    """One request of a page at Encord's to the app itself. A header that is empty is not sent."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"content-type": "application/json", "origin": ORIGIN, **headers}
    records: list[Outcome] = []
    client = TestClient(app(records.extend), raise_server_exceptions=False)
    given = {name: value for name, value in sent.items() if value}
    answer = client.request(method, address, content=raw, headers=given)
    return Answered(answer.status_code, answer.text, answer.headers, records)


def app(record: Record = lambda _: None) -> Recorded:
    """The app itself, as the function has it."""
    return create_app(
        wiring_editor.editor_agent,
        wiring_editor.editor_pipeline,
        wiring_editor.editor_origins,
        record,
        wiring_editor.editor_distribution,
    )


def send_through_gateway(address: str, raw: bytes, *, encoded: bool = True) -> Answered:
    """The same through API Gateway's event and the function's handler; `encoded` is API Gateway's base64."""
    sent = event("editor_agent")
    sent["rawPath"] = sent["requestContext"]["http"]["path"] = address
    sent["body"] = base64.b64encode(raw).decode() if encoded else raw.decode()
    sent["isBase64Encoded"] = encoded
    answer = handler.lambda_handler(sent, CONTEXT)
    assert isinstance(answer, dict)
    return Answered(answer["statusCode"], str(answer.get("body") or ""), answer.get("headers") or {})


def click(path: TaskPath, agent: str, title: str, frame: int = 0, *selected: str) -> Answered:
    """An annotator calls an agent on a frame."""
    return send(f"/agents/{agent}", payload(path, title, frame, *selected))


def signed(body: bytes, secret: str = SECRET, *, ago: int = 0) -> dict[str, str]:
    """Encord's headers for a body, signed so many seconds ago; no page sends them, so without an origin."""
    timestamp = str(int(time.time()) - ago)
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {"x-encord-timestamp": timestamp, "x-encord-signature": digest, "origin": ""}


def opened(path: TaskPath, title: str) -> LabelRowV2:
    """A label row, as a person opens it."""
    project = connect(path.twin.url, path.twin.key, "annotator").get_project(PROJECT)
    [row] = project.list_label_rows_v2(data_title_eq=title)
    row.initialise_labels()
    return row


def written(path: TaskPath, title: str) -> list[Json]:
    """The classifications that stand in a row; none in one that nobody opened."""
    found: list[Json] = path.answers().get(title, {}).get("classifications", [])
    return found
