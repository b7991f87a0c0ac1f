"""Label rows of the true SDK without a platform: made, written and read back as the wire would carry them."""

import copy
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, ClassVar, Final, cast
from unittest.mock import Mock
from uuid import UUID

from encord.objects import LabelRowV2, OntologyStructure
from encord.orm.label_row import AnnotationTaskStatus, LabelRowMetadata, LabelStatus, WorkflowGraphNode

from encord_lambda.encord_platform.label_rows import Row
from encord_lambda.labels.ontology import Ontology
from encord_lambda.labels.proposals import Label, Owned, Proposal, Written

Json = dict[str, Any]
WHEN: Final = "Fri, 20 Nov 2026 22:27:40 UTC"
SIDE: Final = 8
"""Width and height of each frame, in pixels."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a data unit is: its type in the metadata, in the row, and as a file."""

    name: str
    file: str
    frames: int


DATA: Final = str(UUID(int=3))
IMAGE: Final = Kind("IMAGE", "image/png", 1)
GROUP: Final = Kind("IMG_GROUP", "image/png", 10)
VIDEO: Final = Kind("VIDEO", "video/mp4", 10)
AUDIO: Final = Kind("AUDIO", "audio/mpeg", 1)
TEXT: Final = Kind("PLAIN_TEXT", "text/plain", 1)
PDF: Final = Kind("PDF", "application/pdf", 3)


@dataclass(frozen=True, slots=True)
class Scribe:
    """An agent that decides nothing; its labels are handed in."""

    owned: Owned
    name: str = "scribe"
    looks: ClassVar[bool] = True

    def decide(self, unit: object, tools: object) -> Any:
        raise NotImplementedError


def a_row(structure: Json, kind: Kind = IMAGE, labels: Json | None = None) -> LabelRowV2:
    """A row of this ontology, empty or with the labels of `sent`."""
    ontology = SimpleNamespace(structure=OntologyStructure.from_dict(copy.deepcopy(structure)))
    row = LabelRowV2(_metadata(kind), Mock(), cast("Any", ontology))
    row.from_labels_dict(labels or _empty(kind))
    return row


def sent(row: LabelRowV2) -> Json:
    """What saving the row sends, through JSON as on the wire."""
    found: Json = json.loads(json.dumps(row.to_encord_dict()))
    return found


def written(row: LabelRowV2, structure: Json, agent: Scribe, *proposals: Proposal) -> Written:
    """Write an agent's proposals into a row."""
    return Row(row, Ontology.parse(structure)).write(proposals, agent)


def read_back(row: LabelRowV2, structure: Json, kind: Kind = IMAGE) -> tuple[Label, ...]:
    """The labels of a row as another process finds them once it is saved."""
    return Row(a_row(structure, kind, sent(row)), Ontology.parse(structure)).labels()


def _metadata(kind: Kind) -> LabelRowMetadata:
    moving = kind in (VIDEO, AUDIO)
    return LabelRowMetadata(
        label_hash="row",
        created_at=datetime(2026, 11, 20, tzinfo=UTC),
        last_edited_at=datetime(2026, 11, 20, tzinfo=UTC),
        branch_name="main",
        data_hash=DATA,
        dataset_hash=str(UUID(int=1)),
        dataset_title="pets",
        data_title="one",
        data_type=kind.name,
        data_link=None if kind is GROUP else "https://x/one",
        label_status=LabelStatus.NOT_LABELLED,
        annotation_task_status=AnnotationTaskStatus.QUEUED,
        workflow_graph_node=WorkflowGraphNode(str(UUID(int=2)), "Agent 1"),
        is_shadow_data=False,
        frames_per_second=25.0 if moving else None,
        number_of_frames=kind.frames,
        duration=1.0 if moving else None,
        height=SIDE,
        width=SIDE,
        audio_sample_rate=44100,
        audio_codec="mp3",
        audio_bit_depth=16,
        audio_num_channels=2,
        spaces={},
        file_type=kind.file,
    )


def _empty(kind: Kind) -> Json:
    units = range(kind.frames) if kind is GROUP else [0]
    return {
        "label_hash": "row",
        "branch_name": "main",
        "created_at": WHEN,
        "last_edited_at": WHEN,
        "data_hash": DATA,
        "dataset_hash": str(UUID(int=1)),
        "dataset_title": "pets",
        "data_title": "one",
        "data_type": kind.name.lower(),
        "annotation_task_status": "QUEUED",
        "is_shadow_data": False,
        "label_status": "NOT_LABELLED",
        "object_answers": {},
        "classification_answers": {},
        "object_actions": {},
        "spaces": {},
        "data_units": {_unit_hash(kind, number): _unit(kind, number) for number in units},
    }


def _unit_hash(kind: Kind, number: int) -> str:
    return f"frame{number}" if kind is GROUP else DATA


def _unit(kind: Kind, number: int) -> Json:
    unit: Json = {
        "data_hash": _unit_hash(kind, number),
        "data_title": "one",
        "data_link": f"https://x/{number}" if kind is GROUP else "https://x/one",
        "data_type": kind.file,
        "data_sequence": str(number) if kind is GROUP else number,
        "width": SIDE,
        "height": SIDE,
        "labels": {"objects": [], "classifications": []} if kind in (IMAGE, GROUP) else {},
    }
    if kind is AUDIO:
        unit |= {"audio_codec": "mp3", "audio_sample_rate": 44100, "audio_bit_depth": 16, "audio_num_channels": 2}
    if kind in (VIDEO, AUDIO):
        unit |= {"data_fps": 25.0, "data_duration": 1.0}
    return unit
