"""Answers to an ontology's questions: do the features exist, and is everything answered that must be?"""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from .json_values import JsonObject
from .refusals import Corrupted, Featureless, Unanswered


class Option(BaseModel):
    """One that was chosen."""

    name: str


class Answer(BaseModel):
    """What everybody who reads labels relies on, whatever the ontology says."""

    name: str
    answers: list[Option] | str | float | None


ANSWERS = TypeAdapter(list[Answer])


def check_readable(answers: object, what: str) -> None:
    """Refuse what is no list of answers at all."""
    try:
        ANSWERS.validate_python(answers)
    except ValidationError as error:
        problem = error.errors()[0]
        place = "".join(f".{part}" for part in problem["loc"])
        raise Corrupted(f"{what}: classifications{place}: {problem['msg']}") from error


def check(attributes: Sequence[JsonObject], answers: Sequence[JsonObject], what: str) -> None:
    """Refuse answers the attributes do not allow, and required ones (nested too) that are missing.

    Answers are a flat list at all depths, as on the wire. Dynamic attributes are answered elsewhere.
    """
    given = check_known(attributes, answers, what)
    for attribute in _asked(attributes, given):
        hash_ = attribute["featureNodeHash"]
        if attribute.get("required") and not attribute.get("dynamic") and not given.get(hash_):
            raise Unanswered(f"{what} has no answer to {attribute['name']!r}, which is required")


def check_known(attributes: Sequence[JsonObject], answers: Sequence[JsonObject], what: str) -> dict[str, Any]:
    """Refuse answers the attributes do not allow; the answers by attribute."""
    known = {attribute["featureNodeHash"]: attribute for attribute in _nested(attributes)}
    for answer in answers:
        hash_ = str(answer.get("featureHash"))
        if hash_ not in known:
            raise Featureless(f"{what} has no attribute {hash_}")
        _check_answer(known[hash_], answer.get("answers"), what)
    return {str(answer["featureHash"]): answer["answers"] for answer in answers}


def _check_answer(attribute: JsonObject, answer: object, what: str) -> None:
    match attribute["type"]:
        case "text" if isinstance(answer, str):
            return
        case "numeric" if isinstance(answer, int | float) and not isinstance(answer, bool):
            return
        case "radio" if isinstance(answer, list) and len(answer) <= 1:
            _check_options(attribute, answer)
        case "checklist" if isinstance(answer, list):
            _check_options(attribute, answer)
        case kind:
            raise Unanswered(f"{what}: this is no answer to the {kind} attribute {attribute['name']!r}: {answer!r}")


def _check_options(attribute: JsonObject, answer: list[Any]) -> None:
    options = {option["featureNodeHash"] for option in attribute.get("options", [])}
    for chosen in answer:
        if chosen.get("featureHash") not in options:
            raise Featureless(f"attribute {attribute['name']!r} has no option {chosen.get('featureHash')}")


def _asked(attributes: Sequence[JsonObject], given: dict[str, Any]) -> Iterator[JsonObject]:
    """The attributes that have to be answered, given what was chosen so far."""
    for attribute in attributes:
        yield attribute
        answer = given.get(attribute["featureNodeHash"])
        chosen = {one["featureHash"] for one in answer} if isinstance(answer, list) else set()
        for option in attribute.get("options", []):
            if option["featureNodeHash"] in chosen:
                yield from _asked(option.get("options", []), given)


def _nested(attributes: Sequence[JsonObject]) -> Iterator[JsonObject]:
    for attribute in attributes:
        yield attribute
        for option in attribute.get("options", []):
            yield from _nested(option.get("options", []))
