"""From a model's JSON back to answers. All is checked again: no provider is trusted to have kept to the schema."""

import json
import math
from collections.abc import Iterable
from typing import Never

from encord_lambda.errors import Reject
from encord_lambda.labels.ontology import Attribute
from encord_lambda.labels.proposals import Value
from encord_lambda.labels.steps import Said, Sayings, Step, chosen

QUOTED = 80
"""How many characters of a model's words an error repeats."""


def read(step: Step, text: str) -> Sayings:
    """What a model answered to a step's questions.

    Raises:
        Reject: It is not the JSON that the step's schema allows, or a confidence, a number, a required text or
            checklist, or a character cannot be; says where.
    """
    data = _parsed(text)
    if step.rated and len(step.questions) == 1:
        [question] = step.questions
        return {question.title: _said(question, data, "")}
    given = _fields(data, [one.title for one in step.questions], "")
    if step.rated:
        return {one.title: _said(one, given[one.title], one.title) for one in step.questions}
    return {one.title: Said(_required(one, given[one.title], one.title)) for one in step.questions}


def _parsed(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        _malformed("", f"{error}: {text[:QUOTED]!r}")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_number(constant: str) -> Never:
    raise ValueError(f"{constant} is no number of JSON")


def _said(question: Attribute, data: object, place: str) -> Said:
    given = _fields(data, ["answer", "confidence"], place)
    confidence = _number(given["confidence"], f"{place}.confidence".lstrip("."))
    if not 0 <= confidence <= 1:
        _malformed(f"{place}.confidence".lstrip("."), f"{confidence} is not within 0 and 1")
    return Said(_value(question, given["answer"], question.title), confidence)


def _required(question: Attribute, data: object, place: str) -> Value | None:
    answer = _value(question, data, place)
    if answer is None and question.required:
        _malformed(place, "the ontology requires an answer")
    return answer


def _value(question: Attribute, data: object, place: str) -> Value | None:
    """An answer in its shortest form; null, an empty text and an empty checklist are none."""
    if question.kind == "checklist":
        return _ticked(question, data, place)
    if data is None:
        return None
    match question.kind:
        case "radio":
            return _chosen(question, data, place)
        case "numeric":
            return _number(data, place)
        case _:
            return _text(data, place)


def _chosen(question: Attribute, data: object, place: str) -> Value:
    title, inner = next(iter(data.items())) if isinstance(data, dict) and len(data) == 1 else (data, None)
    if not isinstance(title, str):
        _malformed(place, f"expected an option's title, not {_shown(data)}")
    option = next((one for one in question.options if one.title == title), None)
    if option is None:
        _no_option(title, place)
    if bool(option.asked) is not isinstance(data, dict):
        _malformed(place, f"{option.title!r} comes {'with' if option.asked else 'without'} nested answers")
    if not option.asked:
        return option.title
    here = f"{place}.{option.title}"
    given = _fields(inner, [one.title for one in option.asked], here)
    answers = ((one.title, _required(one, given[one.title], f"{here}.{one.title}")) for one in option.asked)
    return chosen(option.title, tuple((attribute, answer) for attribute, answer in answers if answer is not None))


def _ticked(question: Attribute, data: object, place: str) -> Value | None:
    if not isinstance(data, list):
        _malformed(place, f"expected a list of options, not {_shown(data)}")
    for title in data:
        if not isinstance(title, str):
            _malformed(place, f"expected options' titles, not {_shown(title)}")
        if title not in question.titles:
            _no_option(title, place)
        if data.count(title) > 1:
            _malformed(place, f"{title!r} is ticked twice")
    return tuple(title for title in question.titles if title in data) or None


def _text(data: object, place: str) -> str | None:
    if not isinstance(data, str):
        _malformed(place, f"expected a text, not {_shown(data)}")
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in data):
        _malformed(place, "has a character that cannot be stored")
    return data if data.strip() else None


def _number(data: object, place: str) -> float:
    if isinstance(data, bool) or not isinstance(data, int | float):
        _malformed(place, f"expected a number, not {_shown(data)}")
    try:
        number = float(data)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        _malformed(place, "the number is too large")
    return number


def _fields(data: object, names: Iterable[str], place: str) -> dict[str, object]:
    expected = list(names)
    if not isinstance(data, dict):
        _malformed(place, f"expected an object, not {_shown(data)}")
    if missing := [name for name in expected if name not in data]:
        _malformed(place, f"{missing[0]!r} is missing")
    if extra := [name for name in data if name not in expected]:
        _malformed(place, f"{extra[0][:QUOTED]!r} was not asked for")
    return data


def _no_option(answer: str, place: str) -> Never:
    raise Reject(f"the model answered {_shown(answer)}, which is no option of '{place}'")


def _malformed(place: str, what: str) -> Never:
    raise Reject(f"the model's answer is malformed: {place + ': ' if place else ''}{what}".replace("\n", " "))


def _shown(data: object) -> str:
    if isinstance(data, list | dict):
        return "a list" if isinstance(data, list) else "an object"
    return repr(data)[: QUOTED + 2]
