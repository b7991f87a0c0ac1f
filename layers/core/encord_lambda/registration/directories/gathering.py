"""A directory becomes an item once it is complete: each of its objects is in exactly one submission, or refused.

`touch` takes note of objects that came; `completing.visit` looks whether their directory is complete, and has it
registered. Which objects there are, only S3 tells: events are but a reason to look. A directory is complete when
nothing came for `quiet_minutes`; if its marker is there, for a moment only, for whoever uploads many files at once
seldom uploads the marker last: `completeness.complete_at`.

    GATHERING ── quiet, or the marker ──▶ PLANNED ──▶ SUBMITTED
     ▲  ▲  └── neither `quiet_minutes` nor a marker ──▶ WAITING
     │  └────────────── the marker came ───────────────────┘
     └── something new came ── REFUSED ◀── PLANNED

Everything can be done twice with the effect of once, and a record is written when what it says is true: a visit is due
once its message is sent, a plan is made once it is on file. Nothing slips in between the listing and the plan: an
object that comes then changes the record, which the visit notices, or meets its lease, and its event has to come again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final, Protocol

from pydantic import ValidationError

from encord_lambda.config import PipelineConfig
from encord_lambda.config_registration import Grouping, Registration
from encord_lambda.dispatch.messages import first_fault
from encord_lambda.errors import Reject, Retry, Skip, Trouble
from encord_lambda.outcomes import Outcome
from encord_lambda.registration.directories import completeness
from encord_lambda.registration.directories.groups import NOTED, PLANS, Group, GroupKey, GroupMessage, Groups, State
from encord_lambda.registration.directories.planning import Directories, Eyes
from encord_lambda.registration.directories.plans import Plan
from encord_lambda.registration.events import Upload
from encord_lambda.registration.manifests.items import Item
from encord_lambda.registration.sorting import Marker, Member
from encord_lambda.registration.upload_jobs.receipts import Refusal
from encord_lambda.registration.upload_jobs.tracking import Queue

LONGEST_DELAY: Final = 900
"""Seconds; SQS keeps no message back for longer."""
ROUNDS: Final = 5
"""How often a change is tried that others keep coming before."""


class Pipeline(Protocol):
    """pipeline.yaml."""

    def current(self) -> PipelineConfig:
        """The pipeline as it stands now."""


class Records(Protocol):
    """The records bucket."""

    def read(self, key: str) -> bytes:
        """A whole record; Reject if there is none."""

    def write(self, key: str, body: bytes) -> None:
        """Put a record, over whatever was there."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All that gathering works with."""

    pipeline: Pipeline
    groups: Groups
    directories: Directories
    eyes: Eyes
    records: Records
    queue: Queue
    refuse: Callable[[Iterable[Refusal], str | None, datetime], None]
    """Write down and count what is not registered, as `tallies.Accounts.refuse`: the same once, however often told."""
    submit: Callable[[Sequence[Item], Registration, str, datetime], Sequence[Outcome]]
    """Have items imported for a registration; the same with the same cause and time once, however often called."""


def touch(arrivals: Mapping[Upload, Member | Marker], desk: Desk, now: datetime) -> Mapping[Upload, Trouble]:
    """Take note of objects that came: those that `sorting.sort` calls Member or Marker.

    Returns the trouble with some of them. Skip: it came twice. Reject: it came too late, its directory is registered.
    Retry: nothing is noted, and its event has to come again. All others will be part of what the directory becomes, and
    their events are done with.
    """
    directories: defaultdict[GroupKey, dict[Upload, Member | Marker]] = defaultdict(dict)
    for upload, arrival in arrivals.items():
        directories[GroupKey(upload.bucket, arrival.directory)][upload] = arrival
    found: dict[Upload, Trouble] = {}
    for key, here in directories.items():
        try:
            found |= _touch(key, here, desk, now)
        except (Retry, Reject) as trouble:
            found |= dict.fromkeys(here, trouble)
    return found


def send_visit(group: Group, at: datetime, desk: Desk, now: datetime) -> None:
    """Have the group looked at around `at`, or on the way there if SQS cannot wait so long; ends a lease.

    If somebody else changes the group at the same time, the visit comes all the same, and the group does not know.
    """
    delay = min(ceil((at - now).total_seconds()), LONGEST_DELAY)
    due = now + timedelta(seconds=delay)
    message = GroupMessage(
        version=1, bucket=group.key.bucket, region=group.region, directory=group.key.directory, due=due
    )
    desk.queue.send([message], delay=delay)
    desk.groups.swap(group.visited_at(due))


