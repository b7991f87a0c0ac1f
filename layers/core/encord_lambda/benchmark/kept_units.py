"""What of a benchmark's kept data units can be scored, and whether there is time for it."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from encord_lambda.benchmark.desk import Desk, Task
from encord_lambda.benchmark.notes import Note, Notes
from encord_lambda.benchmark.reviewed import ReviewedUnit
from encord_lambda.errors import Reject, Retry

LEAST_SECONDS: Final = 300.0
UNIT_SECONDS: Final = 0.01
"""Six times what a picture with twenty objects and three annotators takes of a processor (`make bench-score`), for its
file is to be fetched, too."""
MOST_SECONDS: Final = 720.0
"""Of the function's fifteen minutes. The rest is for reading reviews, however much is kept."""
LAST_SECONDS: Final = 120.0
"""What it takes at most, after scoring, to write the report with its pictures, and to tell of it."""
STRANGE: Final = "a file among the benchmark's data units that is none of this version: not scored"
TOO_MUCH: Final = (
    "no report is made, for only {read} of {known} data units that are kept could be scored in the time there was. If"
    " it is so in each run, they are too many or too large: give the benchmark another `name` in pipeline.yaml, with"
    " which it begins anew, and fewer data units"
)


def reserve(known: int) -> float:
    """Seconds to keep back for a report of so many data units; what is not read by then is read by the next run."""
    return min(max(LEAST_SECONDS, known * UNIT_SECONDS), MOST_SECONDS)


def scorable[T: Task](benchmark: str, desk: Desk[T], known: int, notes: Notes) -> Iterator[ReviewedUnit]:
    """Those that have a ground truth; notes the others, and what is to be known about these.

    Raises:
        Retry: The time is too short for a report of all the `known`; says what to do.
        Trouble: S3 cannot be had.
    """
    for read, one in enumerate(desk.records.kept(benchmark)):
        if desk.time_left() < LAST_SECONDS:
            raise Retry(TOO_MUCH.format(read=read, known=known))
        if isinstance(one, Reject):
            notes.add(Note(STRANGE, "given", "", UUID(int=0), one.reason, "", 0))
            continue
        for note in one.remarks():
            notes.add(note)
        if not one.withdrawn:
            yield one
