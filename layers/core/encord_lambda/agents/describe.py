"""Write a text classification from the picture (seed 001)."""

from dataclasses import dataclass
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from encord_lambda.agents.agent import DataUnit, Decision, Question, Tools
from encord_lambda.agents.prompting import prompt
from encord_lambda.config import Describe
from encord_lambda.errors import Reject
from encord_lambda.labels.proposals import Answer, Owned

LENGTH = (25, 1000)
"""Shortest and longest description in characters, as in seed 001.

Checked here, and only said in words to the model: strict schemas do not take lengths with every model.
"""

SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "description": {
            "type": "string",
            "description": f"A detailed description of the scene, {LENGTH[0]} to {LENGTH[1]} characters long",
        }
    },
    "required": ["description"],
    "additionalProperties": False,
}


class _Reply(BaseModel):
    model_config = ConfigDict(extra="forbid")

    description: str = Field(min_length=LENGTH[0], max_length=LENGTH[1])


@dataclass(frozen=True, slots=True)
class DescribeAgent:
    """Has a language model describe the picture in words."""

    config: Describe
    looks: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """Who the labels are by."""
        return f"describe:{self.config.classification}"

    @property
    def owned(self) -> Owned:
        """Title of the classification it answers."""
        return Owned(classifications=(self.config.classification,))

    def decide(self, unit: DataUnit, tools: Tools) -> Decision:
        """One text of 25 to 1,000 characters.

        Raises:
            Reject: The model's text is shorter, longer or malformed.
        """
        classification = unit.ontology.classification(self.config.classification, "text")
        question = prompt("describe", question=classification.title)
        picture = tools.pictures.read(unit.url)
        reply = tools.language_model.ask(Question(self.config.model, question, (picture,), SCHEMA))
        try:
            text = _Reply.model_validate_json(reply.text).description
        except ValidationError as error:
            raise Reject(f"the model's description is malformed: {error.errors()[0]['msg']}") from None
        proposal = Answer(classification.title, text, 1.0, 0 if classification.whole else unit.frame)
        return Decision((proposal,), text, f"{self.config.model} described the picture", None, reply.usage)
