"""What is kept of a benchmark task: everybody's labels of a data unit and the truth, in a file that is written over.

Reports are made of these files alone. So a task that is read twice is scored once, and scores can be counted anew.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, Literal, Self
from uuid import UUID

from encord_lambda.benchmark.notes import Note
from encord_lambda.benchmark.submissions import Rater, RaterKind, Submission, Unit
from encord_lambda.errors import Reject
from encord_lambda.labels.proposals import Label
from encord_lambda.labels.records import ProposalRecord, Record, proposed, recorded

WHYS: Final = {
    "missing": "an annotator's label branch that is not there: not scored",
    "twice": "an annotator who submitted the same data unit twice: the first submission counts",
}
WITHDRAWN: Final = "ground truth that was withdrawn, or cannot be read any more, after labels were kept: not scored"
NOTHING: Final = "an annotator who submitted nothing where something is true: all of it counts as missed"
UNWRITABLE: Final = (
    "label {hash} has a number that is none, or half a character, which cannot be written down: mend the label in the"
    " Label Editor"
)


class KeptLabel(Record):
    """A `Label`."""

    content: ProposalRecord
    author: Literal["person", "agent"]
    hash: str

    @classmethod
    def of(cls, label: Label) -> Self:
        """As it is written.

        Raises:
            Reject: It could not be read again, and the data unit with it; says which label it is.
        """
        try:
            [content] = recorded([label.content])
            kept = cls(content=content, author=label.author, hash=label.hash)
            return cls.model_validate_json(kept.model_dump_json())
        except ValueError:
            raise Reject(UNWRITABLE.format(hash=label.hash)) from None

    @property
    def label(self) -> Label:
        """As it was."""
        [content] = proposed([self.content])
        return Label(content, self.author, self.hash)


class KeptSubmission(Record):
    """One rater's labels."""

    rater: str
    kind: RaterKind
    prelabelled: bool
    labels: tuple[KeptLabel, ...]

    @classmethod
    def of(cls, rater: Rater, labels: Iterable[Label], *, prelabelled: bool = False) -> Self:
        """As it is written."""
        kept = tuple(map(KeptLabel.of, labels))
        return cls(rater=rater.name, kind=rater.kind, prelabelled=prelabelled, labels=kept)

    def submission(self, unit: Unit, truth: tuple[Label, ...]) -> Submission:
        """As it was."""
        given = tuple(one.label for one in self.labels)
        return Submission(unit, Rater(self.rater, self.kind), given, truth, self.prelabelled)


class Unscored(Record):
    """A submission that is not kept, and why; see `WHYS`."""

    rater: str
    why: Literal["missing", "twice"]


class ReviewedUnit(Record):
    """A data unit of a benchmark as it stood when its review was read, with its ground truth as that was seen last."""

    version: Literal[1]
    data: UUID
    title: str
    width: int
    height: int
    frames: int
    truth: tuple[KeptLabel, ...]
    submissions: tuple[KeptSubmission, ...]
    updated_at: datetime
    """When its task had changed last, by Encord's clock: what has changed since is to be read again."""
    unscored: tuple[Unscored, ...] = ()
    by_people: tuple[str, ...] = ()
    """Titles of what people answered or drew on the main branch, where agents label."""
    worked: tuple[str, ...] = ()
    """Titles of live agent stages that were done with its task, whatever they labelled."""
    withdrawn: bool = False
    """Whether there is no ground truth any more: then it is not scored."""

    def submitted(self) -> list[Submission]:
        """Everybody's labels, to be scored together."""
        unit, truth = self._unit, self._truth
        return [one.submission(unit, truth) for one in self.submissions]

    def beside_truth(self, rater: Rater, given: Iterable[Label]) -> Submission:
        """Labels that are kept elsewhere, to be scored as those that are kept here."""
        return Submission(self._unit, rater, tuple(given), self._truth)

    def remarks(self) -> Iterator[Note]:
        """What is to be known about it, besides what its labels say when they are scored."""
        if self.withdrawn:
            yield Note(WITHDRAWN, "truth", "", self.data, self.title, "", 0)
            return
        silent = [one.rater for one in self.submissions if self.truth and not one.labels]
        told = [(one.rater, WHYS[one.why]) for one in self.unscored] + [(rater, NOTHING) for rater in silent]
        yield from (Note(what, "given", rater, self.data, self.title, "", 0) for rater, what in told)

    def with_earlier(self, earlier: Self | None) -> Self:
        """The same, with the submissions and the work that were read earlier of whoever has not submitted again.

        Whose new submission cannot be had has submitted again, too.
        """
        mine = {(one.rater, one.kind) for one in self.submissions} | {(one.rater, "annotator") for one in self.unscored}
        others = tuple(one for one in earlier.submissions if (one.rater, one.kind) not in mine) if earlier else ()
        worked = tuple(dict.fromkeys((*self.worked, *(earlier.worked if earlier else ()))))
        return self.model_copy(update={"submissions": self.submissions + others, "worked": worked})

    def with_truth(self, truth: tuple[KeptLabel, ...] | None) -> Self:
        """The same beside another truth; None is that there is none any more."""
        return self.model_copy(update={"truth": truth or (), "withdrawn": truth is None})

    @property
    def _unit(self) -> Unit:
        return Unit(self.data, self.title, self.width, self.height, self.frames)

    @property
    def _truth(self) -> tuple[Label, ...]:
        return tuple(one.label for one in self.truth)


def key(benchmark: str, data: UUID) -> str:
    """Where a data unit is kept in the records bucket."""
    return f"{prefix(benchmark)}{data}.json"


def kept_at(benchmark: str, where: str) -> UUID | None:
    """The data unit that is kept there; None where none can be."""
    try:
        data = UUID(where.removeprefix(prefix(benchmark)).removesuffix(".json"))
    except ValueError:
        return None
    return data if where == key(benchmark, data) else None


def prefix(benchmark: str) -> str:
    """What the keys of all of a benchmark's data units begin with."""
    return f"benchmarks/{benchmark}/units/"
