"""What instances of functions took, as Lambda, CloudWatch and the other services would count it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from benchmarks.invoking import Instance
from benchmarks.metering import Kind
from sandbox.template import Function

WHOLE_PROCESSOR = 1769
"""MB of memory for which a function gets one; AWS's "Configure Lambda function memory"."""
OVERHEAD = 26
"""Bytes that CloudWatch Logs counts for each event, beside its text."""


@dataclass(frozen=True)
class Taken:
    """Amounts of a part of the way."""

    gb_seconds: float
    invocations: float
    seconds: float
    """That the busiest instance worked, its start left out: the others work at the same time."""
    log_mb: float
    asked: Mapping[str, float]
    metrics: frozenset[str]
    """That were sent, each by its name and the values of its dimensions, which is how they are billed."""

    def told(self) -> dict[str, float]:
        """All that is billed by its amount."""
        return {
            "gb_seconds": round(self.gb_seconds, 3),
            "invocations": self.invocations,
            "seconds": round(self.seconds, 3),
            "log_mb": round(self.log_mb, 4),
            **{str(kind): round(self.asked.get(kind, 0), 3) for kind in Kind},
        }

    def share(self, of: int) -> Self:
        """The average of so many times the same; all its metrics."""
        asked = {kind: amount / of for kind, amount in self.asked.items()}
        return replace(
            self,
            gb_seconds=self.gb_seconds / of,
            invocations=self.invocations / of,
            seconds=self.seconds / of,
            log_mb=self.log_mb / of,
            asked=asked,
        )


def taken(instances: Sequence[tuple[Function, Instance]], asked: Mapping[str, float]) -> Taken:
    """Of instances up to now, with their starts, and the requests that were metered meanwhile."""
    lines = [line for _, one in instances for line in one.logged]
    return Taken(
        gb_seconds=sum((one.cold + worked(function, one)) * function.memory / 1024 for function, one in instances),
        invocations=sum(one.invoked for _, one in instances),
        seconds=max(worked(function, one) for function, one in instances),
        log_mb=sum(len(line.encode()) + OVERHEAD for line in lines) / 1e6,
        asked=asked,
        metrics=frozenset(name for line in lines for name in metrics(line)),
    )


def worked(function: Function, instance: Instance) -> float:
    """Seconds in the handler, the processor's part as long as the function's share of one makes it."""
    share = min(1.0, function.memory / WHOLE_PROCESSOR)
    return instance.worked + instance.cpu_seconds * (1 / share - 1)


def metrics(line: str) -> list[str]:
    """The metrics that a line in CloudWatch's embedded format sends, each with its dimensions and their values."""
    try:
        told = json.loads(line)
        declared = told["_aws"]["CloudWatchMetrics"]
    except (ValueError, KeyError, TypeError):
        return []
    return [
        f"{metric['Name']} of {', '.join(f'{name} {told[name]}' for name in dimensions)}"
        for one in declared
        for metric in one["Metrics"]
        for dimensions in one["Dimensions"]
    ]
