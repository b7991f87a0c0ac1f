"""Calls of custom agents: by an annotator's browser, as the address's test, or from a workflow."""

import json
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID, uuid4

import httpx
from pydantic import Field, TypeAdapter

from ..platform.json_values import JsonObject
from ..spec import Spec
from .cors import ORIGIN, forbids, hides, preflight
from .courier import Courier, Undelivered
from .loopback import LoopbackUrl

LONGEST = 256  # characters of a message or a decision


class EditorCall(Spec):
    """What every call says."""

    url: LoopbackUrl
    project: UUID
    data_hash: UUID
    frame: int = Field(default=0, ge=0)

    def payload(self) -> JsonObject:
        """The call as it goes over the wire."""
        return {"projectHash": str(self.project), "dataHash": str(self.data_hash), "frame": self.frame}


class BrowserCall(EditorCall):
    """The Label Editor runs an agent on a frame and perhaps on the objects selected there.

    With `test` it only tries the address; the header that says so has an old and a new name.
    """

    trigger: Literal["browser"] = "browser"
    object_hashes: tuple[str, ...] = ()
    test: Literal["X-Encord-Editor-Agent", "X-Encord-Agent"] | None = None

    def payload(self) -> JsonObject:
        """`objectHashes` is only there if something is selected."""
        return super().payload() | ({"objectHashes": list(self.object_hashes)} if self.object_hashes else {})


class WorkflowCall(EditorCall):
    """An agent stage runs the agent on the task of a data unit, signed with `secret`; its decision is followed."""

    trigger: Literal["workflow"]
    secret: str = Field(min_length=1, repr=False)


CALL: TypeAdapter[BrowserCall | WorkflowCall] = TypeAdapter(
    Annotated[BrowserCall | WorkflowCall, Field(discriminator="trigger")]
)


@dataclass(frozen=True)
class EditorAnswer:
    """What came of a call. `trouble` says why it failed, empty if it did not.

    `status` is None if the caller never saw an answer. `message` is what an annotator reads, cut off as the Label
    Editor does. `pathway` is the one a workflow's task took.
    """

    status: int | None = None
    message: str | None = None
    decision: str | None = None
    pathway: str | None = None
    trouble: str = ""

    @classmethod
    def of(cls, answer: httpx.Response) -> "EditorAnswer":
        """Read an answer; a body that is no JSON object says nothing."""
        said = _object(answer.content)
        message, decision = _text(said.get("message")), _text(said.get("decision"))
        trouble = "" if answer.is_success else f"the agent answered with status {answer.status_code}"
        return cls(answer.status_code, message and message[:LONGEST], decision, trouble=trouble)


async def from_browser(courier: Courier, call: BrowserCall) -> EditorAnswer:
    """Ask first, as a browser must, then call; what a browser would block or hide is trouble that says so."""
    own = {"Content-Type": "application/json", "X-Cloud-Trace-Context": trace()}
    if call.test:
        own[call.test] = "test"
    try:
        asked = await courier.send("OPTIONS", call.url, preflight(own))
        if blocked := forbids(asked, own):
            return EditorAnswer(trouble=f"the browser did not send the call: {blocked}")
        answer = await courier.send("POST", call.url, {"Origin": ORIGIN, **own}, _encoded(call))
    except Undelivered as trouble:
        return EditorAnswer(trouble=str(trouble))
    if hidden := hides(answer):
        return EditorAnswer(trouble=f"the call was sent, but the browser hides the answer: {hidden}")
    return EditorAnswer.of(answer)


def trace() -> str:
    """A fresh `X-Cloud-Trace-Context`."""
    return f"{uuid4().hex}/1;o=1"


def _encoded(call: EditorCall) -> bytes:
    return json.dumps(call.payload()).encode()


def _object(body: bytes) -> JsonObject:
    try:
        content = json.loads(body)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
