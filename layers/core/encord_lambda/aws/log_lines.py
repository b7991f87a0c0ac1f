"""What log groups have of one thing."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from encord_lambda.aws.trouble import translated
from encord_lambda.explaining import LogLine

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient


class LogLines:
    """Some log groups, for reading."""

    def __init__(self, logs: "CloudWatchLogsClient", groups: Sequence[str]) -> None:
        self._logs, self.groups = logs, tuple(groups)

    def about(self, phrase: str, since: datetime) -> list[LogLine]:
        """All lines with this phrase, by their time; those of the same moment as they were written.

        CloudWatch looks through all that was logged since, which may take it a minute for a gigabyte.
        """
        found = [line for group in self.groups for line in self._of(group, phrase, since)]
        return sorted(found, key=lambda line: line.at)

    def _of(self, group: str, phrase: str, since: datetime) -> Iterator[LogLine]:
        with translated(f"search the log group {group}"):
            pages = self._logs.get_paginator("filter_log_events").paginate(
                logGroupName=group, filterPattern=f'"{phrase}"', startTime=max(0, int(since.timestamp() * 1000))
            )
            for page in pages:
                for event in page["events"]:
                    yield LogLine(datetime.fromtimestamp(event["timestamp"] / 1000, UTC), event["message"])
