"""Notifications as Encord signs them, by the signing code of the twin, and as API Gateway hands them over."""

import base64
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sandbox.encord_twin.outbound.signing import signature

type Json = dict[str, Any]

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECRET = "whsec_1"
PROJECT = UUID("9807ec70-0000-4000-8000-000000000001")
STAGE = UUID(int=7)
ELSEWHERE = UUID(int=8)


def envelope(project: UUID = PROJECT, stage: UUID = STAGE, **changes: object) -> Json:
    payload = {"project_hash": str(project), "stage_uuid": str(stage), "pending_count": 6, "reason": "max_wait_elapsed"}
    return {
        "uid": str(UUID(int=1)),
        "version": 1,
        "source": "encord",
        "event_type": "agent_stage_work_available_event",
        "event_created_timestamp": "2026-11-21T12:00:00+00:00",
        "payload": payload,
    } | changes


def written(said: object) -> bytes:
    return json.dumps(said).encode()


def signed(body: bytes, at: datetime = NOW, secret: str = SECRET) -> Json:
    """The event of a request that Encord signed."""
    return request(body, signature(secret, body, at))


def request(body: bytes, headers: dict[str, str], *, encoded: bool = True) -> Json:
    """API Gateway's event: names of headers in small letters; base64 unless the body is text."""
    text = base64.b64encode(body).decode() if encoded else body.decode()
    small = {name.lower(): value for name, value in headers.items()}
    return {"version": "2.0", "headers": small, "body": text, "isBase64Encoded": encoded}
