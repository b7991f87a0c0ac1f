"""What a run was put through and what came of it, counted from its ledgers and from the functions' own logs."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field

from tests.chaos import facts
from tests.chaos.asking import ask
from tests.chaos.plan import Place

_PARTICULARS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{5}-[A-Za-z-]+\.jpg|'[^']*'|\d+(\.\d+)?|https?://\S+")


@dataclass(slots=True)
class Tally:
    """Counts; reasons are without their particulars."""

    faults: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    retries: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    failed_calls: Counter[str] = field(default_factory=Counter)
    tries: Counter[str] = field(default_factory=Counter)
    batches: int = 0
    messages: int = 0
    encord_requests: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


def tally(place: Place) -> Tally:
    """The tally of a run whose servers still stand."""
    found = Tally()
    for note in place.notes("*"):
        if "fault" in note:
            found.faults[note["fault"]] += note.get("times", 1)
        if "failed" in note:
            found.failed_calls[_words(note["failed"])] += 1
        if "kept" in note:
            found.batches += 1
            found.messages += note["messages"]
    found.faults.update(ask(f"{place.far_side}/_trouble"))
    found.faults = +found.faults
    _read_logs(place, found)
    found.tries.update(facts.tries(place))
    found.encord_requests = sum(
        ask(f"{place.encord}/_twin/log?agent=run_tasks&last=1")["by_agent"].get("encord-lambda/run_tasks", {}).values()
    )
    return found


def _read_logs(place: Place, found: Tally) -> None:
    reasons = {"Postponed": found.retries, "Rejected": found.rejected, "Skipped": found.skipped}
    for path in place.folder.glob("*-[0-9].log"):
        for line in path.read_text(errors="replace").splitlines():
            told = _parsed(line)
            if told is None or "message" not in told:
                continue
            found.outcomes[str(told["message"])[:40]] += 1
            if told["message"] in reasons:
                reasons[told["message"]][_words(str(told.get("reason", "")))] += 1


def _parsed(line: str) -> dict[str, object] | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _words(reason: str) -> str:
    return _PARTICULARS.sub("…", reason)[:110]
