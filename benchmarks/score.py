"""How long objects take to be matched and scored beside COCO's evaluation of the same boxes, and in how much memory.

    python -m benchmarks.score [--images 10000] [--boxes 20] [--rounds 3]

Three annotators' boxes beside the truth: jittered, some in each other's way, some missed, some too many, some of the
wrong class. Ours takes submissions one by one and ends with all scores: classes told apart and not, mislabelled from
misplaced, ten thresholds, data units. Beside it, pycocotools and faster-coco-eval match the same boxes at the same
thresholds (`evaluate`; the precision-recall curves that follow are not in their time, nor is making the input in
anybody's). They take turns, each in a process of its own. Of each, the fastest round is told, for other work on the
machine can only add, and the largest that its process ever was.

The row `kept` is all that a report does with the files of the data units but fetching them: it parses them, and scores
answers and objects.

What is matched at an overlap of a half differs a little: ours takes as many as possible, COCO's rule the best first.
"""

import argparse
import json
import subprocess
import sys

from benchmarks.saying import say
from sandbox.ministack import ROOT

OURS, KEPT = "ours", "kept"
OTHERS = ("pycocotools", "faster-coco-eval")
HEADS = ("", "seconds", "x ours", "CPU seconds", "x ours", "MB", "matched")
ROW = "{:18}{:>9}{:>9}{:>13}{:>9}{:>7}{:>11}"

type Run = dict[str, float]
"""`seconds`, `cpu_seconds`, `mb` and `matched` of a side."""


def main() -> None:
    """Run all sides, print the table and the result line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.score")
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--boxes", type=int, default=20, help="true ones on each image")
    parser.add_argument("--rounds", type=int, default=3, help="of which the fastest is told")
    options = parser.parse_args()
    say(f"{options.images:,} images of {options.boxes} boxes, 3 annotators")
    runs: dict[str, list[Run]] = {side: [] for side in (OURS, KEPT, *OTHERS)}
    for _ in range(options.rounds):
        for side, ran in runs.items():
            ran.append(_run(side, options.images, options.boxes))
    best = {side: _best(ran) for side, ran in runs.items()}
    _tell(best)
    result = {
        "x_fastest": round(best[OURS]["seconds"] / min(best[side]["seconds"] for side in OTHERS), 2),
        "peak_mb": round(best[OURS]["mb"]),
        "seconds": round(best[OURS]["seconds"], 1),
        "kept_ms_an_image": round(best[KEPT]["cpu_seconds"] * 1000 / options.images, 1),
    }
    say(f"RESULT {json.dumps(result)}")


def _run(side: str, images: int, boxes: int) -> Run:
    command = [sys.executable, "-m", "benchmarks.score_run", side, str(images), str(boxes)]
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    result: Run = json.loads(ended.stdout)
    return result


def _best(runs: list[Run]) -> Run:
    best = {measure: min(run[measure] for run in runs) for measure in ("seconds", "cpu_seconds")}
    return runs[0] | best | {"mb": max(run["mb"] for run in runs)}


def _tell(best: dict[str, Run]) -> None:
    say(ROW.format(*HEADS))
    for side, run in best.items():
        times = [
            text
            for measure in ("seconds", "cpu_seconds")
            for text in (f"{run[measure]:.2f}", f"{run[measure] / best[OURS][measure]:.2f}")
        ]
        say(ROW.format(side, *times, f"{run['mb']:.0f}", f"{run['matched']:,.0f}"))


if __name__ == "__main__":
    main()
