"""From what was told about a thing's attributes back to answers: what the ontology does not allow is left out alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from encord_lambda.errors import Reject
from encord_lambda.labels.ontology import Object
from encord_lambda.labels.proposals import Answers
from encord_lambda.labels.reading import checked
from encord_lambda.labels.steps import Step, nested_answers


@dataclass(frozen=True, slots=True)
class Told:
    """A thing's answers, in the ontology's order, by how long they hold."""

    static: Answers = ()
    """On all frames."""
    dynamic: Answers = ()
    """On the frame they were told of."""
    refused: int = 0
    """Attributes that were left out: the ontology has none of the title, or does not allow the answer."""

    @classmethod
    def sorted(cls, drawn: Object, answers: Answers, refused: int = 0) -> Self:
        """Answers to an object's attributes, with the dynamic ones told apart."""
        dynamic = {one.title for one in drawn.attributes if one.dynamic}
        return cls(
            tuple(one for one in answers if one[0] not in dynamic),
            tuple(one for one in answers if one[0] in dynamic),
            refused,
        )


def told(drawn: Object, attributes: Mapping[str, object]) -> Told:
    """What was told of a thing of an object, by the attributes' titles, in the form that `schema.plain` asks for."""
    answers: Answers = ()
    refused = len(attributes.keys() - {one.title for one in drawn.asked})
    for one in drawn.asked:
        if one.title in attributes:
            try:
                answers += nested_answers(checked(Step((one,), rated=False), {one.title: attributes[one.title]}))
            except Reject:
                refused += 1
    return Told.sorted(drawn, answers, refused)
