"""The work of `manifest build`: through a bucket, registration by registration, and what is told of it."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from encord_lambda import wiring_desk
from encord_lambda.cli import manifest_kinds
from encord_lambda.cli.bar import Bar, bar
from encord_lambda.cli.files import text
from encord_lambda.cli.manifest_outbox import Bucket, Folder, Outbox, Submission, Trial
from encord_lambda.cli.printing import counted, tell
from encord_lambda.config import PipelineConfig
from encord_lambda.config_registration import Registration
from encord_lambda.errors import Misconfigured
from encord_lambda.registration import backfilling
from encord_lambda.registration.backfilling import Backfill, LeftOut, Plan
from encord_lambda.registration.events import Upload
from encord_lambda.registration.manifests.items import Item
from encord_lambda.registration.manifests.splitting import split


def fill(options: argparse.Namespace) -> int:
    """Look, tell, and write, one registration after the other.

    Raises:
        Trouble: The bucket cannot be asked, or nothing in pipeline.yaml takes what is below the prefix.
    """
    bucket, prefix = options.address
    pipeline = PipelineConfig.parse(options.pipeline, text(options.pipeline))
    scope = _scope(pipeline, prefix, options)
    if options.submit:
        _check_stack(options.stack, bucket)
    found = wiring_desk.bucket(bucket)
    filled = []
    if not options.json:
        tell(f"s3://{bucket}/{prefix} in {found.region}, by {options.pipeline}")
    for registration, below in scope:
        outbox = _outbox(options, found, registration)
        backfill = Backfill(registration, wiring_desk.judge(pipeline), datetime.now(UTC))
        # Those that no longer prefix of another registration takes.
        uploads = (one for one in found.uploads(below) if pipeline.registration(one.key) is registration)
        filled.append(made := Filled(backfill.plan, _fill(outbox, backfill, uploads), outbox.told()))
        if not options.json:
            _tell(made)
    if options.json:
        sys.stdout.write(f"{json.dumps([one.record() for one in filled], indent=2)}\n")
    return 0 if any(one.kinds for one in filled) and not any(one.plan.unread.counts for one in filled) else 1


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of the objects of a registration."""

    plan: Plan
    kinds: Counter[str]
    """How many items of each kind there are."""
    jobs: str
    """How many upload jobs, in words."""

    @property
    def left_out(self) -> dict[str, LeftOut]:
        """What is not registered, by what that is called."""
        plan = self.plan
        return {"refused": plan.refused, "unread": plan.unread, "waiting": plan.incomplete, "skipped": plan.skipped}

    def record(self) -> dict[str, object]:
        """All of it for machines, to be written as JSON."""
        return {
            "registration": self.plan.registration.prefix,
            "objects": self.plan.objects,
            "bytes": self.plan.bytes,
            "items": dict(self.kinds),
            "jobs": self.jobs,
            **{what: dict(some.counts) for what, some in self.left_out.items()},
        }


def _scope(pipeline: PipelineConfig, prefix: str, options: argparse.Namespace) -> list[tuple[Registration, str]]:
    found = backfilling.scope(pipeline, prefix)
    if not found:
        prefixes = ", ".join(f"'{one.prefix}'" for one in pipeline.registrations) or "none"
        told = f"{options.pipeline}: no registration takes what is below '{prefix}'; their prefixes are: {prefixes}"
        raise Misconfigured(told)
    for registration, below in found:
        if registration.group.kind != "none" and below != registration.prefix and not below.endswith("/"):
            told = f"objects below '{registration.prefix}' are grouped by directory, and '{below}' would cut one in two"
            raise Misconfigured(f"{told}: let it end with a slash")
    return found


def _check_stack(stack: str, bucket: str) -> None:
    if (watched := wiring_desk.stack(stack).output("UploadsBucketName")) != bucket:
        told = f"the stack '{stack}' looks at the bucket {watched}, and nobody would read import manifests in {bucket}"
        raise Misconfigured(f"{told}: name another stack with --stack, or write them with --out")


def _outbox(options: argparse.Namespace, found: Bucket, registration: Registration) -> Outbox:
    if options.out:
        return Folder(options.out, registration)
    return Submission(found, registration) if options.submit else Trial()


def _fill(outbox: Outbox, backfill: Backfill, uploads: Iterator[Upload]) -> Counter[str]:
    """Put everything into the outbox; answers how many items of each kind there were."""
    kinds = Counter[str]()
    with bar(f"looking below {backfill.plan.registration.prefix}") as shown:
        items = _counted(backfill.items(_watched(uploads, shown, kinds)), kinds)
        for manifest in split(items, backfill.plan.registration.jobs):
            outbox.put(manifest)
    return kinds


def _watched(uploads: Iterator[Upload], shown: Bar, kinds: Counter[str]) -> Iterator[Upload]:
    for number, upload in enumerate(uploads, 1):
        shown.at(number, f"{counted(number, 'object')}, {counted(kinds.total(), 'item')}")
        yield upload


def _counted(items: Iterator[Item], kinds: Counter[str]) -> Iterator[Item]:
    for item in items:
        kinds[manifest_kinds.kind(item)] += 1
        yield item


def _tell(filled: Filled) -> None:
    plan = filled.plan
    tell(f"registration '{plan.registration.prefix}': {counted(plan.objects, 'object')}")
    if filled.kinds:
        tell(f"  items     {manifest_kinds.told(filled.kinds)}; {plan.bytes / 1e6:,.1f} MB")
        tell(f"  jobs      {filled.jobs}")
    elif plan.objects:
        tell("  nothing to register")
    else:
        tell("  nothing is there")
    for what, left_out in filled.left_out.items():
        _tell_reasons(what, left_out)


def _tell_reasons(what: str, left_out: LeftOut) -> None:
    if not left_out.counts:
        return
    tell(f"  {what:9} {left_out.counts.total():,}")
    for reason, count in left_out.counts.most_common():
        keys = left_out.keys[reason]
        more = [f"and {count - len(keys):,} more"] if count > len(keys) else []
        tell(f"  {count:7,}  {reason}")
        tell(f"           {', '.join([*keys, *more])}")
