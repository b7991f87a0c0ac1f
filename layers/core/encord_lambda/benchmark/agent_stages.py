"""Which agent stage a label of the production project is of, and what each stage did to a data unit."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from encord_lambda.agents.appointing import agent
from encord_lambda.benchmark.notes import Note
from encord_lambda.benchmark.reviewed import ReviewedUnit
from encord_lambda.benchmark.submissions import Rater, Submission
from encord_lambda.config import Stage
from encord_lambda.labels.proposals import Answer, Label, Proposal
from encord_lambda.shadow import ShadowDecision

type Subject = tuple[Literal["classification", "object"], str]
"""What a label is about: a classification or an object, by its title."""

NOT_LIVE: Final = (
    "an agent stage that was done with a task, and is not live in pipeline.yaml under that title any more: what it"
    " missed is not counted"
)


@dataclass(frozen=True, slots=True)
class LabellingStage:
    """A stage of pipeline.yaml whose agent labels; a rater of its own."""

    number: int
    """Its place in the file."""
    title: str
    shadow: bool
    asked: frozenset[Subject]
    """What it answers and draws; of a live one, without what another live stage of the project does, too."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a stage did to a data unit."""

    stage: LabellingStage
    given: tuple[Label, ...]
    """Empty where its agent found nothing."""
    asked: frozenset[Subject]
    """What is to be judged of it: what is true of this, and not given, is missed."""


class AgentStages:
    """The stages of a project whose agents label.

    A label that stands in the project is the one live stage's whose agent writes such labels; where several do, it is
    nobody's. A stage worked on a data unit if labels of its own stand there, or, live, if its task is done with there
    by its claim; else by what it decided about it in the shadow, the last time. Of any other nothing is known.
    """

    def __init__(self, stages: Sequence[Stage], project: UUID) -> None:
        """`stages` are all of pipeline.yaml."""
        here = [(number, one, _owned(one)) for number, one in enumerate(stages) if one.project == project]
        writers = Counter(subject for _, one, owned in here if not one.shadow for subject in owned)
        self._shared = frozenset(subject for subject, count in writers.items() if count > 1)
        self._stages = tuple(
            LabellingStage(number, one.stage, one.shadow, owned if one.shadow else owned - self._shared)
            for number, one, owned in here
            if owned
        )
        self._owned = frozenset[Subject]().union(*(one.asked for one in self._stages if not one.shadow))

    def __iter__(self) -> Iterator[LabellingStage]:
        """In the order of pipeline.yaml."""
        return iter(self._stages)

    @property
    def live(self) -> frozenset[str]:
        """Titles of those that are not in the shadow."""
        return frozenset(one.title for one in self._stages if not one.shadow)

    @property
    def basis(self) -> str:
        """What scores depend on of pipeline.yaml: changes whenever that does."""
        stages = (f"{one.title!r} {one.shadow} {sorted(one.asked)}" for one in self._stages)
        return "\n".join((*stages, f"{sorted(self._shared)}"))

    def remarks(self, unit: ReviewedUnit) -> Iterator[Note]:
        """What is known of stages that cannot be told from others any more: it is not scored."""
        gone = (title for title in unit.worked if title not in self.live)
        yield from (Note(NOT_LIVE, "given", title, unit.data, unit.title, "", 0) for title in gone)

    def work(self, unit: ReviewedUnit, decided: Iterable[ShadowDecision]) -> Iterator[Work]:
        """What is known of all stages, in the order of pipeline.yaml; `decided` is about this data unit."""
        standing = _standing(unit)
        worked = sorted((one for one in decided if not one.rejected), key=lambda one: one.decided_at)
        last = {one.stage_title: one for one in worked}
        for stage in self._stages:
            if found := _live(stage, unit, standing) or _shadow(stage, last):
                yield found

    def submissions(self, unit: ReviewedUnit, decided: Iterable[ShadowDecision]) -> list[Submission]:
        """Everybody's labels of a data unit, agents' by stage; agents' that are nobody's under the name they have."""
        submitted = unit.submitted()
        found = {one.rater: one for one in submitted if one.rater.kind == "annotator"}
        for one in submitted:
            given = tuple(label for label in one.given if subject(label.content) not in self._owned)
            if one.rater.kind == "model" and given:
                found[one.rater] = Submission(one.unit, one.rater, given, self._rest(one.truth, given))
        for work in self.work(unit, decided):
            rater = Rater(work.stage.title, "model")
            whole = unit.beside_truth(rater, work.given)
            truth = tuple(label for label in whole.truth if subject(label.content) in work.asked)
            found[rater] = Submission(whole.unit, rater, work.given, truth)
        return list(found.values())

    def _rest(self, truth: Iterable[Label], given: Iterable[Label]) -> tuple[Label, ...]:
        """What is asked of nobody in particular: if stages that share it gave all of this, only what they share."""
        by_stages = all(subject(label.content) in self._shared for label in given)
        asked = self._shared if by_stages else {subject(label.content) for label in truth} - self._owned
        return tuple(label for label in truth if subject(label.content) in asked)


def _live(stage: LabellingStage, unit: ReviewedUnit, standing: Sequence[Label]) -> Work | None:
    if stage.shadow:
        return None
    mine = tuple(label for label in standing if subject(label.content) in stage.asked)
    # Agents give way to people: where only these labelled, nobody knows what the agent would have.
    given = {subject(label.content) for label in mine}
    asked = frozenset(one for one in stage.asked if one in given or one[1] not in unit.by_people)
    return Work(stage, mine, asked) if mine or (asked and stage.title in unit.worked) else None


def _shadow(stage: LabellingStage, last: Mapping[str, ShadowDecision]) -> Work | None:
    if not (decided := last.get(stage.title)):
        return None
    given = (Label(content, "agent", "") for content in decided.proposed if subject(content) in stage.asked)
    return Work(stage, tuple(given), stage.asked)


def _standing(unit: ReviewedUnit) -> list[Label]:
    return [kept.label for one in unit.submissions if one.kind == "model" for kept in one.labels]


def _owned(stage: Stage) -> frozenset[Subject]:
    owned = agent(stage).owned
    answers = frozenset[Subject](("classification", title) for title in owned.classifications)
    return answers | frozenset[Subject](("object", title) for title in owned.objects)


def subject(content: Proposal) -> Subject:
    """What a label with this content is about."""
    return ("classification", content.classification) if isinstance(content, Answer) else ("object", content.object)
