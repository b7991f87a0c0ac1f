"""Asking a language model the questions of an ontology about a picture, step by step."""

from collections.abc import Iterator
from dataclasses import dataclass

from encord_lambda.agents.agent import LanguageModel, Picture, Question, Usage
from encord_lambda.agents.prompting import prompt
from encord_lambda.labels.ontology import Attribute
from encord_lambda.labels.reading import read
from encord_lambda.labels.steps import Plan, Sayings, Step

_HOW = {
    "radio": "choose exactly one of these options",
    "checklist": "name all of these options that apply; none is a good answer too",
    "text": "answer in words",
    "numeric": "answer with a number",
}


@dataclass(frozen=True, slots=True)
class Interview:
    """What a model answered to all questions, and what that took."""

    sayings: Sayings
    usage: Usage


def interview(plan: Plan, model: str, picture: Picture, language_model: LanguageModel) -> Interview:
    """Take a plan's steps, one call each; mostly there is one.

    Raises:
        Trouble: As the language model does, and Reject for an answer that the ontology does not allow.
    """
    usage = Usage()
    try:
        step = next(plan)
        while True:
            reply = language_model.ask(Question(model, wording(step), (picture,), step.schema))
            usage += reply.usage
            step = plan.send(read(step, reply.text))
    except StopIteration as end:
        return Interview(end.value, usage)


def wording(step: Step) -> str:
    """A step's questions in words: `prompts/classify.md`, or `prompts/details.md` for those without confidences."""
    questions = "\n\n".join("\n".join(_question(question, step)) for question in step.questions)
    if step.rated:
        return prompt("classify", questions=questions)
    return prompt("details", questions=questions, given="\n".join(f"- {line}" for line in step.given))


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
        for nested in option.asked:
            must = "must be answered" if nested.required else "may be null"
            yield f"{indent}  - then **{nested.title}**: {_HOW[nested.kind]} ({must})"
            yield from _options(nested, indent + "    ")
