"""Label rows through the SDK's own objects: what the agent sees of one, and how its proposals are written."""

from encord.http.bundle import Bundle
from encord.objects import Classification, ClassificationInstance, LabelRowV2
from encord.objects.attributes import RadioAttribute

from encord_lambda.agents.agent import DataUnit
from encord_lambda.encord_platform.client import translated
from encord_lambda.errors import Reject
from encord_lambda.labels.ontology import Ontology
from encord_lambda.labels.proposals import Answer, Written, label_hash


class Row:
    """An initialised label row. Belongs to one thread."""

    def __init__(self, row: LabelRowV2, ontology: Ontology) -> None:
        self._row, self._ontology = row, ontology

    def unit(self, frame: int = 0) -> DataUnit:
        """What an agent is shown of this row's frame.

        Raises:
            Reject: The row has no such frame, or no URL for it.
        """
        if frame >= max(self._row.number_of_frames, 1):
            raise Reject(f"'{self._row.data_title}' has {self._row.number_of_frames} frames; there is no frame {frame}")
        url = self._row.data_link or self._row.get_frame_view(frame).data_link
        if not url:
            raise Reject(f"'{self._row.data_title}' has no address to read it from")
        return DataUnit(self._row.data_title, url, self._ontology, frame)

    def write(self, proposals: tuple[Answer, ...], agent: str) -> Written:
        """Put an agent's proposals into the row, in place of what the same agent wrote before.

        What a person answered stands: the proposal for it is dropped. Nothing is saved yet.
        """
        written = Written()
        for proposal in proposals:
            one = self._write(proposal, label_hash(agent, str(self._row.label_hash), proposal))
            written = Written(written.added + one.added, written.replaced + one.replaced, written.kept + one.kept)
        return written

    def save(self, bundle: Bundle | None = None) -> None:
        """Send the whole row, at once or with its bundle: the last writer wins."""
        with translated("save labels"):
            self._row.save(bundle=bundle)

    def _write(self, proposal: Answer, identity: str) -> Written:
        question = self._row.ontology_structure.get_child_by_title(proposal.classification, type_=Classification)
        standing = self._row.get_classification_instances(question, filter_frames=proposal.frame)
        ours = [one for one in standing if one.classification_hash == identity and not _edited(one, proposal.frame)]
        if len(standing) > len(ours):
            return Written(kept=1)
        for one in ours:
            self._row.remove_classification(one)
        self._row.add_classification_instance(_instance(question, proposal, identity))
        return Written(replaced=1) if ours else Written(added=1)


def _edited(instance: ClassificationInstance, frame: int) -> bool:
    """Whether a person changed a label: an edit keeps the label's hash and marks it as manual."""
    return instance.get_annotation(frame).manual_annotation


def _instance(question: Classification, proposal: Answer, identity: str) -> ClassificationInstance:
    instance = ClassificationInstance(question, classification_hash=identity)
    attribute = question.attributes[0]
    if isinstance(attribute, RadioAttribute):
        instance.set_answer(next(option for option in attribute.options if option.title == proposal.answer))
    else:
        instance.set_answer(proposal.answer)
    instance.set_for_frames(proposal.frame, confidence=proposal.confidence, manual_annotation=False)
    return instance
