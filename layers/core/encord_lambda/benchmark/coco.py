"""Mean average precision of models, by COCO's rules and pycocotools: 100 detections of an object a picture, all sizes.

Detections are taken by falling confidence, and each takes the free true drawing that it overlaps most. The overlaps are
ours (see `overlaps`): the same as COCO's for boxes and bitmasks, and other shapes are judged alike. Each frame of a
video is a picture.
"""

import contextlib
import copy
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from pycocotools.cocoeval import COCOeval

from encord_lambda.benchmark.comparing import Comparison
from encord_lambda.benchmark.drawings import Drawings, Mask

DETECTIONS: Final = 100
ALL_SIZES: Final = (0, 1e10)

type Picture = tuple[int, int]
"""A scene, and a rater's object on it."""
type Judged = Mapping[str, Any]
"""What pycocotools says about detections of an object: `dtScores`, `dtMatches`, `dtIgnore` and `gtIgnore`."""


@dataclass(frozen=True, slots=True)
class AveragePrecision:
    """Of one object, or the mean over all objects that are true somewhere; all in [0, 1]."""

    ap: float
    """Averaged over the overlaps 0.50, 0.55, … 0.95."""
    ap_50: float
    ap_75: float
    recall: float
    """Of 100 detections on each picture, averaged over the same overlaps."""


class CocoCounts:
    """Detections of models' objects, by cell. What is kept of a detection is its score and where it matched."""

    def __init__(self) -> None:
        self._judged: dict[int, Judged] = {}

    def add(self, comparison: Comparison) -> None:
        """Judge the models' submissions of a batch; people give no confidence to go by."""
        is_model = np.array([one.rater.kind == "model" for one in comparison.submissions], dtype=bool)
        if is_model.any():
            found: defaultdict[int, list[Judged]] = defaultdict(list)
            for (_, cell), judged in _pictures(comparison, is_model):
                found[cell].append(judged)
            self._extend(found)

    def merge(self, other: "CocoCounts", number: Mapping[int, int]) -> None:
        """Add another's, whose cells are numbered otherwise."""
        self._extend({number[cell]: [judged] for cell, judged in other._judged.items()})

    def scores(self, cells: Mapping[int, str]) -> dict[str, AveragePrecision]:
        """Of the objects among these that are true somewhere, by title."""
        here = {title: self._judged[cell] for cell, title in cells.items() if cell in self._judged}
        evaluation = COCOeval(iouType="bbox")
        # Each object has one picture, on which are all its detections: there were 100 at most on each true one.
        evaluation.params.imgIds, evaluation.params.catIds = [0], list(range(len(here)))
        evaluation.params.areaRng, evaluation.params.maxDets = [ALL_SIZES], [None]
        evaluation.evalImgs, evaluation._paramsEval = list(here.values()), copy.deepcopy(evaluation.params)
        with contextlib.redirect_stdout(io.StringIO()):
            evaluation.accumulate()
        precision, recall = evaluation.eval["precision"][..., 0, 0], evaluation.eval["recall"][..., 0, 0]
        return {
            title: AveragePrecision(
                float(precision[:, :, place].mean()),
                float(precision[0, :, place].mean()),
                float(precision[5, :, place].mean()),
                float(recall[:, place].mean()),
            )
            for place, (title, judged) in enumerate(here.items())
            if len(judged["gtIgnore"])
        }

    def _extend(self, found: Mapping[int, list[Judged]]) -> None:
        for cell, those in found.items():
            before = [self._judged[cell]] if cell in self._judged else []
            self._judged[cell] = _joined([*before, *those])


def mean(scores: Mapping[str, AveragePrecision]) -> AveragePrecision | None:
    """Over objects; None where there are none."""
    rows = [(one.ap, one.ap_50, one.ap_75, one.recall) for one in scores.values()]
    return AveragePrecision(*(sum(column) / len(rows) for column in zip(*rows, strict=True))) if rows else None


def _pictures(comparison: Comparison, is_model: Mask) -> Iterator[tuple[Picture, Judged]]:
    """Each object that a model drew or had to draw on a picture, judged."""
    evaluation = COCOeval(iouType="bbox")
    given, truth = _by_picture(comparison.given, is_model), _by_picture(comparison.truth, is_model)
    overlaps = _overlaps(comparison)
    for picture in given | truth:
        confidence = {place: comparison.given.drawn[place][1].confidence for place in given.get(picture, ())}
        mine, true = sorted(confidence, key=lambda place: -confidence[place]), truth.get(picture, [])
        evaluation._dts[picture] = [_drawing(place, score=confidence[place]) for place in mine]
        evaluation._gts[picture] = [_drawing(place) for place in true]
        matrix = [[overlaps.get((one, other), 0.0) for other in true] for one in mine]
        evaluation.ious[picture] = np.array(matrix).reshape(len(mine), len(true))
        yield picture, evaluation.evaluateImg(*picture, ALL_SIZES, DETECTIONS)


def _by_picture(drawings: Drawings, is_model: Mask) -> dict[Picture, list[int]]:
    found: defaultdict[Picture, list[int]] = defaultdict(list)
    for place in np.flatnonzero(is_model[drawings.submission]).tolist():
        found[int(drawings.scene[place]), int(drawings.cell[place])].append(place)
    return found


def _overlaps(comparison: Comparison) -> dict[tuple[int, int], float]:
    pairs = comparison.pairs.only(comparison.pairs.same)
    both = zip(pairs.given.tolist(), pairs.truth.tolist(), strict=True)
    return dict(zip(both, pairs.overlap.tolist(), strict=True))


def _drawing(place: int, **more: float) -> dict[str, Any]:
    # To pycocotools 0 means no match.
    return {"id": place + 1, "area": 1.0, "ignore": 0, "iscrowd": 0, **more}


def _joined(judged: list[Judged]) -> Judged:
    matches = np.concatenate([one["dtMatches"] > 0 for one in judged], axis=1)
    return {
        "dtScores": np.concatenate([one["dtScores"] for one in judged]),
        "dtMatches": matches,
        "dtIgnore": np.zeros_like(matches),
        "gtIgnore": np.zeros(sum(len(one["gtIgnore"]) for one in judged), dtype=bool),
    }
