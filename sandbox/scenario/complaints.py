"""What a function's log complains about, in lines a person can read."""

import json
import re
from collections.abc import Sequence

ROUTINE = re.compile(r"(START|END|REPORT|INIT_START) ")  # Lambda's own lines
HARMLESS = ("DEBUG", "INFO")
TELLING = ("level", "message", "subject", "reason", "exception")  # of an entry's fields; the others say where and when
LAST_LINES, LONGEST_LINE = 8, 600


def complaints(lines: Sequence[str]) -> list[str]:
    """The last of them: entries above INFO, and whatever is no entry at all (tracebacks, for one)."""
    return [line[:LONGEST_LINE] for said in lines if (line := _complaint(said))][-LAST_LINES:]


def _complaint(said: str) -> str:
    """What one line complains about; empty if it does not."""
    if ROUTINE.match(said):
        return ""
    try:
        entry = json.loads(said)
    except json.JSONDecodeError:
        return said.strip()
    if not isinstance(entry, dict):
        return said.strip()
    if entry.get("level") in HARMLESS or "_aws" in entry:  # the latter are metrics
        return ""
    return " · ".join(str(entry[field]) for field in TELLING if field in entry) or said.strip()
