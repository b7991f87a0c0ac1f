"""The questions and the objects of an ontology in words, as prompts list them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from encord_lambda.labels.object_schema import geometry
from encord_lambda.labels.ontology import Attribute, Object
from encord_lambda.labels.steps import Step

_HOW: Final = {
    "radio": "choose exactly one of these options",
    "checklist": "name all of these options that apply; none is a good answer too",
    "text": "answer in words",
    "numeric": "answer with a number",
}
_DRAWN: Final = {
    "box": "the smallest upright box around all that can be seen of it; `x` and `y` are the upper left corner, "
    "`width` and `height` the extent",
    "rotated_box": "the smallest box around it that is turned as it is; `x`, `y`, `width` and `height` as of an "
    "upright box, which is then turned clockwise around its centre by `theta` degrees",
    "polygon": "the outline of all that can be seen of it, 3 to 12 points in the order in which one passes them",
    "polyline": "the line along it, 2 to 12 points from one end to the other",
    "point": "the one point where it is",
}


def questions(step: Step) -> str:
    """All that a step asks, each question with its options and what is nested in them."""
    return "\n\n".join("\n".join(_question(question, step)) for question in step.questions)


def objects(asked: Sequence[Object]) -> str:
    """Each object that is asked for, how it is drawn, and its attributes."""
    return "\n".join(line for one in asked for line in _object(one))


def drawings(asked: Sequence[Object]) -> str:
    """How to draw in each of the ways that these objects are drawn in."""
    keys = dict.fromkeys(geometry(one).key for one in asked)
    return "\n".join(f"- `{key}`: {_DRAWN[key]}" for key in keys)


def _object(drawn: Object) -> Iterator[str]:
    yield f"- {drawn.title}: draw `{geometry(drawn).key}`"
    yield from _nested(drawn.asked, "  ")


def _nested(attributes: Iterable[Attribute], indent: str) -> Iterator[str]:
    """What is asked once something else is certain: an option that is chosen, or an object that is there."""
    for one in attributes:
        must = "must be answered" if one.required else "may be null"
        yield f"{indent}- then **{one.title}**: {_HOW[one.kind]} ({must})"
        yield from _options(one, indent + "  ")


def _question(question: Attribute, step: Step) -> Iterator[str]:
    if step.groups:
        yield f"**{question.title}**: choose the group that holds the option that fits"
        for group, titles in zip(question.titles, step.groups, strict=True):
            yield from (f"- {group}:", *(f"  - {title}" for title in titles))
        return
    yield f"**{question.title}**: {_HOW[question.kind]}"
    yield from _options(question, "")


def _options(question: Attribute, indent: str) -> Iterator[str]:
    for option in question.options:
        yield f"{indent}- {option.title}"
        yield from _nested(option.asked, indent + "  ")
