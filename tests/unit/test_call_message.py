"""Calls on their queue: they come back as they were, and what does not parse says which key is at fault."""

import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.dispatch.call_message import LAST_FRAME, MOST_OBJECTS, CallMessage, EditorCall
from encord_lambda.dispatch.messages import parse
from encord_lambda.errors import Reject

CALL = {"projectHash": str(UUID(int=1)), "dataHash": str(UUID(int=2)), "frame": 3, "objectHashes": ["a", "b"]}
BODY = {"version": 1, "agent": "describe-scene", "call": CALL}


@given(
    st.from_regex(r"[a-z0-9][a-z0-9-]{0,60}", fullmatch=True),
    st.builds(
        EditorCall,
        projectHash=st.uuids(),
        dataHash=st.uuids(),
        frame=st.none() | st.integers(0, LAST_FRAME),
        objectHashes=st.none() | st.lists(st.text(min_size=1, max_size=100), max_size=5),
    ),
)
def test_a_call_comes_back_as_it_was_queued(agent: str, call: EditorCall) -> None:
    message = CallMessage(version=1, agent=agent, call=call)

    assert parse(CallMessage, message.model_dump_json(ensure_ascii=True)) == message


def test_the_contracts_example_is_read() -> None:
    message = parse(CallMessage, json.dumps(BODY))

    assert (message.call.project, message.call.selected) == (UUID(int=1), ("a", "b"))
    assert message.subject == f"call of describe-scene on frame 3 of {UUID(int=2)}"


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (BODY | {"version": 2}, "version: Input should be 1"),
        (BODY | {"version": "1"}, "version: Input should be 1"),
        (BODY | {"token": "f3"}, "token: Extra inputs are not permitted"),
        (BODY | {"agent": ""}, "agent: Value error, must be a name of small letters, digits and hyphens"),
        (BODY | {"agent": None}, "agent: Input should be a valid string"),
        (BODY | {"call": CALL | {"dataHash": "7"}}, "call.dataHash: Input should be a valid UUID"),
        (BODY | {"call": CALL | {"frame": "3"}}, "call.frame: Input should be a valid integer"),
        (BODY | {"call": CALL | {"frame": LAST_FRAME + 1}}, "call.frame: Input should be less than or equal to"),
        (BODY | {"call": CALL | {"objectHashes": ["a"] * (MOST_OBJECTS + 1)}}, "call.objectHashes: List should have"),
        ({"version": 1, "agent": "one"}, "call: Field required"),
        ([], "Input should be an object"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_a_malformed_body_names_its_fault(body: object, fault: str) -> None:
    with pytest.raises(Reject) as trouble:
        parse(CallMessage, json.dumps(body))

    assert trouble.value.reason.startswith(f"malformed CallMessage: {fault}")
