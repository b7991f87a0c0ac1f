"""`python -m tests.benchmark.photographed FOLDER`: a made-up benchmark's page, as a browser shows it, to be judged."""

import io
import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from PIL import Image
from playwright.sync_api import Browser, ViewportSize

from encord_lambda.benchmark.notes import Notes
from encord_lambda.benchmark.report import Report
from encord_lambda.benchmark.report_page import page
from encord_lambda.benchmark.reporting import report
from encord_lambda.benchmark.scoring import Scoring
from encord_lambda.benchmark.submissions import Rater, Submission, Unit
from encord_lambda.config_benchmark import Benchmark
from encord_lambda.labels.proposals import Box
from sandbox import browser
from sandbox.artwork.scenes import draw_scene
from tests.benchmark.simulated import ANIMALS, ONTOLOGY, Skill, Truth, submitted

BENCHMARK = Benchmark(
    name="pets-gold", production=UUID(int=1 << 100), stage="Consensus", ground_truth=UUID(int=7), target=0.9
)
SKILLS = (
    Skill(Rater("ann@example.com", "annotator"), wrong=0.04, shaky=0.015),
    Skill(Rater("ben@example.com", "annotator"), wrong=0.06, surplus=0.05, shaky=0.03),
    Skill(Rater("chandra@example.com", "annotator"), wrong=0.09, shaky=0.02),
    Skill(Rater("dora@example.com", "annotator"), wrong=0.13, surplus=0.1, shaky=0.06),
    Skill(Rater("emil.van.der.berg@contractors.example.com", "annotator"), wrong=0.28, surplus=0.2, shaky=0.05),
    Skill(Rater("fay@example.com", "annotator"), wrong=0.1, shaky=0.04),
    Skill(Rater("agents", "model"), wrong=0.11, surplus=0.15, shaky=0.08),
)
WIDE, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=844)


def made_up(units: int = 108, runs: int = 5) -> tuple[Report, dict[tuple[UUID, int], bytes]]:
    """The last of several reports, and the pictures of its worst disagreements."""
    at, last, rng = datetime(2026, 11, 21, 6, tzinfo=UTC), None, random.Random(8)  # noqa: S311 - a made-up benchmark
    for run in range(runs):
        scoring = Scoring(ONTOLOGY, Notes())
        for number in range(units * (run + 1) // runs):
            scoring.add(_unit(rng, number))
        last = report(scoring, BENCHMARK, at + timedelta(weeks=run), "https://app.encord.com", last)
    assert last
    return last, {(one.data, one.frame): _jpeg(_drawn(one.data.int)) for one in last.worst}


def photograph(running: Browser, html: Path, to: Path, size: ViewportSize, *, dark: bool) -> None:
    """The whole page, as a PNG."""
    opened = running.new_page(viewport=size, color_scheme="dark" if dark else "light")
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.goto(html.as_uri())
    opened.screenshot(path=to, full_page=True)
    width = opened.evaluate("document.documentElement.scrollWidth")
    opened.close()
    assert complaints == []
    assert width <= size["width"]


def main(folder: Path) -> None:
    """Write the page, its pictures and its JSON."""
    found, pictures = made_up()
    (folder / "report.html").write_text(page(found, pictures), encoding="utf-8")
    (folder / "report.json").write_text(found.model_dump_json(indent=1), encoding="utf-8")
    with browser.started() as running:
        for name, size, dark in (("wide", WIDE, False), ("wide-dark", WIDE, True), ("phone", PHONE, False)):
            photograph(running, folder / "report.html", folder / f"{name}.png", size, dark=dark)


def _unit(rng: random.Random, number: int) -> list[Submission]:
    animals, (width, height) = _kinds(number), (640, 480)
    unit = Unit(UUID(int=number), f"IMG_{number:04}.jpg", width, height, 1)
    scene = _PLACES.setdefault(number, _drawn(number)[1])
    boxes = tuple(
        (kind, Box(left / width, top / height, (right - left) / width, (bottom - top) / height))
        for kind, (left, top, right, bottom) in scene
    )
    truth = Truth(unit, animals[0] if animals else "Other", boxes, hard=number % 3 == 0)
    skills = SKILLS if number % 9 == 0 else [one for place, one in enumerate(SKILLS) if (number + place) % 3]
    skills = [one for one in skills if not one.rater.name.startswith("fay") or number % 8 == 0]
    given = submitted(rng, truth, skills)
    return [_led(one) if number % 4 == 0 else one for one in given]


_PLACES: dict[int, tuple[tuple[str, tuple[int, int, int, int]], ...]] = {}


def _led(one: Submission) -> Submission:
    kept = one.rater.kind == "annotator"
    return Submission(one.unit, one.rater, one.given, one.truth, prelabelled=kept)


def _kinds(number: int) -> tuple[str, ...]:
    return tuple(ANIMALS[(number * 7 + place * 2) % 3] for place in range(1 + number % 4))


def _drawn(number: int) -> tuple[Image.Image, tuple[tuple[str, tuple[int, int, int, int]], ...]]:
    scene = draw_scene(_kinds(number), 9_000 + number, (640, 480))
    return scene.image, scene.animals


def _jpeg(drawn: tuple[Image.Image, object]) -> bytes:
    buffer = io.BytesIO()
    drawn[0].resize((480, 360)).save(buffer, "JPEG", quality=78)
    return buffer.getvalue()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
