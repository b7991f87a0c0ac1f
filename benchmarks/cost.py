"""Write docs/cost.md from docs/measured.json, template.yaml and list prices.

    make cost

A test writes it anew and compares. No network is asked: prices and other assumptions are in `benchmarks.prices`.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks import measured, prices
from benchmarks.bill import (
    PHASES,
    Amounts,
    click,
    container,
    idle_month,
    lambda_alone,
    model_usd,
    per_thousand,
    usd,
)
from benchmarks.cost_text import TEXT
from benchmarks.prices import CONTAINER, PRICES, REGIONS, SMALLEST, VOLUMES

PAGE: Final = Path(__file__).parent.parent / "docs" / "cost.md"
HERE: Final = REGIONS[0]
BILLED: Final = {
    "Lambda: time": ("gb_seconds",),
    "Lambda: requests": ("invocations",),
    "SQS": ("sqs_requests",),
    "DynamoDB: claims, jobs, paid answers": ("write_units", "read_units"),
    "S3": ("s3_writes", "s3_reads"),
    "EventBridge": ("events",),
    "Secrets Manager: reads": ("secret_reads",),
    "CloudWatch Logs": ("log_mb",),
    "X-Ray": ("traces",),
}
INSTANCES: Final = 2
"""Of run_tasks at most, as template.yaml has it."""
TASKS: Final = {
    "this in batches of 100: Lambda alone": ("ours_100", 100),
    "this in batches of 10: Lambda alone": ("ours_10", 10),
    "this, one message per task: Lambda alone": ("ours_1", 1),
    "`encord-agents` QueueRunner, one message per task: Lambda alone": ("queue_runner", 1),
}

type Row = Sequence[str]


def main() -> None:
    """Write it."""
    PAGE.write_text(page(measured.read()), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(PAGE.parents[1])} is written\n")


def page(results: Mapping[str, Mapping[str, Any]]) -> str:
    """All of docs/cost.md, from the results of `measured.read`."""
    usage, tasks = results["make bench-usage"], results["make bench-tasks"]
    rate = usage["images"] / usage["classifying"]["seconds"]
    return TEXT.format(
        here=HERE,
        images=f"{usage['images']:,}",
        thousand=_table(["", "registered", "classified", "pre-labelled"], _thousand(usage)),
        idle=_table(["", *REGIONS], _idle(usage)),
        compared=_table(
            ["", "GB-seconds per 1,000", "per 1,000", *(f"{one:,} a month" for one in VOLUMES)],
            _compared(usage, tasks["gb_seconds_per_1000"]),
        ),
        prices=_table(["", "for", *REGIONS, "page"], _prices()),
        written_down=prices.WRITTEN_DOWN,
        rate=f"{rate:.1f}",
        instances=INSTANCES,
        model=prices.MODEL,
        read=prices.MODEL_USD[0],
        wrote=prices.MODEL_USD[1],
        width=f"{prices.PICTURE[0]:,}",
        height=prices.PICTURE[1],
        asked=prices.WORDS[0],
        answered=prices.WORDS[1],
        polls=f"{prices.POLLS:,}",
        scoring=f"{prices.EMPTY_SCORING:g}",
        clicks=_dollars(usd(click(), HERE) * 1000),
        click_seconds=f"{prices.CLICK_SECONDS:g}",
    )


def _thousand(usage: Mapping[str, Any]) -> Iterable[Row]:
    phases = [per_thousand(usage, phase) for phase in PHASES]
    for what, names in BILLED.items():
        parts = [usd({name: one[name] for name in names if name in one}, HERE) for one in phases]
        if any(parts):
            yield [what, *map(_dollars, parts)]
    for region in REGIONS:
        yield [f"**together, {region}**", *(f"**{_dollars(usd(one, region))}**" for one in phases)]
    yield [f"your language model, {prices.MODEL}", "", _dollars(model_usd()), ""]


def _idle(usage: Mapping[str, Any]) -> Iterable[Row]:
    lines = idle_month(usage)
    for line in lines:
        yield [line.what, *(_dollars(line.usd(region)) for region in REGIONS)]
    yield ["**together**", *(f"**{_dollars(sum(line.usd(region) for line in lines))}**" for region in REGIONS)]


def _compared(usage: Mapping[str, Any], gb_seconds: Mapping[str, float]) -> Iterable[Row]:
    sweeps = {name: amount for name, amount in idle_month(usage)[0].amounts.items() if name in lambda_alone(0, 0)}
    whole = sum(line.usd(HERE) for line in idle_month(usage)), usd(per_thousand(usage, "classifying"), HERE)
    yield [
        "this, all that is billed",
        "",
        _dollars(whole[1]),
        *(_dollars(whole[0] + whole[1] * n / 1000) for n in VOLUMES),
    ]
    for what, (key, batch) in TASKS.items():
        one = usd(lambda_alone(gb_seconds[key], 1000 / batch), HERE)
        month = usd(sweeps, HERE) if key.startswith("ours") else 0.0
        yield [what, f"{gb_seconds[key]:,.0f}", _dollars(one), *(_dollars(month + one * n / 1000) for n in VOLUMES)]
    yield _standing(f"Fargate: {INSTANCES} tasks, as fast", container(INSTANCES, *CONTAINER))
    yield _standing("Fargate: the smallest task", container(1, *SMALLEST))


def _standing(what: str, month: Amounts) -> Row:
    """A container costs the same, whatever it does."""
    return [what, "", "", *([_dollars(usd(month, HERE))] * len(VOLUMES))]


def _prices() -> Iterable[Row]:
    for price in PRICES.values():
        yield [price.what, price.unit, *map(_price, price.usd), price.page]


def _price(usd: float) -> str:
    return f"{usd:.10f}".rstrip("0").rstrip(".")


def _dollars(amount: float) -> str:
    """To the cent; what is less than a dime, to a thousandth of that or finer.

    >>> _dollars(0.000234), _dollars(0.0000026), _dollars(0.5), _dollars(1234.5), _dollars(0)
    ('0.00023', '0.000003', '0.50', '1,234.50', '0')
    """
    if not amount:
        return "0"
    return f"{amount:,.2f}" if amount >= 0.1 else f"{amount:.{5 if amount >= 0.00001 else 6}f}"


def _table(heads: Row, rows: Iterable[Row]) -> str:
    """In Markdown; all but the first column to the right."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


if __name__ == "__main__":
    main()
