"""People who annotate during the run, with the SDK and their own key: they answer, correct, draw and send back.

They bear Encord's trouble as people do: they look whether it worked, and do it again. What they wrote stands in the
ledger `people`, for the audit.
"""

import itertools
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Final
from uuid import UUID

from encord.dataset import Dataset
from encord.exceptions import EncordException, ResourceNotFoundError
from encord.objects import LabelRowV2
from encord.workflow import AnnotationStage
from encord.workflow.stages.annotation import AnnotationTask

from tests.chaos import rows
from tests.chaos.asking import agent_stage, client, encord, project
from tests.chaos.handwriting import write
from tests.chaos.items import BOXES, LOOPING, SORT, STAGE_OF, Item, Known
from tests.chaos.plan import Place
from tests.chaos.world import DATASETS

LEDGER: Final = "people"
PAUSE: Final = 0.3


def prepare(place: Place, known: Mapping[int, Known]) -> None:
    """What people wrote before anything runs."""
    for desk in (SORT, BOXES):
        early = [one for one in known.values() if one.item.desk == desk and one.item.person == "before"]
        person = _Person(place, desk)
        for some in itertools.batched(early, 100, strict=False):
            opened = person.rows([one.data for one in some])
            with person.project.create_bundle() as bundle:
                for one in some:
                    write(one.item, opened[one.data])
                    opened[one.data].save(bundle=bundle)
            for one in some:
                person.confess(one.item, opened[one.data], certain=True)


def annotate(place: Place, known: Mapping[int, Known]) -> None:
    """Work until the run is over."""
    os.environ.update(place.environment)
    sort, boxes = (_surely(place, partial(_Person, place, desk)) for desk in (SORT, BOXES))
    late = sort.answer_meanwhile([one for one in known.values() if one.item.person == "meanwhile"])
    unwanted = _deleting(place, [one for one in known.values() if one.item.person == "deletes"])
    for _ in place.shift():
        next(late, None)
        next(unwanted, None)
        sort.send_back(STAGE_OF[LOOPING], known, _submit)
        boxes.send_back("Annotate", known, boxes.move_to_agent)
        time.sleep(PAUSE)


class _Person:
    """Somebody at work in one project."""

    def __init__(self, place: Place, desk: str) -> None:
        self.place, self.desk, self.project = place, desk, project(place, desk)
        self._sent: Counter[int] = Counter()
        self._seen: set[tuple[int, object]] = set()
        self._claims = client(place, "dynamodb")

    def rows(self, data: Sequence[UUID]) -> dict[UUID, LabelRowV2]:
        """Label rows with their labels, by data unit."""
        found = self.project.list_label_rows_v2(data_hashes=list(data))
        with self.project.create_bundle() as bundle:
            for row in found:
                row.initialise_labels(bundle=bundle, overwrite=True)
        return {UUID(row.data_hash): row for row in found}

    def confess(self, item: Item, row: LabelRowV2, *, certain: bool) -> None:
        """Note in the ledger what of a person's stands in the row now."""
        for label in rows.labels(row):
            if label.by_person:
                self.place.note(LEDGER, number=item.number, hash=label.hash, says=label.says, certain=certain)

    def answer_meanwhile(self, late: Sequence[Known]) -> Iterator[None]:
        """One after the other answer pictures that no worker has in hand yet: the last of the queue first."""
        for one in reversed(late):
            if self._claim(one.task) is None:
                self._write_surely(one)
            yield

    def send_back(self, stage: str, known: Mapping[int, Known], send: Callable[[AnnotationTask], None]) -> None:
        """Send a stage's tasks back to the agent that were not sent often enough; the last time with labels."""
        here = {
            one.data: one
            for number, one in known.items()
            if one.item.desk == self.desk and self._sent[number] < one.item.returns
        }
        for some in itertools.batched(here, 100, strict=False):
            for task in _surely(self.place, partial(self._listed, stage, some)):
                self._send(stage, task, here[task.data_hash], send)

    def move_to_agent(self, task: AnnotationTask) -> None:
        """Take a task to the agent's stage, from where it was."""
        task.move(destination_stage_uuid=agent_stage(self.project, self.desk))

    def _send(self, stage: str, task: AnnotationTask, one: Known, send: Callable[[AnnotationTask], None]) -> None:
        number = one.item.number
        if (number, task.updated_at) in self._seen:
            return  # an answer from behind the times
        writes = one.item.person == "at return"
        if writes and self._sent[number] + 1 == one.item.returns:
            self._write_surely(one)
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
        found = _surely(self.place, partial(self._listed, stage, asked))
        return any(one.uuid == task.uuid and one.updated_at == task.updated_at for one in found)

    def _write_surely(self, one: Known) -> None:
        """Write and save; with a worker at the task meanwhile, nobody knows whose labels came first."""
        row = _surely(self.place, lambda: self.rows([one.data]))[one.data]
        write(one.item, row)
        _surely(self.place, row.save)
        here = one.item.person == "meanwhile"
        self.confess(one.item, row, certain=not here or self._claim(one.task) in (None, "queued"))

    def _listed(self, stage: str, data: Sequence[UUID]) -> list[AnnotationTask]:
        return list(self.project.workflow.get_stage(name=stage, type_=AnnotationStage).get_tasks(data_hash=list(data)))

    def _claim(self, task: UUID) -> str | None:
        found = self._claims.query(
            TableName=self.place.environment["CLAIMS_TABLE"],
            ConsistentRead=True,
            KeyConditionExpression="task = :task",
            ExpressionAttributeValues={":task": {"S": str(task)}},
        )["Items"]
        return found[0]["state"]["S"] if found else None


def _deleting(place: Place, unwanted: Sequence[Known]) -> Iterator[None]:
    """One after the other delete data units, wherever their tasks are by then."""
    datasets = {desk: _surely(place, partial(encord(place).get_dataset, str(uuid))) for desk, uuid in DATASETS.items()}
    for one in unwanted:
        _surely(place, partial(_delete, datasets[one.item.desk], one.data))
        place.note(LEDGER, number=one.item.number, deleted=True, fault="data deleted")
        yield


def _delete(dataset: Dataset, data: UUID) -> None:
    with suppress(ResourceNotFoundError):  # it was deleted, and the answer lost
        dataset.delete_data([str(data)])


def _submit(task: AnnotationTask) -> None:
    task.submit()


def _surely[T](place: Place, act: Callable[[], T]) -> T:
    """What it returns, as soon as Encord lets it."""
    while True:
        try:
            return act()
        except EncordException:
            if place.is_over:
                raise
            time.sleep(PAUSE)