def read_plan(group: Group, records: Records) -> Plan:
    """What is on file about the group.

    Raises:
        Reject: It is lost or damaged.
    """
    try:
        return Plan.model_validate_json(records.read(group.plan))
    except ValidationError as error:
        raise Reject(f"{group.plan} in the records bucket is no plan: {first_fault(error)}") from None


def _touch(
    key: GroupKey, arrivals: Mapping[Upload, Member | Marker], desk: Desk, now: datetime
) -> Mapping[Upload, Trouble]:
    for _ in range(ROUNDS):
        group = desk.groups.read(key)
        known = _known(arrivals, group, desk, now) if group and group.state in PLANS else {}
        news = {upload: arrival for upload, arrival in arrivals.items() if upload not in known}
        if not news:
            return known
        if group and (group.is_leased(now) or group.state is State.PLANNED):
            raise Retry(f"{key.address} is being put together just now")
        if _note(key, group, news, desk, now):
            return known
    raise Retry(f"others changed the record of {key.address} again and again")


def _known(
    arrivals: Mapping[Upload, Member | Marker], group: Group, desk: Desk, now: datetime
) -> Mapping[Upload, Trouble]:
    """What is to be said of those whose fate is settled; the others are new to a directory that was refused."""
    if group.state is State.PLANNED and not (group.is_leased(now) or group.expects_visit(now)):
        send_visit(group, now, desk, now)
    plan = read_plan(group, desk.records)
    judged = ((upload, _judged(upload, arrival, plan, group)) for upload, arrival in arrivals.items())
    return {upload: trouble for upload, trouble in judged if trouble}


def _judged(upload: Upload, arrival: Member | Marker, plan: Plan, group: Group) -> Trouble | None:
    when = f"{group.planned_at:%Y-%m-%d at %H:%M} UTC"
    etag = (isinstance(arrival, Member) and arrival.head.etag) or upload.etag or ""
    if isinstance(arrival, Member) and plan.refused.get(upload.key, ("", ""))[0] == etag != "":
        return Skip(f"refused with its directory on {when}")
    if plan.manifest is None:
        return None
    if isinstance(arrival, Marker):
        return Skip(f"the directory was registered on {when}, nothing is added to it any more")
    if upload.key not in plan.members:
        return Reject(f"came after its directory was registered on {when}: put it into a directory of its own")
    if plan.members[upload.key] == etag:
        return Skip(f"part of what its directory was registered as on {when}")
    told = "overwritten after its directory was registered"
    return Reject(f"{told} on {when}; Encord is not told: put the changed files into a new directory")


def _note(
    key: GroupKey, group: Group | None, arrivals: Mapping[Upload, Member | Marker], desk: Desk, now: datetime
) -> bool:
    """Have the group know of arrivals, as far as it must, and expect a visit. False if it changed in between."""
    upload, arrival = next(iter(arrivals.items()))
    rule = arrival.registration.group
    is_marked = any(isinstance(one, Marker) for one in arrivals.values())
    if group and not is_marked and _knows_enough(group, rule, now):
        return True
    noted = group.gathering(now) if group else Group(key, upload.region, State.GATHERING, seen=now)
    if not desk.groups.swap(noted):
        return False
    # That of a directory that was refused is likely to be there. Where nothing else counts, a visit says it is missing.
    may_be_marked = is_marked or (group is not None and group.state is State.REFUSED)
    at = completeness.complete_at(rule, now + NOTED, is_marked=may_be_marked) or now + NOTED + completeness.SETTLING
    if not noted.due or not noted.expects_visit(now) or noted.due > at:
        send_visit(noted, at, desk, now)
    return True


def _knows_enough(group: Group, rule: Grouping, now: datetime) -> bool:
    """Whether one more object changes nothing: it is in S3, and will be seen there.

    It was there at `now`, so it is in any listing that is made later than `NOTED` after `group.seen`.
    """
    if group.state is State.WAITING:
        return rule.quiet_minutes is None
    return group.expects_visit(now) and now - group.seen < NOTED
