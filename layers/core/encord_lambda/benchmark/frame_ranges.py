"""Answers to classifications side by side on the frames they hold for, each range of frames at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from encord_lambda.benchmark.notes import Note, Notes, Side
from encord_lambda.benchmark.submissions import Submission
from encord_lambda.labels.proposals import Answer

BEYOND = "a classification on frames beyond the end of its data unit: only the frames that there are count"
TWICE = "a classification that is answered twice on a frame: only the first answer counts"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Frames on which one classification has the same two answers; None is no answer, and at least one is one."""

    classification: str
    frames: range
    truth: Answer | None
    given: Answer | None


def stretches(submission: Submission, notes: Notes) -> Iterator[Stretch]:
    """All of a submission's, one classification after the other; what cannot count as it stands is noted."""
    truth, given = _answers(submission, "truth", notes), _answers(submission, "given", notes)
    for title in truth | given:
        yield from _side_by_side(title, truth.get(title, []), given.get(title, []))


def _side_by_side(title: str, truth: Sequence[Answer], given: Sequence[Answer]) -> Iterator[Stretch]:
    edges = sorted({edge for one in (*truth, *given) for edge in (one.frame, _end(one))})
    for start, end in pairwise(edges):
        right, said = _at(start, truth), _at(start, given)
        if right or said:
            yield Stretch(title, range(start, end), right, said)


def _answers(submission: Submission, side: Side, notes: Notes) -> dict[str, list[Answer]]:
    """One side's, by classification: within the data unit, and one on each frame."""
    found: dict[str, list[Answer]] = {}
    for label in submission.truth if side == "truth" else submission.given:
        if not isinstance(answer := label.content, Answer):
            continue
        if _end(answer) > submission.unit.frames:
            notes.add(_note(BEYOND, side, submission, answer))
            if answer.frame >= submission.unit.frames:
                continue
            answer = replace(answer, last=submission.unit.frames - 1)
        earlier = found.setdefault(answer.classification, [])
        if any(one.frame < _end(answer) and answer.frame < _end(one) for one in earlier):
            notes.add(_note(TWICE, side, submission, answer))
        earlier.append(answer)
    return found


def _note(what: str, side: Side, submission: Submission, answer: Answer) -> Note:
    unit = submission.unit
    return Note(what, side, submission.rater.name, unit.data, unit.title, answer.classification, answer.frame)


def _at(frame: int, answers: Sequence[Answer]) -> Answer | None:
    return next((one for one in answers if one.frame <= frame < _end(one)), None)


def _end(answer: Answer) -> int:
    return (answer.frame if answer.last is None else answer.last) + 1
