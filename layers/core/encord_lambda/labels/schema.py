"""The JSON schema of an answer: what the ontology allows, in OpenAI's strict subset, and nothing else.

Every object lists all its properties as required and takes no others; what may be left open is `anyOf` with null. A
radio is answered with an option's title, or, where the option has nested attributes, with an object whose one key is
the title: so no two branches of an `anyOf` begin with the same key, which Azure's endpoint refuses. A checklist is an
array that may be empty. Lengths and ranges are said in words and checked afterwards: not every model takes them.
"""

from collections.abc import Mapping

from encord_lambda.labels.ontology import Attribute, Option

NULL = {"type": "null"}
TEXT = {"type": "string"}
NUMBER = {"type": "number"}
CONFIDENCE = {"type": "number", "description": "probability from 0 to 1 that the answer is right"}


def rated(question: Attribute) -> dict[str, object]:
    """A question's answer, or null, with the confidence in it."""
    return closed({"answer": _open(question, required=False), "confidence": CONFIDENCE})


def plain(question: Attribute) -> dict[str, object]:
    """A question's answer; null only where the ontology does not require one."""
    return _open(question, required=question.required)


def closed(properties: Mapping[str, object]) -> dict[str, object]:
    """An object with these properties, all of them and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _open(question: Attribute, *, required: bool) -> dict[str, object]:
    if question.kind == "checklist":
        return {"type": "array", "items": _enum(question.titles)}
    branches = [*_branches(question), *([] if required else [NULL])]
    return dict(branches[0]) if len(branches) == 1 else {"anyOf": branches}


def _branches(question: Attribute) -> list[Mapping[str, object]]:
    if question.kind != "radio":
        return [NUMBER if question.kind == "numeric" else TEXT]
    flat = tuple(option.title for option in question.options if not option.asked)
    nested: list[Mapping[str, object]] = [_nested(option) for option in question.options if option.asked]
    return [_enum(flat), *nested] if flat else nested


def _nested(option: Option) -> dict[str, object]:
    return closed({option.title: closed({one.title: plain(one) for one in option.asked})})


def _enum(titles: tuple[str, ...]) -> dict[str, object]:
    return {"type": "string", "enum": list(titles)}
