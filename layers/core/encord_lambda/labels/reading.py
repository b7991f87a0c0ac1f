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
    return checked(step, parsed(text))


def checked(step: Step, data: object) -> Sayings:
    """The same of what `parsed` returned, or of a part of it.

    Raises:
        Reject: As `read`.
    """
    if step.rated and len(step.questions) == 1:
        [question] = step.questions
        return {question.title: _said(question, data, "")}
    given = fields(data, [one.title for one in step.questions], "")
    if step.rated:
        return {one.title: _said(one, given[one.title], one.title) for one in step.questions}
    return {one.title: Said(_required(one, given[one.title], one.title)) for one in step.questions}


def parsed(text: str) -> object:
    """What a model wrote as JSON.

    Raises:
        Reject: It is none, or a key stands twice.
    """
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        malformed("", f"{error}: {text[:QUOTED]!r}")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_number(constant: str) -> Never:
    raise ValueError(f"{constant} is no number of JSON")


def _said(question: Attribute, data: object, place: str) -> Said:
    given = fields(data, ["answer", "confidence"], place)
    confidence = number(given["confidence"], f"{place}.confidence".lstrip("."))
    if not 0 <= confidence <= 1:
        malformed(f"{place}.confidence".lstrip("."), f"{confidence} is not within 0 and 1")
    return Said(_value(question, given["answer"], question.title), confidence)


def _required(question: Attribute, data: object, place: str) -> Value | None:
    answer = _value(question, data, place)
    if answer is None and question.required:
        malformed(place, "the ontology requires an answer")
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
            return number(data, place)
        case _:
            return _text(data, place)


def _chosen(question: Attribute, data: object, place: str) -> Value:
    title, inner = next(iter(data.items())) if isinstance(data, dict) and len(data) == 1 else (data, None)
    if not isinstance(title, str):
        malformed(place, f"expected an option's title, not {_shown(data)}")
    option = next((one for one in question.options if one.title == title), None)
    if option is None:
        _no_option(title, place)
    if bool(option.asked) is not isinstance(data, dict):
        malformed(place, f"{option.title!r} comes {'with' if option.asked else 'without'} nested answers")
    if not option.asked:
        return option.title
    here = f"{place}.{option.title}"
    given = fields(inner, [one.title for one in option.asked], here)
    answers = ((one.title, _required(one, given[one.title], f"{here}.{one.title}")) for one in option.asked)
    return chosen(option.title, tuple((attribute, answer) for attribute, answer in answers if answer is not None))


def _ticked(question: Attribute, data: object, place: str) -> Value | None:
    if not isinstance(data, list):
        malformed(place, f"expected a list of options, not {_shown(data)}")
    for title in data:
        if not isinstance(title, str):
            malformed(place, f"expected options' titles, not {_shown(title)}")
        if title not in question.titles:
            _no_option(title, place)
        if data.count(title) > 1:
            malformed(place, f"{title!r} is ticked twice")
    return tuple(title for title in question.titles if title in data) or None


def _text(data: object, place: str) -> str | None:
    if not isinstance(data, str):
        malformed(place, f"expected a text, not {_shown(data)}")
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in data):
        malformed(place, "has a character that cannot be stored")
    return data if data.strip() else None


def number(data: object, place: str) -> float:
    """A number that is finite.

    Raises:
        Reject: It is none; says so of `place`.
    """
    if isinstance(data, bool) or not isinstance(data, int | float):
        malformed(place, f"expected a number, not {_shown(data)}")
    try:
        found = float(data)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        malformed(place, "the number is too large")
    return found


def fields(data: object, names: Iterable[str], place: str) -> dict[str, object]:
    """An object's values, by their names: all of these and no others.

    Raises:
        Reject: They are others, or it is no object; says so of `place`.
    """
    expected = list(names)
    if not isinstance(data, dict):
        malformed(place, f"expected an object, not {_shown(data)}")
    if missing := [name for name in expected if name not in data]:
        malformed(place, f"{missing[0]!r} is missing")
    if extra := [name for name in data if name not in expected]:
        malformed(place, f"{extra[0][:QUOTED]!r} was not asked for")
    return data


def _no_option(answer: str, place: str) -> Never:
    raise Reject(f"the model answered {_shown(answer)}, which is no option of '{place}'")


def malformed(place: str, what: str) -> Never:
    """Refuse an answer.

    Raises:
        Reject: Always; says what is wrong at `place`.
    """
    raise Reject(f"the model's answer is malformed: {place + ': ' if place else ''}{what}".replace("\n", " "))


def _shown(data: object) -> str:
    if isinstance(data, list | dict):
        return "a list" if isinstance(data, list) else "an object"
    return repr(data)[: QUOTED + 2]
