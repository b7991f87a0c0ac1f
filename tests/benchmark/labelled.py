"""Submissions made from a few words."""

from collections.abc import Iterable
from uuid import UUID

from encord_lambda.benchmark.submissions import Rater, Submission, Unit
from encord_lambda.labels.ontology import Attribute, Classification, Ontology, Option
from encord_lambda.labels.proposals import Answer, Label, Proposal, Value

ANN = Rater("ann@example.com", "annotator")
BOB = Rater("bob@example.com", "annotator")
MODEL = Rater("Classify", "model")
BREED = Attribute("Breed", "radio", (Option("Poodle"), Option("Beagle")))
ANIMAL = Classification("Animal", "radio", (Option("Cat"), Option("Dog", (BREED, Attribute("Tag", "text")))))
SEEN = Classification("Seen", "checklist", (Option("Snow"), Option("Rain"), Option("Sun")))
ONTOLOGY = Ontology((ANIMAL, SEEN, Classification("Caption", "text"), Classification("Count", "numeric")))


def unit(number: int = 0, frames: int = 1) -> Unit:
    """A data unit of 100 by 100 pixels."""
    return Unit(UUID(int=number), f"unit-{number}", 100, 100, frames)


def labels(contents: Iterable[Proposal]) -> tuple[Label, ...]:
    """Labels with these contents."""
    return tuple(Label(content, "person", f"hash{number:04}") for number, content in enumerate(contents))


def submission(
    truth: Iterable[Proposal], given: Iterable[Proposal], rater: Rater = ANN, of: Unit | None = None
) -> Submission:
    """What a rater gave for a data unit, and the truth."""
    return Submission(of or unit(), rater, labels(given), labels(truth))


def answer(
    value: Value, title: str = "Animal", frame: int = 0, last: int | None = None, confidence: float = 1.0
) -> Answer:
    """An answer to a classification of `ONTOLOGY`."""
    return Answer(title, value, confidence, frame, last)
