"""A function scores with nothing but its own layers to import from: what its build left out is not missed."""

import subprocess
from pathlib import Path

from sandbox import rie
from sandbox import template as reader

PAGE = """
import io, sys
sys.path[:0] = sys.argv[1:]
from importlib import import_module
from pkgutil import iter_modules
import encord_lambda.benchmark as room
for module in iter_modules(room.__path__):
    import_module(f"{room.__name__}.{module.name}")
from datetime import UTC, datetime
from uuid import UUID
import numpy
from PIL import Image
from pycocotools import mask as masks
from encord_lambda.agents.agent import Picture
from encord_lambda.benchmark import notes, report_csv, report_page, reporting, scoring
from encord_lambda.benchmark.submissions import Rater, Submission, Unit
from encord_lambda.config_benchmark import Benchmark
from encord_lambda.labels.ontology import Classification, Object, Ontology, Option
from encord_lambda.labels.proposals import Answer, Label, Placement, Thing
from encord_lambda.labels.shapes import Bitmask, Box, Polygon
from encord_lambda.media.images import thumbnail

options = (Option("Cat"), Option("Dog"))
ontology = Ontology((Classification("Animal", "radio", options), Classification("Name", "text")), tuple(
    Object(shape, shape) for shape in ("bounding_box", "polygon", "bitmask")))
shapes = {"bounding_box": Box(0.1, 0.1, 0.5, 0.5), "polygon": Polygon(((0.1, 0.1), (0.9, 0.1), (0.5, 0.9))),
          "bitmask": Bitmask(4, 3, masks.encode(numpy.ones((3, 4), numpy.uint8, order="F"))["counts"].decode())}
labels = [Thing(name, (Placement(0, shape, 0.9),), name) for name, shape in shapes.items()]
labels += [Answer("Animal", "Cat", 0.9), Answer("Name", "Tom", 0.9)]
kept = tuple(Label(one, "agent", str(number)) for number, one in enumerate(labels))
scored = scoring.Scoring(ontology, notes.Notes())
for number in range(3):
    unit = Unit(UUID(int=number), "a", 4, 3, 1)
    scored.add([Submission(unit, Rater("m", "model"), kept[number:], kept)])
benchmark = Benchmark(name="b", production=UUID(int=1), stage="s", ground_truth=UUID(int=2), least_units=1)
report = reporting.report(scored, benchmark, datetime.now(UTC), "https://app.encord.com")
jpeg = io.BytesIO()
Image.new("RGB", (8, 8)).save(jpeg, "JPEG")
place = report.worst[0].data, report.worst[0].frame
page = report_page.page(report, {place: thumbnail(Picture(jpeg.getvalue(), "image/jpeg", 8, 8))})
print(report.leaderboard[0].accuracy.tried, page.count("data:image/jpeg"), len(report_csv.table(report)) > 0)
"""


def test_labels_become_a_report_as_built(build: Path) -> None:
    layers = [build / layer / "python" for layer in reader.functions(reader.load())["ScoreBenchmarkFunction"].layers]
    command: list[str | Path] = [rie.PYTHON, "-I", "-c", PAGE, *layers]

    run = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (run.stdout.strip(), run.stderr) == ("15 1 True", "")
