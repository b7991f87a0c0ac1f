"""Asking language models the questions of an ontology about media, step by step, and the next model while unsure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from encord_lambda.agents.agent import Question, Reply, Tools, Usage
from encord_lambda.agents.material import Material
from encord_lambda.agents.prompting import prompt
from encord_lambda.agents.wording import questions
from encord_lambda.errors import Misconfigured, Retry
from encord_lambda.labels import tokens
from encord_lambda.labels.ontology import Attribute
from encord_lambda.labels.proposals import Value
from encord_lambda.labels.reading import read
from encord_lambda.labels.steps import Plan, Said, Sayings, Step, plan


@dataclass(frozen=True, slots=True)
class Interviewer:
    """Who is asked, and how."""

    models: tuple[str, ...]
    """The cheapest first."""
    prompt: Literal["classify", "describe"]
    own_prompt: str | None = None
    """A user's text in place of the prompt's."""
    first: str = ""
    """Title of the question whose answer decides whether the next model is asked."""
    unsure_below: float | None = None
    """While that answer is less sure than this, the next model is asked."""
    log_probabilities: bool = False
    """Whether confidences are the tokens', not the stated ones."""
    check: Callable[[Value], object] = lambda _: None
    """Raises Reject over an answer that cannot be used, though the ontology allows it."""

    def unsure(self, said: Said) -> bool:
        """Whether an answer is less sure than it should be."""
        return self.unsure_below is not None and said.confidence < self.unsure_below


@dataclass(frozen=True, slots=True)
class Interview:
    """What was answered to all questions, by whom, and what asking all models took."""

    sayings: Sayings
    model: str
    usage: Usage


def interview(questions: Sequence[Attribute], material: Material, asking: Interviewer, tools: Tools) -> Interview:
    """Ask about media until a model is sure enough of the first question, or the last model has answered.

    Where the first question is not among these, the first model's answers are taken.

    Raises:
        Trouble: As the language model does, and Reject for an answer that the ontology does not allow.
        Misconfigured: The model does not tell log-probabilities, and they are asked for.
    """
    usage = Usage()
    for model in asking.models:
        found = take_steps(plan(questions), model, material, asking, tools)
        usage += found.usage
        first = found.sayings.get(asking.first)
        if first is None or not asking.unsure(first):
            break
    return replace(found, usage=usage)


def take_steps(steps: Plan, model: str, material: Material, asking: Interviewer, tools: Tools) -> Interview:
    """Take a plan's steps with one model, one call each; mostly there is one.

    Raises:
        Trouble: As `interview`.
    """
    usage = Usage()
    try:
        step = next(steps)
        while True:
            reply = _ask(step, model, material, asking, tools)
            usage += reply.usage
            step = steps.send(_said(step, model, asking, reply))
    except StopIteration as end:
        return Interview(end.value, model, usage)


def _ask(step: Step, model: str, material: Material, asking: Interviewer, tools: Tools) -> Reply:
    if tools.time_left() <= 0:
        raise Retry("the function's time ran out before all questions were asked")
    question = Question(
        model,
        wording(step, material.shown, asking),
        material.pictures,
        step.schema,
        material.documents,
        asking.log_probabilities and step.rated,
        accepts=lambda reply: _said(step, model, asking, reply),
    )
    return tools.language_model.ask(question)


def _said(step: Step, model: str, asking: Interviewer, reply: Reply) -> Sayings:
    """What a reply says, and how surely."""
    said = read(step, reply.text)
    for one in said.values():
        if one.answer is not None:
            asking.check(one.answer)
    if not (asking.log_probabilities and step.rated):
        return said
    if not tokens.spelled(reply.text, reply.tokens):
        raise Misconfigured(f"{model}: its log-probabilities are not those of its answer; say `confidence: stated`")
    sure = {one.title: tokens.confidence(one, reply.text, step.path(one), reply.tokens) for one in step.questions}
    return {title: replace(one, confidence=sure[title]) for title, one in said.items()}


def wording(step: Step, shown: str, asking: Interviewer) -> str:
    """A step's questions in words: the interviewer's prompt, or `prompts/details.md` for those without confidences."""
    asked = questions(step)
    if step.rated:
        title = step.questions[0].title
        return prompt(asking.prompt, asking.own_prompt, shown=shown, questions=asked, question=title)
    given = "\n".join(f"- {line}" for line in step.given)
    return prompt("details", shown=shown, questions=asked, given=given)
