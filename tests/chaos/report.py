"""A run's findings for people to read."""

from collections import Counter
from collections.abc import Iterator

from tests.chaos.campaign import Findings
from tests.chaos.tally import Tally

SHOWN = 12


def of_run(findings: Findings) -> str:
    """One run: how fast, what was broken."""
    plan, tally = findings.plan, findings.tally
    rate = plan.tasks / findings.seconds
    lines = [
        f"seed {plan.seed}: {plan.tasks} tasks in {findings.seconds:.0f} s ({rate:.1f} a second), "
        f"{sum(tally.faults.values())} faults, {tally.batches} batches of {tally.messages / max(tally.batches, 1):.0f} "
        "messages, "
        f"{tally.encord_requests} requests to Encord, {len(findings.violations)} violations"
    ]
    lines += [f"  VIOLATION {words}" for words in findings.violations[:50]]
    if len(findings.violations) > 50:
        lines.append(f"  … and {len(findings.violations) - 50} more")
    return "\n".join(lines) + "\n"


def of_all(tally: Tally) -> str:
    """What all runs were put through."""
    tables = {
        "faults injected": tally.faults,
        "outcomes": tally.outcomes,
        "put off, by reason": tally.retries,
        "tasks in trouble, by how often it kept them": tally.tries,
        "rejected, by reason": tally.rejected,
        "skipped, by reason": tally.skipped,
        "invocations that failed": tally.failed_calls,
    }
    return "\n".join(line for title, counts in tables.items() if counts for line in _table(title, counts)) + "\n"


def _table(title: str, counts: Counter[str]) -> Iterator[str]:
    yield f"\n{title}"
    most = len(counts) if title == "faults injected" else SHOWN
    yield from (f"  {count:8,}  {name}" for name, count in counts.most_common(most))
    if len(counts) > most:
        yield f"  {sum(counts.values()) - sum(n for _, n in counts.most_common(most)):8,}  others"
