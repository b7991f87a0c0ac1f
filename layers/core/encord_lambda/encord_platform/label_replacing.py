"""An agent's proposals in place of all it wrote before; what anybody else wrote or edited stays (DESIGN §5.3)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from encord.objects import Classification, ClassificationInstance, LabelRowV2, Object, ObjectInstance

from encord_lambda.agents import giving_way
from encord_lambda.agents.agent import Agent
from encord_lambda.encord_platform.label_reading import answer_of, path_of
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
        identities = {self._pen.identity(answer, question) for answer in answers}
        standing = [one for one in self.row.get_classification_instances(question) if self._concerns(one, identities)]
        own = [one for one in standing if self._is_here_alone(one, question) and self._owner.wrote(one)]
        others = [one for one in standing if one not in own]
        if others and self.agent.owned.decisive and title == self.agent.owned.classifications[0]:
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
        taken = {one.object_hash for one in self.row.get_object_instances()}
        left = [thing for kind in kinds.values() for thing in self._left(things, kind)]
        for identity, thing in self._owner.identities(left, taken).items():
            self.row.add_object_instance(self._pen.draw(thing, kinds[thing.object], identity))
            self.added.add(identity)

    def _left(self, things: Sequence[Thing], kind: Object) -> Iterator[Thing]:
        """Of the things of one kind what is in the picture and does not give way to what stands."""
        seen = [self._visible(thing, kind) for thing in things if thing.object == kind.title]
        standing = [path_of(one) for one in self.row.get_object_instances(kind)]
        paths = [{each.frame: each.shape for each in thing.placements} for thing in seen]
        for thing, frames in zip(seen, giving_way.taken(paths, standing), strict=True):
            if placements := tuple(each for each in thing.placements if each.frame not in frames):
                yield replace(thing, placements=placements)
            elif frames:
                self.kept += 1

    def _visible(self, thing: Thing, kind: Object) -> Thing:
        placements = self._pen.visible(thing, kind)
        self.outside += len(thing.placements) - len(placements)
        return replace(thing, placements=placements)

    def _own_objects(self, kinds: dict[str, Object]) -> Iterator[ObjectInstance]:
        for kind in kinds.values():
            for instance in self.row.get_object_instances(kind):
                here = self.frame is None or instance.get_annotation_frames() == {self.frame}
                if here and self._owner.drew(instance):
                    yield instance

    def _concerns(self, instance: ClassificationInstance, identities: Collection[str]) -> bool:
        everywhere = self.frame is None or instance.is_range_only() or instance.classification_hash in identities
        return everywhere or instance.is_on_frame(self.frame or 0)

    def _is_here_alone(self, instance: ClassificationInstance, question: Classification) -> bool:
        """Whether nothing is lost on other frames if it is replaced."""
        if self.frame is None or question.is_global or instance.is_range_only():
            return True
        return all(span.start == span.end == self.frame for span in instance.range_list)

    def _taken(self, answer: Answer, question: Classification, others: Sequence[ClassificationInstance]) -> bool:
        """Whether another answer stands there, or a person moved this one to other frames."""
        if question.is_global:
            return bool(others)
        first, last = self._pen.frames(answer, question)
        moved = self._pen.identity(answer, question) in {one.classification_hash for one in others}
        return moved or any(span.start <= last and first <= span.end for one in others for span in one.range_list)


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
