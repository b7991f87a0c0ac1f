"""An agent's proposals in place of all it wrote before; what anybody else wrote or edited stays (DESIGN §5.3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from encord.objects import Classification, ClassificationInstance, LabelRowV2, Object, ObjectInstance

from encord_lambda.agents.agent import Agent
from encord_lambda.encord_platform.label_reading import answer_of
from encord_lambda.encord_platform.label_writing import Pen, titled
from encord_lambda.encord_platform.ownership import Owner
from encord_lambda.errors import Reject
from encord_lambda.labels.proposals import Answer, Choice, Proposal, Thing, Written


@dataclass(slots=True)
class Replacement:
    """One agent's writing into one label row; on one frame of it, where `frame` is given."""

    row: LabelRowV2
    agent: Agent
    frame: int | None
    removed: set[str] = field(default_factory=set)
    added: set[str] = field(default_factory=set)
    standing: str | None = None
    kept: int = 0
    outside: int = 0

    def write(self, proposals: Sequence[Proposal]) -> Written:
        """Replace what the agent owns; nothing is saved yet.

        Raises:
            Reject: The agent does not own what it proposes, or the ontology or the row does not allow it.
        """
        self._check_owned(proposals)
        for title in self.agent.owned.classifications:
            self._answer(title, [one for one in proposals if isinstance(one, Answer) and one.classification == title])
        self._draw([one for one in proposals if isinstance(one, Thing)])
        return Written(len(self.added - self.removed), len(self.removed), self.standing, self.kept, self.outside)

    @property
    def _pen(self) -> Pen:
        return Pen(self.agent.name, self.row)

    @property
    def _owner(self) -> Owner:
        return Owner(self.agent.name, str(self.row.label_hash))

    def _check_owned(self, proposals: Sequence[Proposal]) -> None:
        owned = self.agent.owned
        for one in proposals:
            title, own = (
                (one.classification, owned.classifications) if isinstance(one, Answer) else (one.object, owned.objects)
            )
            if title not in own:
                raise Reject(f"the agent {self.agent.name} proposes '{title}', which is not among what it owns")

    def _answer(self, title: str, answers: Sequence[Answer]) -> None:
        question = titled(self.row, title, Classification)
        standing = [one for one in self.row.get_classification_instances(question) if self._concerns(one)]
        own = [one for one in standing if self._owner.wrote(one)]
        others = [one for one in standing if one not in own]
        if others and title == self.agent.owned.classifications[0]:
            self.standing = _words(others[0])
        for instance in own:
            self.row.remove_classification(instance)
            self.removed.add(instance.classification_hash)
        for answer in answers:
            if self._taken(answer, question, others):
                self.kept += 1
            else:
                self._add(self._pen.answer(answer, question))

    def _add(self, instance: ClassificationInstance) -> None:
        self.row.add_classification_instance(instance)
        self.added.add(instance.classification_hash)

    def _draw(self, things: Sequence[Thing]) -> None:
        kinds = {title: titled(self.row, title, Object) for title in self.agent.owned.objects}
        for instance in list(self._own_objects(kinds)):
            self.row.remove_object(instance)
            self.removed.add(instance.object_hash)
        standing = {one.object_hash for one in self.row.get_object_instances()}
        for identity, thing in self._owner.identities(things).items():
            placements = self._pen.visible(thing, kinds[thing.object])
            self.outside += len(thing.placements) - len(placements)
            if identity in standing:
                self.kept += 1
            elif placements:
                self.row.add_object_instance(self._pen.draw(thing, kinds[thing.object], placements, identity))
                self.added.add(identity)

    def _own_objects(self, kinds: dict[str, Object]) -> Iterator[ObjectInstance]:
        for kind in kinds.values():
            for instance in self.row.get_object_instances(kind):
                here = self.frame is None or instance.get_annotation_frames() == {self.frame}
                if here and self._owner.drew(instance):
                    yield instance

    def _concerns(self, instance: ClassificationInstance) -> bool:
        everywhere = self.frame is None or instance.is_range_only()
        return everywhere or instance.is_on_frame(self.frame or 0)

    def _taken(self, answer: Answer, question: Classification, others: Sequence[ClassificationInstance]) -> bool:
        if question.is_global:
            return bool(others)
        first, last = self._pen.frames(answer, question)
        return any(span.start <= last and first <= span.end for one in others for span in one.range_list)


def _words(instance: ClassificationInstance) -> str:
    """An answer in words; empty where the label has none."""
    match answer_of(instance):
        case None:
            return ""
        case Choice(option=option):
            return option
        case tuple() as ticked:
            return ", ".join(ticked)
        case other:
            return str(other)
