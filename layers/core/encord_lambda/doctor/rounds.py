"""All checks of a deployed stack, in the order data flows."""

from collections.abc import Iterator
from datetime import datetime

from encord_lambda.config import PipelineConfig
from encord_lambda.doctor import buckets, configured, keys, named, queues, reachable
from encord_lambda.doctor.configured import AtHand
from encord_lambda.doctor.deployed import SCORE, SWEEP, Deployed
from encord_lambda.doctor.named import Encord
from encord_lambda.doctor.reachable import Far
from encord_lambda.doctor.results import Check, Prior, Result, fault, ok, warning


def checks(
    stack: Deployed,
    encord: Encord,
    far: Far,
    now: datetime,
    at_hand: AtHand | None = None,
    editor_url: str = "",
) -> list[Check]:
    """To be made in this order. `editor_url` is the editor agents' address, if it is not the stack's own output."""
    pipeline = Prior(configured.FILE, lambda: configured.read(stack))
    return [
        Check("stack", lambda: _stack(stack)),
        Check("functions", lambda: _functions(stack)),
        *configured.checks(stack, pipeline, at_hand),
        *named.checks(stack, encord, now, pipeline),
        *keys.checks(stack, now, pipeline),
        *buckets.checks(stack),
        *queues.checks(stack),
        Check("sweep's schedule", lambda: _schedule(stack, "sweep's schedule", SWEEP)),
        Check("benchmarks' schedule", lambda: _benchmarks(stack, pipeline())),
        *reachable.checks(stack, far, pipeline, editor_url),
    ]


def _stack(stack: Deployed) -> Iterator[Result]:
    status = stack.status()
    if status.endswith("_IN_PROGRESS"):
        yield warning("stack", f"{stack.name}: {status}: what follows may change until that is done")
    elif status in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"):
        yield ok("stack", f"{stack.name}: {status}")
    else:
        told = f"{stack.name}: {status}: the last deployment failed"
        yield fault("stack", f"{told}; CloudFormation's console lists its events. Mend it and deploy again")


def _functions(stack: Deployed) -> Iterator[Result]:
    failing = stack.failing_functions()
    for name, why in failing.items():
        yield fault(name, f"AWS could not set it up: {why}. Mend that and deploy again")
    if not failing:
        yield ok("functions", "AWS has set up all of them")


def _schedule(stack: Deployed, subject: str, function: str) -> Iterator[Result]:
    found = stack.schedules(function)
    for name, is_enabled in found.items():
        if is_enabled:
            yield ok(subject, f"{name} is enabled")
        else:
            yield fault(subject, f"{name} is disabled: enable it in the EventBridge Scheduler console")
    if not found:
        yield fault(subject, f"nothing invokes {function} by the clock: deploy again")


def _benchmarks(stack: Deployed, pipeline: PipelineConfig) -> Iterator[Result]:
    return _schedule(stack, "benchmarks' schedule", SCORE) if pipeline.benchmarks else iter(())
