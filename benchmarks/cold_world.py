"""Whom the functions of `benchmarks.cold` meet, and what they are asked. All servers answer at once."""

import json
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import slow_model
from benchmarks.encord_side import EncordSide, encord_side
from benchmarks.late_server import serve_beside
from benchmarks.servers import announced
from sandbox import template
from sandbox.encord_twin.outbound.signing import signature
from sandbox.scenario.world import PIPELINE, PROJECT

EVENTS = template.ROOT / "events"
DESCRIPTION = "A small animal stands on a meadow below a blue sky with two clouds in it."
SECRETS = {"EncordWebhookSecretArn": "whsec_bench", "OpenAiKeySecretArn": "sk-bench"}
BUS = "default"

type Event = dict[str, Any]


@dataclass(frozen=True)
class FarSide:
    """The twin of Encord with its bucket, a stand-in for OpenAI, and one for AWS."""

    encord: EncordSide
    model: str
    aws: str

    def environment(self, function: template.Function) -> dict[str, str]:
        """What a function of ours is given: the template's defaults, and these addresses."""
        return template.environment(template.load(), function) | {
            "AWS_ENDPOINT_URL": self.aws,
            "ENCORD_DOMAIN": self.encord.at.twin,
            "OPENAI_BASE_URL": self.model,
            "ALLOW_PRIVATE_MEDIA": "true",
            "NO_PROXY": "127.0.0.1",
            **({"WEBHOOK_SECRET": "EncordWebhookSecretArn"} if "WEBHOOK_SECRET" in function.environment else {}),
        }

    def wrapper_environment(self) -> dict[str, str]:
        """What encord-agents and OpenAI's SDK read: the keys themselves."""
        return {
            "ENCORD_DOMAIN": self.encord.at.twin,
            "ENCORD_SSH_KEY": self.encord.at.key,
            "OPENAI_BASE_URL": self.model,
            "OPENAI_API_KEY": SECRETS["OpenAiKeySecretArn"],
            "NO_PROXY": "127.0.0.1",
        }

    def told(self) -> int:
        """How many `TaskReady` events were put."""
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{self.aws}/{BUS}") as answer:
            return len(json.load(answer))


@contextmanager
def far_side(units: int) -> Iterator[FarSide]:
    """All of them, with so many pictures in a project, until the block ends."""
    with encord_side(units, 0.0) as encord, tempfile.TemporaryDirectory() as folder:
        _furnish(Path(folder), SECRETS | {"EncordKeySecretArn": encord.at.key})
        with announced("benchmarks.lean_aws", folder) as port:
            model = serve_beside(_describe, 0.0)
            yield FarSide(encord, f"http://127.0.0.1:{model}/v1", f"http://127.0.0.1:{port}")


def ping() -> Event:
    """The Label Editor's connectivity test."""
    return _event("editor_agent_test_ping")


def call(unit: str) -> Event:
    """An annotator's call of the describing agent on a data unit."""
    body = {"projectHash": str(PROJECT), "dataHash": unit, "frame": 0}
    return _event("editor_agent") | {"body": json.dumps(body)}


def notification() -> Event:
    """Encord's word that tasks wait, signed now."""
    event = _event("task_ready")
    signed = signature(SECRETS["EncordWebhookSecretArn"], event["body"].encode(), datetime.now(UTC))
    headers = event["headers"] | {name.lower(): value for name, value in signed.items()}
    return event | {"headers": headers}


def _event(name: str) -> Event:
    event: Event = json.loads((EVENTS / f"{name}.json").read_text())
    return event


def _describe(_: str, body: bytes) -> tuple[str, bytes]:
    """In the shape that is asked for: the seed's in JSON mode, ours with a schema."""
    ours = {"answer": DESCRIPTION, "confidence": 0.97}
    return slow_model.saying(ours if b"json_schema" in body else {"description": DESCRIPTION})


def _furnish(folder: Path, secrets: Mapping[str, str]) -> None:
    (folder / PIPELINE.name).write_bytes(PIPELINE.read_bytes())
    for name, value in secrets.items():
        (folder / name).write_text(value)
