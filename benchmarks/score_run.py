"""One side of `benchmarks.score`, in a process of its own; prints one line of JSON.

    python -m benchmarks.score_run ours | kept | pycocotools | faster-coco-eval IMAGES BOXES

Ours takes submissions one after the other, as they come from Encord, and scores them; making them is not in its time.
Kept is all that a report does with the files of the data units but fetching them: they are parsed, noted and scored.
The others get the same boxes as three sets of detections beside one ground truth; their time is that of `evaluate`
alone, for all areas at once and 100 detections: neither reading, nor indexing, nor `accumulate` are in it. Each side
also tells how many boxes it matched at an overlap of a half.
"""

import io
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.annotations import ANNOTATORS, HEIGHT, TITLES, WIDTH, Annotated, Boxes, annotated

AT_ONCE = 100
"""Images whose submissions are made at once, off the clock."""


@dataclass
class Clock:
    """Seconds that were measured, and those of the processor."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Measure what is done meanwhile."""
        started, used = time.perf_counter(), time.process_time()
        yield
        self.seconds += time.perf_counter() - started
        self.cpu_seconds += time.process_time() - used


type Side = Callable[[Iterable[Annotated], Clock], int]
"""Answers the boxes it matched."""


def main() -> None:
    """Do it once, and tell how long it took and the most memory the process ever held."""
    sides: dict[str, Side] = {"ours": ours, "kept": kept, "pycocotools": pycocotools, "faster-coco-eval": faster}
    images, boxes = map(int, sys.argv[2:])
    clock = Clock()
    matched = sides[sys.argv[1]](annotated(images, boxes), clock)
    run = {"seconds": clock.seconds, "cpu_seconds": clock.cpu_seconds, "matched": matched, "mb": _peak()}
    sys.stdout.write(json.dumps(run) + "\n")


def ours(images: Iterable[Annotated], clock: Clock) -> int:
    """Submissions in, scores out."""
    from encord_lambda.benchmark.notes import Notes
    from encord_lambda.benchmark.object_scores import ObjectScores

    scoring = ObjectScores(_ontology(), Notes())
    for some in batched(images, AT_ONCE, strict=False):
        submissions = [one for image in some for one in _submissions(image)]
        with clock.running():
            for submission in submissions:
                scoring.add(submission)
    with clock.running():
        scores = scoring.scores()
    return sum(score.total.matched(0.5) for score in scores)


def kept(images: Iterable[Annotated], clock: Clock) -> int:
    """Files in, scores out."""
    from encord_lambda.benchmark.notes import Notes
    from encord_lambda.benchmark.reviewed import ReviewedUnit
    from encord_lambda.benchmark.scoring import Scoring

    scoring = Scoring(_ontology(), Notes())
    for some in batched(images, AT_ONCE, strict=False):
        files = [_file(image) for image in some]
        with clock.running():
            for file in files:
                unit = ReviewedUnit.model_validate_json(file)
                for note in unit.remarks():
                    scoring.notes.add(note)
                scoring.add(unit.submitted())
    with clock.running():
        scores = scoring.scores()
    return sum(score.total.matched(0.5) for score in scores.objects)


def _file(image: Annotated) -> str:
    from encord_lambda.benchmark.reviewed import KeptLabel, KeptSubmission, ReviewedUnit

    submissions = list(_submissions(image))
    unit = ReviewedUnit(
        version=1,
        data=submissions[0].unit.data,
        title=submissions[0].unit.title,
        width=WIDTH,
        height=HEIGHT,
        frames=1,
        truth=tuple(map(KeptLabel.of, submissions[0].truth)),
        submissions=tuple(KeptSubmission.of(one.rater, one.given) for one in submissions),
        updated_at=datetime(2026, 11, 20, tzinfo=UTC),
    )
    return unit.model_dump_json()


def _ontology() -> Any:
    from encord_lambda.labels.ontology import Object, Ontology

    return Ontology((), tuple(Object(title, "bounding_box") for title in TITLES))


def _submissions(image: Annotated) -> Iterator[Any]:
    from encord_lambda.benchmark.submissions import Rater, Submission, Unit
    from encord_lambda.labels.proposals import Box, Label, Placement, Thing

    def labels(boxes: Boxes) -> tuple[Label, ...]:
        return tuple(
            Label(Thing(TITLES[title], (Placement(0, Box(*corners), 1.0),), str(place)), "person", str(place))
            for place, (corners, title) in enumerate(zip(boxes.corners.tolist(), boxes.titles, strict=True))
        )

    unit, truth = Unit(UUID(int=image.number), f"{image.number}.jpg", WIDTH, HEIGHT, 1), labels(image.truth)
    for name, given in zip(ANNOTATORS, image.given, strict=True):
        yield Submission(unit, Rater(name, "annotator"), labels(given), truth)


def pycocotools(images: Iterable[Annotated], clock: Clock) -> int:
    """COCO's own."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    return _coco(images, clock, COCO, lambda gt, dt: COCOeval(gt, dt, "bbox"))


def faster(images: Iterable[Annotated], clock: Clock) -> int:
    """The same interface, in C++."""
    from faster_coco_eval import COCO, COCOeval_faster

    return _coco(images, clock, COCO, lambda gt, dt: COCOeval_faster(gt, dt, "bbox", separate_eval=True))


def _coco(images: Iterable[Annotated], clock: Clock, index: Any, evaluation: Callable[[Any, Any], Any]) -> int:
    matched = 0
    truth, detections = _datasets(images)
    numbers = Counter(one["category_id"] for one in truth["annotations"])
    for found in detections:
        with redirect_stdout(io.StringIO()):
            side = evaluation(*_indexed(index, truth, found))
            side.params.areaRng, side.params.areaRngLbl, side.params.maxDets = [[0, 1e10]], ["all"], [100]
            with clock.running():
                side.evaluate()
            side.accumulate()
        recall = dict(zip(side.params.catIds, side.eval["recall"][0, :, 0, 0], strict=True))
        matched += round(sum(recall[category] * number for category, number in numbers.items()))
    return matched


def _indexed(index: Any, truth: dict[str, Any], found: list[dict[str, Any]]) -> tuple[Any, Any]:
    gt = index()
    gt.dataset = truth
    gt.createIndex()
    return gt, gt.loadRes(found)


def _datasets(images: Iterable[Annotated]) -> tuple[dict[str, Any], list[list[dict[str, Any]]]]:
    truth: dict[str, Any] = {"images": [], "annotations": [], "info": {}}
    truth["categories"] = [{"id": place + 1, "name": title} for place, title in enumerate(TITLES)]
    detections: list[list[dict[str, Any]]] = [[] for _ in ANNOTATORS]
    for image in images:
        number = image.number + 1
        truth["images"].append({"id": number, "width": WIDTH, "height": HEIGHT})
        for one in _boxes(number, image.truth):
            more = {"id": len(truth["annotations"]) + 1, "iscrowd": 0, "area": one["bbox"][2] * one["bbox"][3]}
            truth["annotations"].append(one | more)
        for found, given in zip(detections, image.given, strict=True):
            found += ({**one, "score": 1.0} for one in _boxes(number, given))
    return truth, detections


def _boxes(image: int, boxes: Boxes) -> Iterator[dict[str, Any]]:
    pixels = (boxes.corners * (WIDTH, HEIGHT, WIDTH, HEIGHT)).tolist()
    for box, title in zip(pixels, boxes.titles.tolist(), strict=True):
        yield {"image_id": image, "category_id": title + 1, "bbox": box}


def _peak() -> float:
    """The most memory this process ever held, in MB."""
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) * 1024 / 1e6


if __name__ == "__main__":
    main()
