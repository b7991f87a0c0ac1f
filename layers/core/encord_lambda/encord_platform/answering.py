"""Answer trees to and from the SDK's instances, whose attributes and options are objects of its ontology."""

import math
from collections.abc import Callable, Sequence
from typing import Any, Never

from encord.objects import Option
from encord.objects import attributes as sdk

from encord_lambda.errors import Reject
from encord_lambda.labels.proposals import Answers, Choice, Value
from encord_lambda.labels.steps import chosen

type Attribute = sdk.Attribute[Any]
type SdkAnswer = str | float | Option | list[Option]
type Put = Callable[[SdkAnswer, Attribute], None]
"""Sets an attribute's answer; an option is set before what is nested in it."""
type Get = Callable[[Attribute], object]
"""An attribute's answer, as the SDK gives it; None if it has none."""


def put_all(answers: Answers, attributes: Sequence[Attribute], put: Put) -> None:
    """Set answers.

    Raises:
        Reject: An attribute or an option is not in the ontology, or an answer is not of the attribute's type.
    """
    for title, answer in answers:
        attribute = next((one for one in attributes if one.title == title and not one.archived), None)
        if attribute is None:
            raise Reject(f"the ontology of this label row has no attribute '{title}' there")
        put_one(answer, attribute, put)


def put_one(answer: Value, attribute: Attribute, put: Put) -> None:
    """Set one answer and what is nested in it.

    Raises:
        Reject: As `put_all`.
    """
    match attribute, answer:
        case sdk.RadioAttribute(), str() | Choice():
            title, inner = (answer.option, answer.answers) if isinstance(answer, Choice) else (answer, ())
            option = _option(attribute, title)
            put(option, attribute)
            put_all(inner, option.attributes, put)
        case sdk.ChecklistAttribute(), tuple():
            put([_option(attribute, title) for title in answer], attribute)
        case sdk.TextAttribute(), str():
            put(answer, attribute)
        case sdk.NumericAttribute(), float() | int() if math.isfinite(answer):
            put(float(answer), attribute)
        case _:
            _misfit(answer, attribute)


def get_all(attributes: Sequence[Attribute], get: Get) -> Answers:
    """What is answered, in the ontology's order."""
    found = ((one.title, get_one(one, get)) for one in attributes)
    return tuple((title, answer) for title, answer in found if answer is not None)


def get_one(attribute: Attribute, get: Get) -> Value | None:
    """An attribute's answer with what is nested in it; an empty text or checklist is none."""
    match get(attribute):
        case Option() as option:
            return chosen(option.title, get_all(option.attributes, get))
        case str() as text:
            return text or None
        case float() | int() as number:
            return float(number)
        case list() as options:
            return tuple(option.title for option in options) or None
    return None


def _option(attribute: Attribute, title: str) -> Option:
    options: Sequence[Option] = attribute.options
    for option in options:
        if option.title == title and not option.archived:
            return option
    raise Reject(f"'{attribute.title}' has no option '{title}' in the ontology of this label row")


def _misfit(answer: Value, attribute: Attribute) -> Never:
    kind = attribute.get_property_type().value
    raise Reject(f"'{attribute.title}' is of type {kind} and cannot be answered with {str(answer)[:80]!r}")
