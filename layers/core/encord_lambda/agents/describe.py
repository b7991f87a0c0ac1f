"""Write a text classification about images, image groups, videos, PDFs and texts (seed 001)."""

from dataclasses import dataclass
from typing import ClassVar

from encord_lambda.agents.agent import DataUnit, Decision, Tools
from encord_lambda.agents.hearing import hear
from encord_lambda.agents.interviewing import Interviewer
from encord_lambda.agents.prompting import own
from encord_lambda.config_classify import Describe
from encord_lambda.errors import Reject
from encord_lambda.labels.proposals import Owned, Value

LENGTH = (25, 1000)
"""Shortest and longest description in characters, as in seed 001.

Checked here, and only said in words to the model: strict schemas do not take lengths with every model.
"""


@dataclass(frozen=True, slots=True)
class DescribeAgent:
    """Has a language model write about what it is shown."""

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
        """Texts of 25 to 1,000 characters; the first one is the answer.

        Raises:
            Reject: The model wrote nothing, or a text that is shorter, longer or malformed.
        """
        question = unit.ontology.classification(self.config.classification, "text")
        prompt = own(self.config.prompt, tools.prompts)
        asking = Interviewer((self.config.model,), "describe", prompt, check=_check_length)
        hearing = hear((question,), unit, self.config.frames, asking, tools)
        labels = tuple(hearing.labels(question))
        if not labels:
            raise Reject(f"{self.config.model} wrote no description")
        left_out = f"; {len(hearing.bad)} frames left out; the first: {hearing.bad[0]}" if hearing.bad else ""
        return Decision(
            labels,
            str(labels[0].answer),
            f"{self.config.model} described {_counted(len(labels))}{left_out}",
            min(label.confidence for label in labels),
            hearing.usage,
        )


def _check_length(description: Value) -> None:
    length = len(str(description))
    if not LENGTH[0] <= length <= LENGTH[1]:
        raise Reject(f"the model's description has {length:,} characters; it may have {LENGTH[0]} to {LENGTH[1]:,}")


def _counted(labels: int) -> str:
    return "it" if labels == 1 else f"{labels} stretches of frames"
