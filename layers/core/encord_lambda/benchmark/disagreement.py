"""What a submission and the truth disagree about, on one frame of the data unit, for a person to look at."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from typing import Final
from uuid import UUID

from encord_lambda.benchmark.answer_scores import MISSING, QuestionScore
from encord_lambda.benchmark.comparing import compared
from encord_lambda.benchmark.counting import SPREAD_AT
from encord_lambda.benchmark.drawings import Batch, Cells, Drawings
from encord_lambda.benchmark.frame_ranges import stretches
from encord_lambda.benchmark.notes import Notes
from encord_lambda.benchmark.questions import Plain, Question, kinds
from encord_lambda.benchmark.questions import compared as questions
from encord_lambda.benchmark.submissions import RaterKind, Submission
from encord_lambda.benchmark.worst import Disputed
from encord_lambda.labels.ontology import Ontology
from encord_lambda.labels.proposals import Answer, Placement, Thing, Value
from encord_lambda.labels.records import Record, ThingRecord, recorded
from encord_lambda.shadow_report.answers import shown

MOST: Final = 100
"""How many drawings of each side, and how many answers, are shown."""
LONGEST: Final = 300
"""How many characters of an answer are shown."""

type _Found = tuple[Thing, Placement, bool]


class Drawn(Record):
    """An object on the frame."""

    thing: ThingRecord
    right: bool
    """Whether the other side has it too: the same object, overlapping by 0.5 or more."""


class Said(Record):
    """Two answers to a question."""

    question: Question
    truth: str
    given: str
    right: bool


class Disagreement(Record):
    """A rater's labels beside the truth. Of what there is too much to show, what is wrong comes first."""

    data: UUID
    title: str
    rater: str
    kind: RaterKind
    prelabelled: bool
    right: int
    """Of the whole data unit, as are `tried`."""
    tried: int
    frame: int
    """The one with the most wrong drawings, or the first with a wrong answer."""
    frames: int
    """How many the data unit has."""
    width: int
    """Of the frame, in pixels; 0 where it has none, as is its height."""
    height: int
    truth: tuple[Drawn, ...]
    given: tuple[Drawn, ...]
    answers: tuple[Said, ...]
    link: str
    """To the Label Editor."""


def disagreement(one: Disputed, ontology: Ontology, project: str) -> Disagreement:
    """`project` is the address of the production project in the Label Editor."""
    submission, unit = one.submission, one.submission.unit
    given, truth = _drawings(submission, ontology)
    answers = list(_answers(submission, ontology))
    frame = _frame((*given, *truth), answers)
    return Disagreement(
        data=unit.data,
        title=unit.title,
        rater=submission.rater.name,
        kind=submission.rater.kind,
        prelabelled=submission.prelabelled,
        right=one.right,
        tried=one.tried,
        frame=frame,
        frames=unit.frames,
        width=unit.width,
        height=unit.height,
        truth=_on(frame, truth),
        given=_on(frame, given),
        answers=_at(frame, answers),
        link=f"{project}/{unit.data}/{frame}",
    )


def _drawings(submission: Submission, ontology: Ontology) -> tuple[list[_Found], list[_Found]]:
    """Given and true ones, on all frames, those that are scored."""
    batch = Batch(Cells(ontology), Notes())
    batch.add(submission)
    found = compared(batch)
    right = found.right[SPREAD_AT]
    given, truth = set(found.pairs.given[right].tolist()), set(found.pairs.truth[right].tolist())
    return _judged(found.given, given), _judged(found.truth, truth)


def _judged(drawings: Drawings, right: Container[int]) -> list[_Found]:
    return [(thing, placement, place in right) for place, (thing, placement) in enumerate(drawings.drawn)]


def _answers(submission: Submission, ontology: Ontology) -> Iterator[tuple[range, Said]]:
    """All answers, with the frames they are about."""
    known = kinds(ontology.classifications)
    for one in stretches(submission, Notes()):
        for each in questions((one.classification,), _value(one.truth), _value(one.given)):
            if kind := known.get(each.question):
                right = QuestionScore(kind).add(each, 1)
                said = Said(question=each.question, truth=_text(each.truth), given=_text(each.given), right=right)
                yield one.frames, said


def _value(answer: Answer | None) -> Value | None:
    return answer.answer if answer else None


def _text(answer: Plain | None) -> str:
    text = MISSING if answer is None else shown(answer)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _frame(drawings: Iterable[_Found], answers: Iterable[tuple[range, Said]]) -> int:
    wrong = Counter(placement.frame for _, placement, is_right in drawings if not is_right)
    if wrong:
        return min(wrong, key=lambda frame: (-wrong[frame], frame))
    return min((there.start for there, said in answers if not said.right), default=0)


def _at(frame: int, answers: Iterable[tuple[range, Said]]) -> tuple[Said, ...]:
    here = sorted((said for there, said in answers if frame in there), key=lambda said: said.right)
    return tuple(here[:MOST])


def _on(frame: int, drawings: Iterable[_Found]) -> tuple[Drawn, ...]:
    here = sorted((one for one in drawings if one[1].frame == frame), key=lambda one: one[-1])
    return tuple(_drawn(*one) for one in here[:MOST])


def _drawn(thing: Thing, placement: Placement, right: bool) -> Drawn:
    [record] = recorded([replace(thing, placements=(placement,))])
    return Drawn.model_validate({"thing": record, "right": right})
