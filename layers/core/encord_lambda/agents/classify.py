"""Answer a radio classification from the picture (seeds 000 and 002)."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from encord_lambda.agents.agent import DataUnit, Decision, Question, Reply, Tools
from encord_lambda.agents.prompting import prompt
from encord_lambda.config import Classify
from encord_lambda.errors import Reject
from encord_lambda.labels.ontology import Classification
from encord_lambda.labels.proposals import Answer


class _Reply(BaseModel):
    model_config = ConfigDict(extra="forbid")

    answer: str | None
    confidence: float = Field(ge=0, le=1)


@dataclass(frozen=True, slots=True)
class ClassifyAgent:
    """Asks a language model, and takes only an option of the ontology for an answer."""

    config: Classify

    @property
    def name(self) -> str:
        """Who the labels are by."""
        return f"classify:{self.config.classification}"

    @property
    def question(self) -> str:
        """Title of the classification it answers."""
        return self.config.classification

    def decide(self, unit: DataUnit, tools: Tools) -> Decision:
        """One answer, which also chooses the pathway; `null` writes no label.

        Raises:
            Reject: The model answered something that is no option.
        """
        classification = unit.ontology.classification(self.config.classification, "radio")
        question = Question(
            self.config.model, _prompt(classification), tools.pictures.read(unit.url), schema(classification)
        )
        reply = tools.language_model.ask(question)
        answer = _checked(reply, classification)
        proposals = (
            (Answer(classification.title, answer.answer, answer.confidence, unit.frame),) if answer.answer else ()
        )
        reason = f"{self.config.model} answered {answer.answer or 'none of the options'} at {answer.confidence:.2f}"
        return Decision(proposals, answer.answer, reason, answer.confidence, reply.seconds)


def schema(classification: Classification) -> dict[str, object]:
    """JSON schema (OpenAI's strict subset) that allows the options, null, and nothing else."""
    options = {"type": "string", "enum": list(classification.options)}
    return {
        "type": "object",
        "properties": {
            "answer": {"anyOf": [options, {"type": "null"}]},
            "confidence": {"type": "number", "description": "probability from 0 to 1 that the answer is right"},
        },
        "required": ["answer", "confidence"],
        "additionalProperties": False,
    }


def _prompt(classification: Classification) -> str:
    options = "\n".join(f"- {option}" for option in classification.options)
    return prompt("classify", question=classification.title, options=options)


def _checked(reply: Reply, classification: Classification) -> _Reply:
    try:
        answer = _Reply.model_validate_json(reply.text)
    except ValidationError as error:
        raise Reject(f"the model's answer is malformed: {error.errors()[0]['msg']}: {reply.text[:80]!r}") from None
    if answer.answer is not None and answer.answer not in classification.options:
        raise Reject(f"the model answered {answer.answer[:80]!r}, which is no option of '{classification.title}'")
    return answer
