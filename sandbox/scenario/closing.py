"""The last words: what became of the objects and tasks, which checks hold, and a line for machines."""

import json
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sandbox.scenario.checks import Check, checks
from sandbox.scenario.report import Report
from sandbox.scenario.world import stage_titles


def write(console: Console, report: Report, seconds: float) -> bool:
    """Print the tables and, if a check fails, what the functions said; says whether all hold."""
    held = list(checks(report))
    console.print(_objects(report))
    console.print(_stages(report))
    console.print(_checks(held, seconds))
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
        "tasks": report.tasks,
        "accuracy": round(report.accuracy, 4),
        "requests_per_task": round(report.requests_per_task, 3) if report.tasks else None,
        "seconds": round(seconds, 1),
    }
    return f"RESULT {json.dumps(numbers)}"


def _objects(report: Report) -> Table:
    table = _table("Objects", "", "why")
    table.add_row("uploaded", str(len(report.uploads)), "")
    table.add_row("registered", str(len(report.sight.registered)), "")
    for key, reason in report.sight.refused.items():
        table.add_row("refused", _short(key), Text(reason))
    if report.unaccounted:
        table.add_row("no receipt", str(len(report.unaccounted)), "", style="red")
    return table


def _stages(report: Report) -> Table:
    table = _table("Tasks", "waiting")
    waiting = report.sight.platform.waiting()
    for title in stage_titles():
        table.add_row(title, str(waiting.get(title, 0)))
    return table


def _checks(held: Sequence[Check], seconds: float) -> Table:
    table = _table("Checks", "", "")
    for check in held:
        mark = Text("✓", "green") if check.holds else Text("✗", "bold red")
        table.add_row(Text(check.claim), Text(check.found), mark)
    table.add_row("seconds", f"{seconds:.1f}", "")
    return table


def _table(*columns: str) -> Table:
    table = Table(title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _short(key: str) -> Text:
    return Text(key if len(key) <= 48 else f"{key[:24]}…{key[-12:]} ({len(key)} characters)")
