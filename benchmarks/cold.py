"""How soon functions of the Label Editor's API answer from a cold start, beside encord-agents' AWS wrapper.

    python -m benchmarks.cold [--rounds 15] [--warm 10]      (`make bench-cold` builds both first)

Built artifacts run under AWS's Runtime Interface Emulator, which starts a function's process at its first event. The
clock runs from that event to its answer: the interpreter, all imports, whenever they are paid, and the work. The other
contender is seed 001's agent under encord-agents' decorator, with its dependencies in the versions of uv.lock,
installed and compiled by the layers' own recipe. Whatever is measured, all take turns, in an order that is reversed
each round. A round that does not count comes first, so files are in the page cache for all.

- ping: a POST with the test header.
- describe: a call from the project's listing to the saved label: picture, model (OpenAI's SDK in both) and Encord's
  twin answer at once. Ours fetches its keys and pipeline.yaml from a stand-in for AWS; the other has its keys in its
  environment, as its documentation says.
- task_ready: a signed notification, up to its event on the bus. Its secret and pipeline.yaml are fetched, too.
- warm: further describe calls to a loaded instance of ours, without Encord and model time, which is what a floor takes
  next to each: the same requests to the twin and the model, on another picture, with the bare SDKs. What is left
  holds the emulator, a look whether pipeline.yaml changed, the picture's download and decoding, and our own code.

Ratios are medians of the rounds' own ratios, the rest are medians; quartiles are in brackets. Afterwards every data
unit that was called about must have one description, saved once, and every notification an event.
"""

import argparse
import json
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from benchmarks.cold_floor import Floor
from benchmarks.cold_starts import WRAPPER, Built
from benchmarks.cold_world import FarSide, call, far_side, notification, ping
from benchmarks.saying import say
from sandbox import template

type Times = defaultdict[str, list[float]]

ROWS = (
    ("test ping", "ping", "ours_ping", "wrapper_ping"),
    ("describe", "describe", "ours_describe", "wrapper_describe"),
    ("task ready, beside their ping", "task_ready", "task_ready", "wrapper_ping"),
)


@dataclass
class Race:
    """The contenders, what they are asked, and what they took."""

    far: FarSide
    ours: Built
    task_ready: Built
    wrapper: Built
    floor: Floor
    warm_calls: int
    units: Iterator[str]
    times: Times = field(default_factory=lambda: defaultdict(list))

    def run(self, rounds: int) -> None:
        """So many rounds, after one that does not count."""
        steps: list[Callable[[], None]] = [
            lambda: self._cold("ours_ping", self.ours, ping),
            lambda: self._cold("wrapper_ping", self.wrapper, ping),
            lambda: self._cold("task_ready", self.task_ready, notification),
            self._describe,
            lambda: self._cold("wrapper_describe", self.wrapper, self._call),
        ]
        for number in range(rounds + 1):
            for step in steps if number % 2 else reversed(steps):
                step()
            if number == 0:
                self.times.clear()

    def audit(self, rounds: int) -> None:
        """Return if all that was asked was done.

        Raises:
            RuntimeError: A contender that leaves work undone must not win.
        """
        calls, described, told = _units(rounds, self.warm_calls), len(self.far.encord.described()), self.far.told()
        if (described, told) != (calls, rounds + 1):
            raise RuntimeError(f"{described} of {calls} pictures are described, {told} of {rounds + 1} stages told of")

    def _cold(self, name: str, contender: Built, event: Callable[[], dict[str, object]]) -> None:
        with contender.started() as instance:
            self.times[name].append(instance.seconds(event()))

    def _describe(self) -> None:
        with self.ours.started() as instance:
            self.times["ours_describe"].append(instance.seconds(self._call()))
            for _ in range(self.warm_calls):
                self.times["warm"].append(instance.seconds(self._call()) - self.floor.seconds(next(self.units)))

    def _call(self) -> dict[str, object]:
        return call(next(self.units))


def main() -> None:
    """Race, print the table and the result line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cold")
    parser.add_argument("--rounds", type=int, default=15, help="that count")
    parser.add_argument("--warm", type=int, default=10, help="calls to each loaded instance of ours")
    options = parser.parse_args()
    with far_side(_units(options.rounds, options.warm)) as far:
        race = _race(far, options.warm)
        race.run(options.rounds)
        race.audit(options.rounds)
    for line in _table(race.times):
        say(line)
    say(f"RESULT {json.dumps(_result(race.times))}")


def _race(far: FarSide, warm_calls: int) -> Race:
    ours = template.functions(template.load())
    editor, ready = (
        Built(ours[name], template.BUILD, far.environment(ours[name]))
        for name in ("EditorAgentFunction", "TaskReadyFunction")
    )
    theirs = replace(editor.function, name="WrapperFunction", layers=("WrapperLayer",))
    wrapper = Built(theirs, WRAPPER, far.wrapper_environment())
    return Race(far, editor, ready, wrapper, Floor(far), warm_calls, iter(far.encord.units()))


def _units(rounds: int, warm_calls: int) -> int:
    """How many data units are described: by a cold start of each, and by warm calls and the floor."""
    return (rounds + 1) * 2 * (1 + warm_calls)


def _result(times: Mapping[str, Sequence[float]]) -> dict[str, float]:
    ratios = {f"{key}_x": round(statistics.median(_ratios(times, *pair)), 2) for _, key, *pair in ROWS}
    return ratios | {"warm_p50_ms": round(statistics.median(times["warm"]) * 1000, 1)}


def _ratios(times: Mapping[str, Sequence[float]], ours: str, theirs: str) -> list[float]:
    return [one / other for one, other in zip(times[ours], times[theirs], strict=True)]


def _table(times: Mapping[str, Sequence[float]]) -> Iterator[str]:
    row = "{:30} {:>24} {:>24} {:>18}"
    yield f"{len(times['ours_ping'])} rounds; milliseconds from the start of the process to the first answer"
    yield row.format("", "ours", "encord-agents", "x")
    for title, _, ours, theirs in ROWS:
        spreads = (_spread(times[name], 1000, 0) for name in (ours, theirs))
        yield row.format(title, *spreads, _spread(_ratios(times, ours, theirs), 1, 2))
    yield row.format("describe, warm, above the floor", _spread(times["warm"], 1000, 1), "", "")


def _spread(values: Sequence[float], unit: float, digits: int) -> str:
    low, middle, high = statistics.quantiles([value * unit for value in values], n=4, method="inclusive")
    return f"{middle:.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"


if __name__ == "__main__":
    main()
