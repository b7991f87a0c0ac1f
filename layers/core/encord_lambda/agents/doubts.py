"""Which tasks are drawn for a benchmark (`sample` of a route rule): more where it is in doubt how well people label.

A doubt is a number in [0, 1]: 0 is that the benchmark's target is surely reached; 1 that it is surely missed, or that
nothing is known. `encord_lambda.benchmark.doubting` makes doubts of reports.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final, Literal, Protocol
from uuid import UUID

from encord_lambda.config_parts import Fraction
from encord_lambda.config_route import Sample
from encord_lambda.labels.ontology import Ontology
from encord_lambda.labels.proposals import Answer, Choice, Label, Thing
from encord_lambda.labels.records import Record

UNKNOWN: Final = 1.0
"""The doubt about whom, or what, no report knows."""
EVEN: Final = 0.5
"""At this doubt the share is the one that pipeline.yaml says."""


class Doubts(Record):
    """What is written beside a benchmark's reports, after each of them."""

    version: Literal[1]
    overall: Fraction | None
    """About any annotator; None where the benchmark has no target, or nobody was scored."""
    annotators: dict[str, Fraction]
    """By e-mail address."""
    classes: dict[str, Fraction]
    """By a radio's option or an object's title."""


class KeptDoubts(Protocol):
    """Keeps doubts."""

    def about(self, benchmark: str) -> Doubts | None:
        """What is in doubt by the latest report; None where there is none.

        Raises:
            Trouble: It cannot be had now.
        """


def key(benchmark: str) -> str:
    """Where a benchmark's doubts are kept in the records bucket."""
    return f"benchmarks/{benchmark}/shares.json"


def is_drawn(data: UUID, benchmark: str, share: float) -> bool:
    """Whether a data unit is among this share, in [0, 1], of all: always the same ones.

    Those of a smaller share are among those of a greater one. Another benchmark draws others.
    """
    drawn = int.from_bytes(sha256(f"{benchmark}\n{data}".encode()).digest()[:8])
    return drawn < share * 2**64


def share(sample: Sample, doubts: Doubts | None, labels: Sequence[Label], ontology: Ontology) -> float:
    """The share of tasks with such labels that are drawn: within the bounds of `sample`, by the greatest doubt.

    The doubts are about whoever made the labels, or about all annotators where no person made any, and about each of
    the labels' classes: objects, and the answer to the first of the ontology's radios that is answered. Without doubts,
    it is what `sample` says.
    """
    if doubts is None or doubts.overall is None:
        return sample.share
    author = _author(labels)
    annotator = doubts.annotators.get(author, UNKNOWN) if author else doubts.overall
    return at(sample, max([annotator, *(doubts.classes.get(one, UNKNOWN) for one in _classes(labels, ontology))]))


def at(sample: Sample, doubt: float) -> float:
    """The share at a doubt: from the least at 0, in a straight line through `EVEN`, up to the most at 1."""
    least, most = sample.bounds
    if doubt <= EVEN:
        return min(least + (sample.share - least) * doubt / EVEN, sample.share)
    return min(sample.share + (most - sample.share) * (doubt - EVEN) / (1 - EVEN), most)


def _author(labels: Sequence[Label]) -> str:
    """The person who made most of the labels, of equals the first by name; empty where no person is known to."""
    made = Counter(one.by for one in labels if one.author == "person" and one.by)
    return min(made, key=lambda name: (-made[name], name), default="")


def _classes(labels: Sequence[Label], ontology: Ontology) -> Iterator[str]:
    answers = {one.content.classification: one.content.answer for one in labels if isinstance(one.content, Answer)}
    radios = [one.title for one in ontology.classifications if one.kind == "radio" and one.title in answers]
    for answer in map(answers.__getitem__, radios[:1]):
        yield answer.option if isinstance(answer, Choice) else str(answer)
    yield from {one.content.object for one in labels if isinstance(one.content, Thing)}
