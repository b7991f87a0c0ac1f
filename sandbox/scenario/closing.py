"""The last words: what became of the objects and tasks, which checks hold, and a line for machines."""

import json
from collections.abc import Sequence
from statistics import median

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sandbox.ministack import ROOT
from sandbox.scenario.check import Check
from sandbox.scenario.checks import checks
from sandbox.scenario.library import PREFIXES
from sandbox.scenario.receipt_checks import TERMS, sums
from sandbox.scenario.report import Report
from sandbox.scenario.scoring import Scoring
from sandbox.scenario.world import AGENT_STAGE

LONGEST_KEY = 52  # characters that fit a column


def write(console: Console, report: Report, seconds: float) -> bool:
    """Print the tables and, if a check fails, what the functions said; says whether all hold."""
    held = list(checks(report))
    console.print(_receipts(report))
    console.print(_refused(report))
    console.print(_library(report))
    console.print(_stages(report))
    console.print(_drawn(report))
    console.print(_benchmark(report.scoring))
    console.print(_checks(held, report.waited, seconds))
    for check in held:
        if not check.holds and check.missing:
            console.print(f"✗ {check.claim}: {check.missing}", style="red", markup=False, soft_wrap=True)
    for function, lines in report.errors.items():
        console.print(f"\n{function} said last:", style="bold")
        for line in lines:
            console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
    return all(check.holds for check in held)


def result(report: Report, seconds: float) -> str:
    """The line for machines."""
    numbers = {
        "objects": len(report.uploads),
        "registered": len(report.sight.registered),
        "refused": len(report.sight.refused),
        "library": report.sight.shelved,
        "tasks": report.tasks,
        "agent_visits": report.visits,
        "accuracy": round(report.accuracy, 4),
        "requests_per_task": round(report.requests_per_task, 3) if report.tasks else None,
        "notifications": report.notifications.accepted,
        "seconds_at_stage": round(median(report.waited), 1) if report.waited else None,
        "seconds": round(seconds, 1),
    }
    return f"RESULT {json.dumps(numbers)}"


def _receipts(report: Report) -> Table:
    table = _table("Receipts of the day", "submitted", "= registered", "+ existing", "+ failed", "+ pending", "skipped")
    for column in table.columns[1:]:
        column.justify = "right"
    for prefix, terms in sorted(sums(report.sight.receipts.days).items()):
        table.add_row(prefix, *(str(terms[term]) for term in ("submitted", *TERMS, "skipped")))
    return table


def _refused(report: Report) -> Table:
    table = _table("Not registered", "why")
    for key, reason in report.sight.refused.items():
        table.add_row(_short(key), Text(reason))
    for prefix in PREFIXES:
        for one in (one for day in report.sight.receipts.days if day.prefix == prefix for one in day.objects):
            table.add_row(_short(f"{one.key}, line {one.place}" if one.place else one.key), Text(one.reason))
    for key in report.unaccounted:
        table.add_row(_short(key), "there is no receipt", style="red")
    return table


def _library(report: Report) -> Table:
    table = _table("Library", "became", "of", "client metadata")
    for one in report.catalogue.holdings:
        told = " · ".join(f"{key}: {value}" for key, value in one.told.items())
        table.add_row(_short(one.title), one.type.name.lower().replace("_", " "), one.facts, Text(told))
    return table


def _stages(report: Report) -> Table:
    table = _table("Tasks", "waiting")
    platform = report.sight.platform
    for stages in (platform.stages, *platform.others.values()):
        for title, tasks in stages.items():
            table.add_row(title, str(len(tasks)))
        table.add_section()
    return table


def _drawn(report: Report) -> Table:
    table = _table("Pre-labelled", "boxes, with their confidences", "waits at")
    for one in report.zoo:
        by: dict[str, list[float]] = {}
        for box in one.boxes:
            by.setdefault(box.title, []).append(box.confidence)
        words = [f"{title} {_span(confidences)}" for title, confidences in sorted(by.items())]
        table.add_row(one.medium.title, " · ".join(words) or "none", one.stage)
    return table


def _benchmark(scoring: Scoring) -> Table:
    table = _table("Benchmark", "rank", "accuracy, %", "95 % interval", "truly", "target")
    for line in scoring.standings.leaderboard if scoring.standings else []:
        share, skill = line.accuracy, scoring.skill(line)
        span = f"{100 * share.interval.low:.1f} to {100 * share.interval.high:.1f}"
        truly = f"{100 * skill.accuracy:.1f}" if skill else ""
        table.add_row(line.rater, str(line.rank or ""), f"{100 * share.value:.1f}", span, truly, line.target)
    if scoring.page:
        table.add_section()
        table.add_row("its page", "", str(scoring.page.relative_to(ROOT)))
    return table


def _span(confidences: Sequence[float]) -> str:
    """One number, or the least and the greatest of several."""
    if len(confidences) == 1:
        return f"{confidences[0]:.3f}"
    return f"{min(confidences):.3f} to {max(confidences):.3f} on {len(confidences)} frames"


def _checks(held: Sequence[Check], waited: Sequence[float], seconds: float) -> Table:
    table = _table("Checks", "", "")
    for check in held:
        mark = Text("✓", "green") if check.holds else Text("✗", "bold red")
        table.add_row(Text(check.claim), Text(check.found), mark)
    if waited:
        found = f"{median(waited):.1f}, at most {max(waited):.1f}"
        table.add_row(f"seconds from a task's arrival at {AGENT_STAGE} to its label and pathway", found, "")
    table.add_row("seconds in all", f"{seconds:.1f}", "")
    return table


def _table(*columns: str) -> Table:
    table = Table(title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _short(key: str) -> Text:
    return Text(key if len(key) <= LONGEST_KEY else f"{key[:24]}…{key[-12:]} ({len(key)} characters)")
