"""A benchmark's report as a browser shows it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from encord_lambda.benchmark.report_page import page as written
from encord_lambda.benchmark.submissions import Rater, Unit
from tests.benchmark.labelled import submission
from tests.benchmark.reported import AT, reported
from tests.benchmark.test_report import OTHER
from tests.benchmark.test_report_page import everything
from tests.benchmark.test_scoring import TRUTH
from tests.browser.conftest import SIZE

PHONE = ViewportSize(width=390, height=844)


@pytest.fixture(params=[SIZE, PHONE], ids=["wide", "phone"])
def opened(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The page from a file, by a browser that never asks another machine for anything, nor logs an error."""
    rater, of = Rater("a" * 90, "annotator"), Unit(UUID(int=7), "b" * 120, 100, 100, 1)
    units = [*everything(), [submission(TRUTH, OTHER, rater, of)]]
    file = tmp_path / "report.html"
    file.write_text(written(reported(units, AT + timedelta(7), reported(units)), {}), encoding="utf-8")
    said: list[str] = []
    page = browser.new_page(viewport=request.param, java_script_enabled=False)
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda asked: said.append(asked.url) if not asked.url.startswith(("file:", "data:")) else None)
    page.goto(file.as_uri())
    yield page
    page.close()
    assert said == []


def test_a_report_is_read_without_scripts_at_any_width(opened: Page) -> None:
    expect(opened.get_by_role("heading", name="Leaderboard")).to_be_visible()
    expect(opened.get_by_role("img", name="Curves of F1")).to_be_visible()
    size = opened.viewport_size
    assert size
    main = opened.locator("main").bounding_box()
    assert main
    assert main["width"] <= size["width"]
    for part in opened.locator("main section, .panel").all():
        box = part.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size["width"]


def test_what_is_folded_opens_without_a_script(opened: Page) -> None:
    opened.locator("summary", has_text="confusion and options").first.click()
    expect(opened.locator("details[open] .matrix").first).to_be_visible()
