"""Label rows through the SDK's own objects: what the agent sees of one, and how its proposals are written."""

from encord.http.bundle import Bundle
from encord.objects import Classification, ClassificationInstance, LabelRowV2, Option
from encord.objects.attributes import RadioAttribute

from encord_lambda.agents.agent import Agent, DataUnit
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
        with translated(f"read frame {frame} of '{self._row.data_title}'"):
            url = self._row.data_link or self._row.get_frame_view(frame).data_link
        if not url:
            raise Reject(f"'{self._row.data_title}' has no address to read it from")
        return DataUnit(self._row.data_title, url, self._ontology, frame)

    def write(self, proposals: tuple[Answer, ...], agent: Agent, frame: int = 0) -> Written:
        """Put an agent's proposals for a frame into the row, in place of all the same agent wrote there before.

        What a person answered or edited stands: the proposal for it is dropped. Nothing is saved yet.

        Raises:
            Reject: The SDK refuses the label.
        """
        with translated(f"write labels of '{self._row.data_title}'"):
            question = self._row.ontology_structure.get_child_by_title(agent.question, type_=Classification)
            identity = label_hash(agent.name, str(self._row.label_hash), agent.question, frame)
            standing = self._row.get_classification_instances(question, filter_frames=frame)
            ours = [one for one in standing if one.classification_hash == identity and not _edited(one, frame)]
            theirs = [one for one in standing if one not in ours]
            if theirs:
                return Written(standing=_answer(theirs[0]))
            for one in ours:
                self._row.remove_classification(one)
            for proposal in proposals:
                self._row.add_classification_instance(_instance(question, proposal, identity))
            return Written(replaced=1) if ours else Written(added=len(proposals))

    def save(self, bundle: Bundle | None = None) -> None:
        """Send the whole row, at once or with its bundle: the last writer wins."""
        with translated("save labels"):
            self._row.save(bundle=bundle)


def _edited(instance: ClassificationInstance, frame: int) -> bool:
    """Whether a person changed a label: an edit keeps the label's hash and marks it as manual."""
    return instance.get_annotation(frame).manual_annotation


def _answer(instance: ClassificationInstance) -> str:
    """The answer in words; empty where the label has none."""
    answer = instance.get_answer()
    return answer.title if isinstance(answer, Option) else str(answer or "")


def _instance(question: Classification, proposal: Answer, identity: str) -> ClassificationInstance:
    instance = ClassificationInstance(question, classification_hash=identity)
    attribute = question.attributes[0]
    if isinstance(attribute, RadioAttribute):
        instance.set_answer(_option(attribute, proposal.answer))
    else:
        instance.set_answer(proposal.answer)
    instance.set_for_frames(proposal.frame, confidence=proposal.confidence, manual_annotation=False)
    return instance


def _option(attribute: RadioAttribute, title: str) -> Option:
    for option in attribute.options:
        if option.title == title:
            return option
    raise Reject(f"'{attribute.title}' has no option '{title}' in the ontology of this label row")
