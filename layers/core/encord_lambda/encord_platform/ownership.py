"""Which labels of a row an agent may replace: those it wrote itself and nobody touched since (DESIGN §5.3)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from encord.objects import ClassificationInstance, ObjectInstance

from encord_lambda.labels.proposals import Thing, label_hash, object_hash, object_mark


@dataclass(frozen=True, slots=True)
class Owner:
    """An agent, in one label row. Known again by the hashes of its labels, which are the same in every run."""

    agent: str
    row: str
    """The label row's hash."""

    def wrote(self, instance: ClassificationInstance) -> bool:
        """Whether an answer is the agent's own."""
        first = instance.range_list[0].start if instance.range_list else 0
        identity = label_hash(self.agent, self.row, instance.classification_name, first)
        return instance.classification_hash == identity and not is_edited(instance)

    def drew(self, instance: ObjectInstance) -> bool:
        """Whether an object is the agent's own, on all of its frames."""
        mark = object_mark(self.agent, self.row, instance.object_name)
        return instance.object_hash.startswith(mark) and not any(map(is_edited, instance.get_annotations()))

    def identities(self, things: Iterable[Thing], taken: Collection[str] = ()) -> dict[str, Thing]:
        """Hashes for all of the agent's things; where one is taken, or two would share it, the next one free."""
        found: dict[str, Thing] = {}
        for thing in things:
            key = thing.key
            while (identity := object_hash(self.agent, self.row, thing.object, key)) in found or identity in taken:
                key += "'"
            found[identity] = thing
        return found


def is_edited(label: ClassificationInstance | ObjectInstance.Annotation) -> bool:
    """Whether a person made or changed a label: an edit keeps its hash, marks it as manual, and signs it.

    What is not seen: the deletion of a label, which is gone, so that the next run writes it again.
    """
    signed = label.created_by and label.last_edited_by and label.created_by != label.last_edited_by
    return label.manual_annotation or bool(signed)
