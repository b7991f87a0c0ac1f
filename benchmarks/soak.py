"""Keep the sandbox busy for a while, then see whether anything leaked: memory, messages, claims, jobs.

    python -m benchmarks.soak [--seconds 1200]

A picture a second is uploaded, registered, classified and routed, and every three seconds an annotator has one
described. Every few seconds everything is looked at. When the time is up, it may drain; then come the verdicts, a page
with the curves (.sandbox/soak.html) and a result line. The status is 1 if a verdict does not hold.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from uuid import UUID

from benchmarks.pictures import pictures
from benchmarks.saying import say
from benchmarks.soak_page import page
from benchmarks.soak_samples import Sampler
from benchmarks.soak_traffic import Driver
from benchmarks.soak_verdicts import Sample, Traffic, Verdict, growth, verdicts
from sandbox.ministack import ROOT
from sandbox.scenario.encord import Platform
from sandbox.scenario.progress import shown
from sandbox.scenario.servers import Sandbox, started
from sandbox.scenario.world import AGENT_STAGE

PAGE = ROOT / ".sandbox" / "soak.html"
PERIOD = 5.0  # seconds between two looks
PATIENCE = 180.0  # seconds until everything must be drained
MOST = 100_000  # pictures, for those who let it run all day


def main() -> int:
    """Read the command line, run, and say how it went."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak")
    parser.add_argument("--seconds", type=float, default=1200, help="how long there is traffic")
    seconds: float = parser.parse_args().seconds
    # All we talk to is on this machine, which a proxy would not find.
    os.environ |= dict.fromkeys(("NO_PROXY", "no_proxy"), "127.0.0.1,localhost")
    with shown(time.monotonic()) as progress, started(progress) as sandbox:
        progress.say(f"a picture a second, a click every three, for {seconds:g} s, and then what is still under way")
        samples, traffic = soak(sandbox, seconds, (jpeg for _, jpeg in pictures(MOST)))
        progress.say("ending everything, and removing what the functions unpacked")
    held = list(verdicts(samples, traffic))
    PAGE.write_text(page(samples, held), encoding="utf-8")
    for verdict in held:
        say(f"{'✓' if verdict.holds else '✗'} {verdict.claim}: {verdict.found}")
    say(f"The curves are in {PAGE.relative_to(ROOT)}.")
    say(f"RESULT {json.dumps(result(samples, traffic, held))}")
    return int(not all(verdict.holds for verdict in held))


def soak(sandbox: Sandbox, seconds: float, jpegs: Iterator[bytes]) -> tuple[list[Sample], Traffic]:
    """Traffic for so long, then time to drain; what was seen, and what was asked."""
    sampler = Sampler(sandbox)
    driver = Driver(sandbox, jpegs, lambda: clickable(sampler.platform))
    with driver.driving():
        samples = list(_looks(sampler, seconds))
    deadline = time.monotonic() + PATIENCE
    samples.append(sampler.look())
    while not _is_over(samples[-1], driver.traffic) and time.monotonic() < deadline:
        time.sleep(min(PERIOD, seconds / 10))
        samples.append(sampler.look())
    return samples, driver.traffic


def clickable(platform: Platform) -> list[UUID]:
    """Data units whose task no agent works on any more."""
    stages = platform.stages.items()
    return [task.data_hash for title, tasks in stages if title != AGENT_STAGE for task in tasks]


def result(samples: Sequence[Sample], traffic: Traffic, held: Sequence[Verdict]) -> dict[str, object]:
    """The line for machines."""
    peaks: dict[str, float] = {}
    for sample in samples:
        for (function, _), megabytes in sample.memory.items():
            peaks[function] = max(peaks.get(function, 0.0), megabytes)
    return {
        "seconds": round(samples[-1].at),
        "uploads": traffic.uploads,
        "clicks": traffic.clicks,
        "mb_per_minute": {function: round(steepest, 3) for function, steepest in sorted(growth(samples).items())},
        "peak_mb": {function: round(megabytes) for function, megabytes in sorted(peaks.items())},
        "most_queued": max(sum(sample.queued.values()) for sample in samples),
        "failed": [verdict.claim for verdict in held if not verdict.holds],
    }


def _looks(sampler: Sampler, seconds: float) -> Iterator[Sample]:
    while (now := time.monotonic() - sampler.began) < seconds:
        yield sampler.look()
        time.sleep(min(PERIOD, seconds - now))


def _is_over(sample: Sample, traffic: Traffic) -> bool:
    return sample.is_drained and sample.registered == traffic.uploads


if __name__ == "__main__":
    sys.exit(main())
