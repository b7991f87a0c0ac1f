"""People who annotate during the run, with the SDK and their own key: they answer, correct, draw and send back.

They bear Encord's trouble as people do: they look whether it worked, and do it again. What they wrote stands in the
ledger `people`, for the audit.
"""

import itertools
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import boto3
from encord import EncordUserClient
from encord.exceptions import EncordException
from encord.http.constants import RequestsSettings
from encord.objects import Classification, LabelRowV2, Object, Option
from encord.objects.coordinates import BoundingBoxCoordinates
from encord.project import Project
from encord.workflow import AnnotationStage
from encord.workflow.stages.annotation import AnnotationTask

from tests.chaos.items import BOXES, LOOPING, SORT, STAGE_OF, Item
from tests.chaos.plan import Place
from tests.chaos.world import AGENT_STAGE, PERSON

ONCE: Final = RequestsSettings(max_retries=0, connection_retries=2, connect_timeout=5, read_timeout=30, write_timeout=30)
LEDGER: Final = "people"
PAUSE: Final = 0.3
OWN_BOX: Final = BoundingBoxCoordinates(height=0.2, width=0.2, top_left_x=0.7, top_left_y=0.05)
CORRECTED: Final = BoundingBoxCoordinates(height=0.3, width=0.3, top_left_x=0.11, top_left_y=0.1)


@dataclass(frozen=True, slots=True)
class Known:
    """Where an item's task is found."""

    item: Item
    task: UUID
    data: UUID


def project(place: Place, desk: str) -> Project:
    """A project as a person opens it."""
    client = EncordUserClient.create_with_ssh_private_key(
        place.person, domain=place.encord, requests_settings=ONCE, user_agent_suffix="person"
    )
    return client.get_project(str(place.projects[desk]))


def prepare(place: Place, known: Mapping[int, Known]) -> None:
    """What people wrote before anything runs."""
    for desk in (SORT, BOXES):
        early = [one for one in known.values() if one.item.desk == desk and one.item.person == "before"]
        person = _Person(place, desk)
        for some in itertools.batched(early, 100, strict=False):
            rows = person.rows([one.data for one in some])
            with person.project.create_bundle() as bundle:
                for one in some:
                    person.write(one.item, rows[one.data])
                    rows[one.data].save(bundle=bundle)
            for one in some:
                person.confess(one.item, rows[one.data], certain=True)


def annotate(place: Place, known: Mapping[int, Known]) -> None:
    """Work until the run is over."""
    os.environ.update(place.environment)
    sort, boxes = (_surely(place, lambda desk=desk: _Person(place, desk)) for desk in (SORT, BOXES))
    late = sort.answer_meanwhile([one for one in known.values() if one.item.person == "meanwhile"])
    for _ in place.shift():
        next(late, None)
        sort.send_back(STAGE_OF[LOOPING], known, _submit)
        boxes.send_back("Annotate", known, boxes.move_to_agent)
        time.sleep(PAUSE)


