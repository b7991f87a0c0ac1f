"""`encord-lambda calibrate`: limits that a benchmark shows to be good enough, and what they would save and cost."""

import argparse
import math
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from encord_lambda.cli import key, records
from encord_lambda.cli.bar import bar
from encord_lambda.cli.files import text
from encord_lambda.cli.printing import counted, progress, tell, warn
from encord_lambda.config import PipelineConfig
from encord_lambda.config_benchmark import Benchmark
from encord_lambda.errors import Misconfigured, Reject

if TYPE_CHECKING:
    from encord_lambda.benchmark.calibrated import Promise, StageCalibration
    from encord_lambda.benchmark.patch import Patch

ABOUT = """\
Propose the lowest limits (accept and review, or unsure_below) above which agents are surely as precise as asked for, by
what a benchmark's ground truth says of their labels and of their decisions in the shadow. Tell what these limits would
save and cost beside today's, and print the change of pipeline.yaml, which is not made. It reads the records bucket
with your AWS credentials and Encord with a key, and changes neither."""
STATUS = "Exit status: 0 if something was judged, 1 if nothing was, 2 if that could not be found out."
LIBRARIES = "calibrate needs {}, which is not installed: `uv sync --group scoring` installs all that it needs"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command's options."""
    parser = commands.add_parser(
        "calibrate", help="propose limits that a benchmark shows to be good enough", description=ABOUT, epilog=STATUS
    )
    parser.add_argument("benchmark", metavar="BENCHMARK", help="name of one of the benchmarks of pipeline.yaml")
    parser.add_argument("--pipeline", metavar="FILE", required=True, help="the pipeline.yaml with the limits of today")
    parser.add_argument("--precision", type=_share, required=True, help="of what is accepted, for example 0.98")
    parser.add_argument("--confidence", type=_share, default=0.95, help="probability of the promise; else 0.95")
    parser.add_argument("--seconds-per-review", metavar="S", type=_seconds, default=20.0, help="per task; else 20")
    parser.add_argument("--patch", metavar="FILE", help="write the change into a file, for `patch`; else it is printed")
    parser.add_argument("--json", action="store_true", help="JSON for machines instead of tables")
    records.add_options(parser)
    key.add_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read, judge, propose, print.

    Raises:
        Trouble: pipeline.yaml is faulty, or AWS or Encord cannot be asked.
    """
    try:
        from encord_lambda.benchmark.calibrated import Promise, patched
    except ModuleNotFoundError as missing:
        raise Misconfigured(LIBRARIES.format(str(missing.name).partition(".")[0])) from None

    written = text(options.pipeline)
    pipeline = PipelineConfig.parse(options.pipeline, written)
    promise = Promise(options.precision, options.confidence, options.seconds_per_review)
    found = _judged(options, pipeline, _benchmark(options.benchmark, pipeline), promise)
    if not any(one.tasks for one in found):
        progress(
            f"nothing in the benchmark '{options.benchmark}' can be judged: no stage has labels or decisions there"
        )
        return 1
    _print(options, promise, found, patched(options.pipeline, written, pipeline, found))
    return 0


def _benchmark(name: str, pipeline: PipelineConfig) -> Benchmark:
    if found := next((one for one in pipeline.benchmarks if one.name == name), None):
        return found
    known = ", ".join(one.name for one in pipeline.benchmarks) or "none"
    raise Misconfigured(f"pipeline.yaml has no benchmark '{name}'; it has: {known}")


def _judged(
    options: argparse.Namespace, pipeline: PipelineConfig, benchmark: Benchmark, promise: "Promise"
) -> "list[StageCalibration]":
    from encord_lambda import shadow, wiring_desk
    from encord_lambda.benchmark.calibrated import calibrated
    from encord_lambda.benchmark.judged_stages import JudgedStages
    from encord_lambda.benchmark.notes import Notes

    found = key.find(options)
    kept, shadows, truth = wiring_desk.benchmark_at(records.find(options), benchmark, found)
    decisions, strange = shadows.read(shadow.prefix(benchmark.production), kept.known(benchmark.name))
    for line in strange:
        warn(line)
    with key.used(found):
        ontology = truth.ontology
    stages = JudgedStages(pipeline.stages, benchmark.production, decisions, ontology, Notes())
    with bar(f"reading what is kept of {benchmark.name}") as shown:
        for number, unit in enumerate(kept.kept(benchmark.name), 1):
            shown.at(number, counted(number, "data unit"))
            if isinstance(unit, Reject):
                warn(unit.reason)
            elif not unit.withdrawn:
                stages.add(unit)
    return [calibrated(stage, promise) for stage in stages]


def _print(options: argparse.Namespace, promise: "Promise", found: "list[StageCalibration]", change: "Patch") -> None:
    from encord_lambda.benchmark import calibrated, calibrated_wording
    from encord_lambda.benchmark.patch import Patch

    if options.json:
        told: dict[str, object] = {"stages": [calibrated.told(one) for one in found], **asdict(change)}
        sys.stdout.write(f"{TypeAdapter(dict[str, object]).dump_json(told, indent=2).decode()}\n")
    else:
        for one in found:
            for line in (*calibrated_wording.text(one, promise), ""):
                tell(line)
    if options.patch and change.diff:
        _write(options.patch, change.diff)
    elif not options.json:
        sys.stdout.write(change.diff)
    for line in change.by_hand.splitlines():
        warn(line)
    if change == Patch() and not any(one.why_none for one in found):
        progress("the limits of pipeline.yaml are what they should be")


def _write(file: str, diff: str) -> None:
    try:
        Path(file).write_text(diff, encoding="utf-8", newline="")
    except (OSError, ValueError) as error:
        raise Misconfigured(f"{file}: cannot be written: {getattr(error, 'strerror', None) or error}") from None
    progress(f"to change pipeline.yaml: patch < {file}")


def _share(written: str) -> float:
    value = _number(written)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{written} is not between 0 and 1")
    return value


def _seconds(written: str) -> float:
    value = _number(written)
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{written} is no number of seconds")
    return value


def _number(written: str) -> float:
    try:
        return float(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written!r} is no number") from None
