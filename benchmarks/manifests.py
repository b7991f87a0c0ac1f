"""How long a million rows of an import manifest take to be read, checked and split, beside their floor.

    python -m benchmarks.manifests [--rows 1000000] [--rounds 3]

Ours reads a CSV file of images and the same as upload-file JSON from disk, with every check there is, splits it into
the manifests of upload jobs and writes those to disk. The floor of CSV is `csv.reader` over the same file, which keeps
nothing, plus writing the same bytes; that of JSON is `json.load` and the same writing. They take turns, each in a
process of its own. Of each side, the fastest round is told: other work on the machine can only add. Memory is the
largest a process ever held, less what it held after its imports, and the worst of the rounds. After each round, every
row must be in the manifests, once and in its place.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.saying import say
from sandbox.ministack import ROOT

HEADS = ("", "format", "seconds", "x floor", "CPU seconds", "x floor", "MB")
ROW = "{:22}{:>8}{:>9}{:>9}{:>13}{:>9}{:>7}"
SIDES = {"csv": "csv.reader, write", "json": "json.load, write"}

type Run = dict[str, float]
"""`seconds`, `cpu_seconds` and `mb` of a side."""
type Race = dict[str, Run]


def main() -> None:
    """Run the races, print the table and the result line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.manifests")
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the CSV file, items of the JSON file")
    parser.add_argument("--rounds", type=int, default=3, help="of which the fastest is told")
    options = parser.parse_args()
    say(f"{options.rows:,} images; MB are above imports")
    say(ROW.format(*HEADS))
    with tempfile.TemporaryDirectory() as name:
        _write_files(Path(name), options.rows)
        races = {kind: _race(Path(name), kind, options.rows, options.rounds) for kind in SIDES}
    ours = races["csv"]["ours"]
    result = {
        "rows_per_second": round(options.rows / ours["seconds"]),
        "x_floor": round(_times(races["csv"]), 2),
        "mb_above_imports": max(race["ours"]["mb"] for race in races.values()),
    }
    say(f"RESULT {json.dumps(result)}")


def _race(folder: Path, kind: str, rows: int, rounds: int) -> Race:
    """The best of so many rounds of each side; says it. The floor writes the bytes that ours wrote."""
    into = folder / kind
    into.mkdir()
    runs: dict[str, list[Run]] = {"ours": [], "floor": []}
    for _ in range(rounds):
        for side, ran in runs.items():
            ran.append(_run(side, folder / f"images.{kind}", into))
        _audit(into, rows)
    race = {side: _best(ran) for side, ran in runs.items()}
    _tell(kind, race)
    return race


def _best(runs: list[Run]) -> Run:
    best = {measure: min(run[measure] for run in runs) for measure in ("seconds", "cpu_seconds")}
    return best | {"mb": max(run["mb"] for run in runs)}


def _audit(folder: Path, rows: int) -> None:
    """Look for every row in the manifests.

    Raises:
        RuntimeError: One is not there, or not in its place, or there is another.
    """
    expected = images(rows)
    for path in sorted(folder.iterdir()):
        for image in json.loads(path.read_bytes())["images"]:
            if (image["objectUrl"], image["title"]) != next(expected, None):
                raise RuntimeError(f"{path.name}: another image than the file has there: {image}")
    if missing := next(expected, None):
        raise RuntimeError(f"the manifests end before {missing}")


def _run(side: str, file: Path, into: Path) -> Run:
    command = [sys.executable, "-m", "benchmarks.manifest_run", side, str(file), str(into)]
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    result: Run = json.loads(ended.stdout)
    return result


def images(rows: int) -> Iterator[tuple[str, str]]:
    """URLs and titles of usual lengths, 25 days of 40 cameras in as many directories."""
    for row in range(rows):
        day, camera = row * 25 // rows + 1, row % 40
        name = f"frame-{row:07d}.jpg"
        path = f"recordings/2026-11-{day:02d}/camera-{camera:02d}/{name}"
        yield f"https://lumen-media.s3.eu-central-1.amazonaws.com/{path}", f"camera {camera:02d} {name}"


def _write_files(folder: Path, rows: int) -> None:
    with (folder / "images.csv").open("w", newline="") as table, (folder / "images.json").open("w") as text:
        table.write("ObjectURL,Image title\r\n")
        text.write('{"images": [')
        for number, (url, title) in enumerate(images(rows)):
            table.write(f"{url},{title}\r\n")
            text.write(",\n" if number else "\n")
            text.write(json.dumps({"objectUrl": url, "title": title}))
        text.write('\n], "skip_duplicate_urls": true}\n')


def _times(race: Race, measure: str = "seconds") -> float:
    return race["ours"][measure] / race["floor"][measure]


def _tell(kind: str, race: Race) -> None:
    for side, name in (("floor", SIDES[kind]), ("ours", "ours")):
        run, is_ours = race[side], side == "ours"
        seconds = (f"{run['seconds']:.2f}", f"{_times(race) if is_ours else 1:.2f}")
        cpu = (f"{run['cpu_seconds']:.2f}", f"{_times(race, 'cpu_seconds') if is_ours else 1:.2f}")
        say(ROW.format(name, kind.upper(), *seconds, *cpu, f"{run['mb']:.0f}"))


if __name__ == "__main__":
    main()