class _Person:
    """Somebody at work in one project."""

    def __init__(self, place: Place, desk: str) -> None:
        self.place, self.desk, self.project = place, desk, project(place, desk)
        self._sent: Counter[int] = Counter()
        self._seen: set[tuple[int, object]] = set()
        self._claims = boto3.client("dynamodb")

    def rows(self, data: Sequence[UUID]) -> dict[UUID, LabelRowV2]:
        """Label rows with their labels, by data unit."""
        found = self.project.list_label_rows_v2(data_hashes=list(data))
        with self.project.create_bundle() as bundle:
            for row in found:
                row.initialise_labels(bundle=bundle, overwrite=True)
        return {UUID(row.data_hash): row for row in found}

    def write(self, item: Item, row: LabelRowV2) -> None:
        """Put this person's own labels in."""
        if self.desk == SORT:
            _answer(row, item.answer)
        elif item.answer == "edits":
            _correct(row)
        else:
            _draw(row)

    def confess(self, item: Item, row: LabelRowV2, *, certain: bool) -> None:
        """Note in the ledger what of a person's stands in the row now."""
        for answer in row.get_classification_instances():
            option = answer.get_answer()
            assert isinstance(option, Option)
            self._note(item, certain, hash=answer.classification_hash, says=option.label)
        for thing in row.get_object_instances():
            [seen] = thing.get_annotations()
            at = seen.coordinates
            if seen.manual_annotation and isinstance(at, BoundingBoxCoordinates):
                says = f"{thing.object_name} {at.top_left_x:.4f} {at.top_left_y:.4f} {at.width:.4f} {at.height:.4f}"
                self._note(item, certain, hash=thing.object_hash, says=says)

    def answer_meanwhile(self, late: Sequence[Known]) -> Iterator[None]:
        """One after the other answer pictures that no worker has in hand yet: the last of the queue first."""
        for one in reversed(late):
            if self._claim(one.task) is None:
                self._write_surely(one, lambda one=one: self._claim(one.task) in (None, "queued"))
            yield

    def send_back(self, stage: str, known: Mapping[int, Known], send: Callable[[AnnotationTask], None]) -> None:
        """Send the tasks of a stage back to the agent that have not been sent often enough; the last time with labels."""
        here = {
            one.data: one
            for number, one in known.items()
            if one.item.desk == self.desk and self._sent[number] < one.item.returns
        }
        for some in itertools.batched(here, 100, strict=False):
            for task in _surely(self.place, lambda some=some: list(self._stage(stage).get_tasks(data_hash=list(some)))):
                self._send(stage, task, here[task.data_hash], send)

    def move_to_agent(self, task: AnnotationTask) -> None:
        """Take a task to the agent's stage, from where it was."""
        task.move(destination_stage_uuid=self.project.workflow.get_stage(name=AGENT_STAGE[self.desk]).uuid)

    def _send(self, stage: str, task: AnnotationTask, one: Known, send: Callable[[AnnotationTask], None]) -> None:
        number = one.item.number
        if (number, task.updated_at) in self._seen:
            return  # an answer from behind the times
        writes = one.item.person == "at return"
        if writes and self._sent[number] + 1 == one.item.returns:
            self._write_surely(one, lambda: True)
        self._seen.add((number, task.updated_at))
        for attempt in itertools.count(2):
            try:
                send(task)
                break
            except EncordException:
                if not self._still_there(stage, task, attempt):
                    break
        self._sent[number] += 1
        self.place.note(LEDGER, number=number, sent_back=self._sent[number])

    def _still_there(self, stage: str, task: AnnotationTask, attempt: int) -> bool:
        """Asked in words nobody used before, so that no answer from behind the times fits."""
        asked = [task.data_hash] * attempt
        found = _surely(self.place, lambda: list(self._stage(stage).get_tasks(data_hash=asked)))
        return any(one.uuid == task.uuid and one.updated_at == task.updated_at for one in found)

    def _write_surely(self, one: Known, untouched: Callable[[], bool]) -> None:
        row = _surely(self.place, lambda: self.rows([one.data]))[one.data]
        self.write(one.item, row)
        _surely(self.place, row.save)
        self.confess(one.item, row, certain=untouched())

    def _stage(self, title: str) -> AnnotationStage:
        return self.project.workflow.get_stage(name=title, type_=AnnotationStage)

    def _claim(self, task: UUID) -> str | None:
        found = self._claims.query(
            TableName=self.place.environment["CLAIMS_TABLE"],
            ConsistentRead=True,
            KeyConditionExpression="task = :task",
            ExpressionAttributeValues={":task": {"S": str(task)}},
        )["Items"]
        return found[0]["state"]["S"] if found else None

    def _note(self, item: Item, certain: bool, **label: str) -> None:
        self.place.note(LEDGER, number=item.number, by=PERSON, certain=certain, **label)


def _submit(task: AnnotationTask) -> None:
    task.submit()


def _answer(row: LabelRowV2, option: str) -> None:
    question = row.ontology_structure.get_child_by_title("Animal", type_=Classification)
    wanted = question.get_child_by_title(option, type_=Option)
    if standing := row.get_classification_instances(question):
        standing[0].set_answer(wanted, overwrite=True)
        standing[0].set_for_frames(0, overwrite=True, manual_annotation=True, last_edited_by=PERSON)
        return
    instance = question.create_instance()
    instance.set_answer(wanted)
    instance.set_for_frames(0, manual_annotation=True)
    row.add_classification_instance(instance)


def _correct(row: LabelRowV2) -> None:
    cat = row.ontology_structure.get_child_by_title("Cat", type_=Object)
    [drawn] = row.get_object_instances(cat)
    drawn.set_for_frames(CORRECTED, 0, overwrite=True, manual_annotation=True, last_edited_by=PERSON)


def _draw(row: LabelRowV2) -> None:
    instance = row.ontology_structure.get_child_by_title("Cat", type_=Object).create_instance()
    instance.set_for_frames(OWN_BOX, 0, manual_annotation=True)
    row.add_object_instance(instance)


def _surely[T](place: Place, act: Callable[[], T]) -> T:
    """What it returns, as soon as Encord lets it."""
    while True:
        try:
            return act()
        except EncordException:
            if place.is_over:
                raise
            time.sleep(PAUSE)


def known_tasks(items: Iterable[Item], tasks: Mapping[str, tuple[UUID, UUID]]) -> dict[int, Known]:
    """The items with their tasks, which are given by title."""
    return {item.number: Known(item, *tasks[item.title]) for item in items}


def agent_stage(place: Place, desk: str) -> UUID:
    """The id of a project's agent stage."""
    return project(place, desk).workflow.get_stage(name=AGENT_STAGE[desk]).uuid
