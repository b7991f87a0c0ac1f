"""Calls that cannot be carried out: the right status, and a message that an annotator understands."""

from dataclasses import dataclass, field
from uuid import UUID

import pytest

from encord_lambda.dispatch.call_message import LAST_FRAME, MOST_OBJECTS
from encord_lambda.editor_api.calls import LARGEST
from encord_lambda.outcomes import Answered
from sandbox.scenario.world import PIPELINE
from tests.task_path.conftest import Json, TaskPath
from tests.task_path.editor import ORIGIN, payload, send, written

CAT = "pets/000 Cat.jpg"
NOBODY, HIDDEN = str(UUID(int=9)), str(UUID(int=77))
UNREADABLE = "the call is no JSON that can be read"
ASKED = {"a project the key cannot see", "an unknown data unit", "a frame beyond the end", "an object not in the row"}
"""Those of the calls below of which nobody but Encord can tell that they are bad."""


@dataclass(frozen=True)
class Bad:
    """A call that has something wrong, and how it is answered."""

    status: int
    says: str
    changes: Json = field(default_factory=dict)
    """To the fields of a call that is right."""
    body: bytes | None = None
    """Instead of such a call."""
    without: str = ""
    address: str = "/agents/describe-scene"
    content_type: str = "application/json"


def deep(opening: bytes, closing: bytes, times: int = 1_000) -> bytes:
    return opening * times + closing * times


def mistyped(name: str, *values: object) -> dict[str, Bad]:
    """A call with each of these instead of what the field has to be."""
    return {f"{name} {value!r}": Bad(422, f"{name}: ", {name: value}) for value in values}


ODD_OBJECTS: tuple[object, ...] = (1, "", None, ["a"], "x" * 101)
BODIES = {
    "no body": Bad(400, UNREADABLE, body=b""),
    "half a body": Bad(400, UNREADABLE, body=b'{"projectHash": "'),
    "two bodies": Bad(400, UNREADABLE, body=b"{}{}"),
    "a form": Bad(400, UNREADABLE, body=b"projectHash=1&dataHash=2"),
    "no UTF-8": Bad(400, UNREADABLE, body=b"\xff\xfe{\x00}\x00"),
    "half a character": Bad(400, UNREADABLE, body=rb'{"objectHashes": ["\ud800"]}'),
    "nested 1,000 deep": Bad(400, UNREADABLE, body=deep(b"[", b"]")),
    "objects nested 1,000 deep": Bad(400, UNREADABLE, body=deep(b'{"a":', b"}").replace(b":}", b":1}")),
    "a field nested 1,000 deep": Bad(400, UNREADABLE, body=b'{"frame": ' + deep(b"[", b"]") + b"}"),
    "an unknown field nested 1,000 deep": Bad(400, UNREADABLE, body=b'{"new": ' + deep(b"[", b"]") + b"}"),
    "only openings": Bad(400, UNREADABLE, body=b"[" * 100_000),
    "a huge body": Bad(413, "the call is too large: it may have 128 KiB", body=b"x" * (LARGEST + 1)),
    "a huge field": Bad(413, "the call is too large", {"projectHash": "9" * LARGEST}),
    "null": Bad(422, "the call is no JSON object", body=b"null"),
    "a list": Bad(422, "the call is no JSON object", body=b"[]"),
    "a string": Bad(422, "the call is no JSON object", body=b'"call"'),
    "no fields": Bad(422, "projectHash: Field required", body=b"{}"),
    "text": Bad(415, "send the call as application/json", content_type="text/plain"),
    "nearly JSON": Bad(415, "send the call as application/json", content_type="application/jsonp"),
    "a form's content type": Bad(415, "send the call as", content_type="multipart/form-data; boundary=x"),
    "a huge content type": Bad(415, "send the call as application/json", content_type="x" * 5_000),
}
FIELDS = {
    "no project": Bad(422, "projectHash: Field required", without="projectHash"),
    "no data unit": Bad(422, "dataHash: Field required", without="dataHash"),
    **mistyped("projectHash", None, 7, "Pets", [], {}),
    **mistyped("dataHash", None, True, "", ["a"], {"a": 1}),
    **mistyped("frame", -1, 0.5, "0", True, [0], {}, 1e300),
    **mistyped("objectHashes", "abc", 1, True, {"a": "b"}),
    "a long project": Bad(422, "projectHash: ", {"projectHash": "9" * 100_000}),
    "a long data unit": Bad(422, "dataHash: ", {"dataHash": "é" * 10_000}),
    "a frame out of all reach": Bad(422, "frame: ", {"frame": LAST_FRAME + 1}),
    "a huge frame": Bad(422, "frame: ", {"frame": 10**4_000}),
    **{f"an object {one!r}": Bad(422, "objectHashes.0: ", {"objectHashes": [one]}) for one in ODD_OBJECTS},
    "the second of two objects": Bad(422, "objectHashes.1: ", {"objectHashes": ["a", 2]}),
    "very many objects": Bad(422, "objectHashes: ", {"objectHashes": ["a"] * (MOST_OBJECTS + 1)}),
}
UNKNOWN = {
    "an unknown agent": Bad(404, "there is no editor agent 'sing'; there are: describe-scene", address="/agents/sing"),
    "a long name": Bad(404, "there is no editor agent 'sss", address="/agents/" + "s" * 1_000),
    "a name with a null byte": Bad(404, "there is no editor agent '\x00", address="/agents/%00"),
    "a name in no UTF-8": Bad(404, "there is no editor agent '", address="/agents/%ff"),
    "an address that goes on": Bad(404, "an agent's is /agents/ and its name", address="/agents/describe-scene/a/b"),
    "an unknown project": Bad(403, "pipeline.yaml does not name this project", {"projectHash": NOBODY}),
    "a project the key cannot see": Bad(
        403, "Encord does not let this agent open the project", {"projectHash": HIDDEN}
    ),
    "an unknown data unit": Bad(404, "no such data unit, or the agent may not see it", {"dataHash": NOBODY}),
    "a frame beyond the end": Bad(422, "'pets/000 Cat.jpg' has 1 frames; there is no frame 1", {"frame": 1}),
    "an object not in the row": Bad(422, "save your work and try again", {"objectHashes": ["nowhere1"]}),
}


@pytest.fixture
def count() -> int:
    return 1


@pytest.mark.parametrize("kind", [BODIES, FIELDS, UNKNOWN], ids=["bodies", "fields", "unknown"])
def test_bad_input_is_refused_with_its_status_and_a_message_and_changes_nothing(
    path: TaskPath, kind: dict[str, Bad]
) -> None:
    path.pipeline(PIPELINE.read_text() + f"\n    projects: [{HIDDEN}]\n")

    assert {case: answered(path, bad) for case, bad in kind.items()} == {
        case: (bad.status, bad.says, "asked" if case in ASKED else "not asked") for case, bad in kind.items()
    }
    assert written(path, CAT) == []


def answered(path: TaskPath, bad: Bad) -> tuple[int, str, str]:
    """Status, message as far as it is expected, and whether Encord was asked; the page may read it, it is recorded."""
    fields = {key: value for key, value in (payload(path, CAT) | bad.changes).items() if key != bad.without}
    path.twin.log.reset()
    answer = send(bad.address, fields if bad.body is None else bad.body, headers={"content-type": bad.content_type})
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert 0 < len(answer.message) <= 256
    [record] = answer.records
    assert isinstance(record, Answered)
    assert record.status == answer.status
    said = bad.says if bad.says in answer.message else answer.message
    return answer.status, said, "asked" if path.twin.log.count() else "not asked"
