"""The closing table's rows about Encord's notifications see what is wrong, and read it from the functions' logs."""

import json
from dataclasses import replace

import pytest

from sandbox.scenario.notification_checks import notification_checks
from sandbox.scenario.notifications import Notifications

GOOD = Notifications(accepted=2, coalesced=3, refused=1, sweeps=2, forged=401)


def failed(told: Notifications) -> list[str]:
    return [check.claim for check in notification_checks(told) if not check.holds]


def test_nothing_is_wrong_when_all_sweeps_were_told_to_begin() -> None:
    assert failed(GOOD) == []


@pytest.mark.parametrize(
    ("told", "claim"),
    [
        (replace(GOOD, sweeps=3), "labels came by notification"),
        (replace(GOOD, accepted=0, sweeps=0), "labels came by notification"),
        (replace(GOOD, forged=200, refused=0), "a forged notification"),
        (replace(GOOD, forged=None, refused=1), "a forged notification"),
        (replace(GOOD, refused=2), "a forged notification"),
    ],
)
def test_a_flaw_is_noticed(told: Notifications, claim: str) -> None:
    [found] = failed(told)

    assert found.startswith(claim)


def test_outcomes_and_invocations_are_counted_and_all_else_is_not() -> None:
    hearing = ["START RequestId: 1", *map(_entry, ("Notified", "Notified", "Skipped", "Rejected", "Postponed"))]
    hearing += ["END RequestId: 1", '{"_aws":{},"Notified":1}', "null"]
    sweeping = ["START RequestId: 2", _entry("Queued"), "END RequestId: 2", "START RequestId: 3"]

    assert Notifications.of(hearing, sweeping, forged=401) == Notifications(2, 1, 2, 2, 401)


def _entry(message: str) -> str:
    return json.dumps({"level": "INFO", "message": message, "subject": "notification"})
