"""Where all that is known of tasks and uploads is looked up: logs, claims and dead letters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from encord_lambda import explaining, letters
from encord_lambda.dispatch.claims import Claim
from encord_lambda.explaining import LogLine, Story, UploadStory
from encord_lambda.letters import Opened

_ESCAPED: Final = re.compile(r'["\\\x00-\x1f]')
"""What a log writes otherwise than it is: a key is searched for by its longest part without."""


class Logs(Protocol):
    """Some log groups."""

    def about(self, phrase: str, since: datetime) -> list[LogLine]:
        """All lines with this phrase, by their time."""


class Claims(Protocol):
    """The tasks' claims."""

    def of_task(self, task: UUID) -> Sequence[Claim]:
        """Those of one task, one for each stage it was at."""


@dataclass(frozen=True, slots=True)
class Archive:
    """All that is kept, as far back as `since`."""

    uploads: Logs
    """The logs of the functions that register."""
    work: Logs
    """The logs of the functions that sweep stages and work on tasks."""
    claims: Claims
    letters: Sequence[Opened]
    """The tasks' dead letters."""
    since: datetime

    def story(self, task: UUID) -> Story:
        """What is known of a task."""
        records = explaining.records(self.work.about(str(task), self.since), task)
        return Story(task, records, self.claims.of_task(task), letters.chosen(self.letters, "", task))

    def upload(self, key: str) -> UploadStory:
        """What is known of an object, and of the tasks about each item that it was registered as."""
        part = max(_ESCAPED.split(key), key=len)
        records = explaining.records(self.uploads.about(part, self.since), key) if part else []
        tasks = [task for item in explaining.items(records) for task in self._tasks(item)]
        return UploadStory(key, records, [self.story(task) for task in dict.fromkeys(tasks)])

    def _tasks(self, item: UUID) -> Sequence[UUID]:
        return explaining.tasks(explaining.records(self.work.about(str(item), self.since), item), item)
