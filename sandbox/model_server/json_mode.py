"""JSON mode (`response_format: {"type": "json_object"}`): the answer is JSON, its shape is only said in words."""

import re

from sandbox.model_server.refusals import RequestError
from sandbox.model_server.strictness import Schema

_SHAPE = re.compile(r"\{(?P<members>[^{}]*)\}")
_MEMBER = re.compile(r'"(?P<key>[^"]+)"\s*:\s*(?P<options>[^,{}]+)')


def schema_of(prompt: str) -> Schema:
    """Read the first `{ "key": one|two }` of a prompt as a schema; without one, the answer is a description.

    OpenAI refuses the mode unless the word "json" is somewhere in the messages.

    >>> schema_of('Reply in JSON: { "animal": Cat|Dog }')["properties"]
    {'animal': {'type': 'string', 'enum': ['Cat', 'Dog']}}
    """
    if "json" not in prompt.lower():
        rule = "to use 'response_format' of type 'json_object'"
        raise RequestError(400, f"'messages' must contain the word 'json' in some form, {rule}.", param="messages")
    shape = _SHAPE.search(prompt)
    members = _MEMBER.findall(shape["members"]) if shape else []
    properties = {key: _part(options) for key, options in members}
    return {"type": "object", "properties": properties or {"description": {"type": "string"}}}


def _part(options: str) -> Schema:
    named = [option.strip().strip("\"'") for option in options.split("|")]
    return {"type": "string", "enum": named} if len(named) > 1 else {"type": "string"}
