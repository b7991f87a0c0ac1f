"""docs/cost.md is what the script prints today, its sums are those of its parts, and measurements are kept."""

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from benchmarks import bill, cost, measured, prices
from sandbox import template

type Results = Mapping[str, Mapping[str, Any]]


@pytest.fixture(scope="module")
def results() -> Results:
    return measured.read()


def test_the_page_is_up_to_date(results: Results) -> None:
    assert cost.PAGE.read_text(encoding="utf-8") == cost.page(results), "write it anew: make cost"


def test_every_figure_of_the_page_comes_from_a_target_of_the_makefile(results: Results) -> None:
    makefile = (template.ROOT / "Makefile").read_text()
    assert all(f"\n{command.removeprefix('make ')}:" in makefile for command in results)


@pytest.mark.parametrize("phase", bill.PHASES)
def test_all_that_is_billed_for_images_is_in_a_row_of_the_table(results: Results, phase: str) -> None:
    named = {name for names in cost.BILLED.values() for name in names}
    assert {name for name, amount in bill.per_thousand(results["make bench-usage"], phase).items() if amount} <= named


def test_an_upload_is_one_event_beside_our_own(results: Results) -> None:
    usage = copy.deepcopy(dict(results["make bench-usage"]))
    usage["registering"]["events"], usage["images"] = 50, 500
    assert bill.per_thousand(usage, "registering")["events"] == 1100


@pytest.mark.parametrize(
    ("amounts", "region", "dollars"),
    [
        ({"gb_seconds": 1e6}, "us-east-1", 13.3334),
        ({"sqs_requests": 2.5e6, "write_units": 1e6}, "us-east-1", 1.0 + 0.625),
        ({"log_mb": 2000}, "eu-west-1", 1.14),
        ({"s3_reads": 1000, "s3_writes": 1000}, "eu-west-1", 0.0054),
    ],
)
def test_amounts_cost_their_list_price(amounts: dict[str, float], region: str, dollars: float) -> None:
    assert bill.usd(amounts, region) == pytest.approx(dollars)


@pytest.mark.parametrize(
    ("schedule", "a_month"), [("rate(1 minute)", 43_800), ("rate(5 minutes)", 8_760), ("rate(1 day)", 730 / 24)]
)
def test_a_schedule_runs_so_often(schedule: str, a_month: float) -> None:
    assert bill.runs({"Parameters": {"S": {"Default": schedule}}}, "S") == pytest.approx(a_month)


def test_a_schedule_that_is_no_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="only rates"):
        bill.runs({"Parameters": {"S": {"Default": "cron(0 8 * * ? *)"}}}, "S")


def test_a_container_stands_all_month() -> None:
    one = bill.usd(bill.container(1, 1.0, 2.0), "us-east-1")
    assert one == pytest.approx(730 * (0.03238 + 2 * 0.00356))


def test_every_price_is_of_both_regions_and_names_its_page() -> None:
    assert all(len(price.usd) == len(prices.REGIONS) and "/" in price.page for price in prices.PRICES.values())


def test_the_last_result_line_is_kept_beside_the_others() -> None:
    lines = ["a table\n", 'RESULT {"x": 1}\n', 'RESULT {"x": 2}\n']
    kept = measured.with_result({"make bench-a": {"y": 1}}, "bench-b", lines)
    assert kept == {"make bench-a": {"y": 1}, "make bench-b": {"x": 2}}


def test_a_benchmark_without_a_result_line_changes_nothing() -> None:
    with pytest.raises(ValueError, match="make bench-b printed no line"):
        measured.with_result({}, "bench-b", ["Traceback\n"])
