"""A function's log, cut down to what it complains about."""

import json

from sandbox.scenario.complaints import complaints


def test_routine_and_metrics_are_no_complaints() -> None:
    lines = ["START RequestId: 1", "END RequestId: 1", '{"level":"INFO","message":"Routed"}', '{"_aws":{},"Routed":1}']

    assert complaints(lines) == []


def test_an_entry_is_told_by_what_it_says() -> None:
    entry = {"level": "WARNING", "message": "Postponed", "timestamp": "…", "subject": "a.jpg", "reason": "no queue"}

    assert complaints([json.dumps(entry)]) == ["WARNING · Postponed · a.jpg · no queue"]


def test_a_traceback_is_kept_to_its_end() -> None:
    lines = ["Traceback (most recent call last):", *(f"  line {n}" for n in range(20)), "ValueError: no"]

    assert complaints(lines)[-1] == "ValueError: no"
    assert len(complaints(lines)) == 8
