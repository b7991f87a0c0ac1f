"""When a directory is complete: the one rule for uploads as they come and for what is in a bucket already."""

from datetime import datetime, timedelta
from typing import Final

from encord_lambda.config_registration import Grouping

SETTLING: Final = timedelta(seconds=20)
"""How long nothing must have come once the marker is there: it is seldom the last of many files to arrive."""


def complete_at(group: Grouping, last: datetime, *, is_marked: bool) -> datetime | None:
    """When a directory is complete if nothing comes after `last`; None if only its marker, which is missing, can tell.

    >>> noon = datetime(2031, 2, 3, 12)
    >>> str(complete_at(Grouping(quiet_minutes=30), noon, is_marked=False))
    '2031-02-03 12:30:00'
    """
    if is_marked:
        return last + SETTLING
    return last + timedelta(minutes=group.quiet_minutes) if group.quiet_minutes else None
