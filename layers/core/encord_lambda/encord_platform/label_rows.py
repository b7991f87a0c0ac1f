"""Label rows through the SDK's own objects: what the agent sees of one, and how its proposals are written."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from encord.constants.enums import DataType
from encord.http.bundle import Bundle
from encord.objects import LabelRowV2

from encord_lambda.agents.agent import Agent, DataUnit, Facts
from encord_lambda.encord_platform.amending import amend
from encord_lambda.encord_platform.client import translated
from encord_lambda.encord_platform.label_reading import labels
from encord_lambda.encord_platform.label_replacing import Replacement
from encord_lambda.errors import Reject
from encord_lambda.labels.ontology import Ontology
from encord_lambda.labels.proposals import Amendment, Label, Owned, Proposal, Written


class Row:
    """A label row as it was listed, with client metadata. Belongs to one thread."""

    def __init__(self, row: LabelRowV2, ontology: Ontology, stage: UUID | None = None) -> None:
        self._row, self._ontology = row, ontology
        self._facts = _facts(row)
        # Read now, for what the listing says is not kept when the row is opened.
        self._waits_as = _task_at(stage, row) if stage else None

    def waits_as(self, task: UUID) -> bool:
        """Whether its listing says that this task waits with it at the stage it was listed for.

        False may mean that the listing does not say: that of another branch than main need not name a task.
        """
        return self._waits_as == task

    @property
    def item(self) -> UUID | None:
        """The storage item of its data unit, which an older platform may not say."""
        return self._row.backing_item_uuid

    @property
    def is_open(self) -> bool:
        """Whether its labels were fetched."""
        return self._row.is_labelling_initialised

    def open(self, bundle: Bundle | None = None) -> None:
        """Fetch its labels and signed URLs of its media, at once or with its bundle."""
        self._row.initialise_labels(include_signed_url=True, bundle=bundle)

    def close(self) -> None:
        """Have it not open any more, so that `is_open` says whether opening it again brought its labels."""
        # No other attribute of the SDK's tells, and without an answer the labels of before would be saved as today's.
        self._row._is_labelling_initialised = False

    def open_afresh(self, bundle: Bundle | None = None) -> None:
        """Fetch the labels that stand now, at once or with its bundle; what was written and not saved is gone."""
        self._row.initialise_labels(overwrite=True, bundle=bundle)

    def unit(self, frame: int = 0) -> DataUnit:
        """What an agent is shown of this row's frame; only the facts if it is not open.

        Raises:
            Reject: The row has no such frame, or no URL for it or for another picture of its group.
        """
        if frame >= max(self._row.number_of_frames, 1):
            raise Reject(f"'{self._row.data_title}' has {self._row.number_of_frames} frames; there is no frame {frame}")
        with translated(f"read frame {frame} of '{self._row.data_title}'"):
            if not self.is_open:
                return DataUnit(self._row.data_title, "", self._ontology, self._facts, frame)
            pictures = tuple(map(self._url, range(self._row.number_of_frames))) if self._is(DataType.IMG_GROUP) else ()
            url = pictures[frame] if pictures else self._url(frame)
        video = self._is(DataType.VIDEO)
        frames = max(self._row.number_of_frames, 1)
        return DataUnit(
            self._row.data_title, url, self._ontology, self._facts, frame, pictures, video, frames, labels=self.labels
        )

    def write(self, proposals: tuple[Proposal, ...], agent: Agent, frame: int | None = None) -> Written:
        """Put an agent's proposals into the row, in place of all the same agent wrote there before.

        With a `frame`, only what is on that frame is replaced. What a person wrote or edited stands, and so does what
        another agent wrote: a proposal in its place is dropped (of things, `agents.giving_way` says what that is). What
        a person deleted is written again if it is proposed again. Nothing is saved yet.

        Raises:
            Reject: The ontology, the row or the SDK does not allow a label.
        """
        if agent.owned == Owned():
            return Written()
        with translated(f"write labels of '{self._row.data_title}'"):
            return Replacement(self._row, agent, frame).write(proposals)

    def amend(self, amendments: Sequence[Amendment]) -> int:
        """Answer attributes of objects that stand, where nobody has yet; says how many. Nothing is saved yet.

        Raises:
            Gone: One of the objects is no longer there: nothing was answered.
            Reject: The ontology does not allow an answer.
        """
        with translated(f"answer attributes in '{self._row.data_title}'"):
            return amend(self._row, amendments)

    def strangers(self, hashes: Iterable[str]) -> tuple[str, ...]:
        """Those of these hashes that no object of the row has."""
        known = {one.object_hash for one in self._row.get_object_instances()}
        return tuple(one for one in hashes if one not in known)

    def labels(self) -> tuple[Label, ...]:
        """All labels that stand in the row now, whoever wrote them; what was written reads equal."""
        with translated(f"read labels of '{self._row.data_title}'"):
            return tuple(labels(self._row))

    def _url(self, frame: int) -> str:
        # Groups have an address for each picture, everything else has one for the row.
        url = self._row.data_link or self._row.get_frame_view(frame).data_link
        if not url:
            raise Reject(f"'{self._row.data_title}' has no address to read it from")
        return url

    def _is(self, kind: DataType) -> bool:
        return self._row.data_type is kind

    def save(self, bundle: Bundle | None = None) -> None:
        """Send the whole row, at once or with its bundle: the last writer wins, so open it afresh before writing."""
        with translated("save labels"):
            self._row.save(bundle=bundle)


def _task_at(stage: UUID, row: LabelRowV2) -> UUID | None:
    node = row.workflow_graph_node
    return row.task_uuid if node is not None and node.uuid == str(stage) else None


def _facts(row: LabelRowV2) -> Facts:
    # The SDK takes a row that is listed without a task for one of a project without a workflow, and refuses to answer.
    priority = row.priority if row.workflow_graph_node else None
    metadata = row.client_metadata or {}
    return Facts(UUID(row.dataset_hash), str(row.data_type.value), priority, metadata, UUID(row.data_hash))
