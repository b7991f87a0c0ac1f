"""Mean average precision of models, beside pycocotools on everything at once."""

import contextlib
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from encord_lambda.benchmark import coco, object_scores
from encord_lambda.benchmark.notes import Notes
from encord_lambda.benchmark.object_scores import ObjectScores
from encord_lambda.benchmark.submissions import Submission
from encord_lambda.labels.proposals import Thing
from encord_lambda.labels.shapes import Box
from tests.benchmark.drawn import FAR, ONTOLOGY, SQUARE, moved, score, thing
from tests.benchmark.labelled import ANN, MODEL, submission, unit

TITLES = ("Cat", "Dog")


def pictures(number: int, most: int) -> list[Submission]:
    """Of a model that finds most of what there is, and more, now and then under the wrong name."""
    source = np.random.default_rng(11)
    return [picture(source, at, int(source.integers(most // 2, most))) for at in range(number)]


def picture(source: np.random.Generator, number: int, boxes: int) -> Submission:
    corners = np.hstack((source.uniform(0, 0.6, (boxes, 2)), source.uniform(0.1, 0.4, (boxes, 2))))
    names = source.choice(TITLES, boxes)
    off = corners + source.normal(0, 0.03, corners.shape)
    said = np.where(source.random(boxes) < 0.1, "Dog", names)
    kept = source.random(boxes) < 0.9
    truth = [thing(Box(*box), title) for box, title in zip(corners.tolist(), names.tolist(), strict=True)]
    given = [
        thing(Box(*box), title, confidence=float(source.random()))
        for box, title in zip([*off[kept].tolist(), *corners[::3].tolist()], [*said[kept], *names[::3]], strict=True)
    ]
    return submission(truth, given, MODEL, unit(number))


def theirs(submissions: Sequence[Submission]) -> tuple[Any, Any]:
    """What pycocotools has of all together: precision and recall, by overlap and class."""
    sides: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
    for number, one in enumerate(submissions):
        for side, labels in zip(sides, (one.truth, one.given), strict=True):
            for label in labels:
                assert isinstance(label.content, Thing)
                side.append(annotation(number, len(side) + 1, label.content))
    truth = COCO()
    truth.dataset = {
        "info": {},
        "images": [{"id": number} for number in range(len(submissions))],
        "categories": [{"id": number} for number in range(len(TITLES))],
        "annotations": sides[0],
    }
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        evaluation = COCOeval(truth, truth.loadRes(sides[1]), "bbox")
        evaluation.params.areaRng, evaluation.params.maxDets = [[0, 1e10]], [100]
        evaluation.evaluate()
        evaluation.accumulate()
    return evaluation.eval["precision"][:, :, :, 0, 0], evaluation.eval["recall"][:, :, 0, 0]


def annotation(image: int, number: int, one: Thing) -> dict[str, Any]:
    (place,) = one.placements
    assert isinstance(place.shape, Box)
    box = [place.shape.x * 100, place.shape.y * 100, place.shape.width * 100, place.shape.height * 100]
    named = {"id": number, "image_id": image, "category_id": TITLES.index(one.object), "bbox": box}
    return named | {"score": place.confidence, "area": box[2] * box[3], "iscrowd": 0}


@pytest.mark.parametrize(("number", "most"), [(60, 12), (2, 280)])
def test_average_precision_is_that_of_pycocotools(number: int, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of pictures with more than a hundred detections, and whatever is compared at once."""
    monkeypatch.setattr(object_scores, "AT_ONCE", 150)
    submissions = pictures(number, most)
    precision, recall = theirs(submissions)
    scoring, more = ObjectScores(ONTOLOGY, Notes()), ObjectScores(ONTOLOGY, Notes())
    for at, one in enumerate(submissions):
        (scoring if at < number / 2 else more).add(one)
    scoring.merge(more)
    (found,) = scoring.scores()

    for place, title in enumerate(TITLES):
        ours = found.average_precision[title]
        each = [precision[:, :, place], precision[0, :, place], precision[5, :, place], recall[:, place]]
        expected = [float(one.mean()) for one in each]
        assert [ours.ap, ours.ap_50, ours.ap_75, ours.recall] == pytest.approx(expected, abs=1e-9)
    mean = coco.mean(found.average_precision)
    assert mean is not None
    assert mean.ap == pytest.approx(float(precision.mean()), abs=1e-9)


def test_the_surest_is_taken_first_even_where_another_fits_better() -> None:
    """Its overlap is 0.6; the better one is then left over, and of no use for anything else."""
    given = [thing(SQUARE, confidence=0.5), thing(moved(SQUARE, 0.25), confidence=0.9)]
    found = score([thing(SQUARE)], given, MODEL)
    assert found.average_precision["Cat"].ap_50 == pytest.approx(1)
    assert found.average_precision["Cat"].ap_75 == pytest.approx(0.5)
    assert found.total.mean_overlap(0.5) == pytest.approx(1)


def test_an_object_that_is_true_nowhere_has_no_average_precision() -> None:
    found = score([thing(SQUARE)], [thing(SQUARE), thing(FAR, "Dog")], MODEL)
    assert found.average_precision.keys() == {"Cat"}


def test_a_model_that_finds_nothing_has_none_and_a_person_has_no_such_score() -> None:
    found = coco.mean(score([thing(SQUARE)], [], MODEL).average_precision)
    assert found is not None
    assert (found.ap, found.recall) == (0, 0)
    assert coco.mean(score([thing(SQUARE)], [thing(SQUARE)], ANN).average_precision) is None
