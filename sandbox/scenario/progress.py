"""Tell the user how far it is: a live panel on a terminal, plain lines anywhere else."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from sandbox.scenario.watching import Progress, Sight
from sandbox.scenario.world import stage_titles

BAR = 40  # characters


class Lines:
    """A line for each thing said and for each change; no control codes."""

    def __init__(self, console: Console, began: float) -> None:
        self._console, self._began, self._last = console, began, ""

    def say(self, text: str) -> None:
        """Tell what is being done now."""
        line = f"{time.monotonic() - self._began:6.1f} s  {text}"
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    def watch(self, address: str) -> None:
        """Tell where a browser shows it."""
        self.say(f"watch it in a browser, as long as it runs: {address}")

    def show(self, sight: Sight) -> None:
        """Tell how things are, if that is news."""
        counts = {"uploaded": sight.uploaded, "registered": len(sight.registered), "refused": len(sight.refused)}
        counts |= {"in the library": sight.shelved} | sight.platform.waiting()
        counts |= {f"queued {name.lower()}": n for name, n in sight.queues.items()}
        counts |= {"dead letters": sum(sight.dead_letters.values())}
        text = " · ".join(f"{name} {number}" for name, number in counts.items() if number)
        if text != self._last:
            self.say(text)
        self._last = text


class Board:
    """A panel that is always drawn as things are now."""

    def __init__(self, began: float) -> None:
        self._began = began
        self._text = self._address = ""
        self._sight: Sight | None = None
        self._spinner = Spinner("dots")

    def say(self, text: str) -> None:
        """Tell what is being done now."""
        self._text = text

    def watch(self, address: str) -> None:
        """Tell where a browser shows it, from now on."""
        self._address = address

    def show(self, sight: Sight) -> None:
        """Show how things are."""
        self._sight = sight

    def __rich__(self) -> RenderableType:
        self._spinner.update(text=Text(f" {self._text}"))
        parts: list[RenderableType] = [self._spinner]
        if self._address:
            parts.append(Text(f"  watch it in a browser, as long as it runs:\n  {self._address}", style="dim"))
        if self._sight:
            parts += [Text(), _objects(self._sight), Text(), _stages(self._sight), Text(), _queues(self._sight)]
        seconds = f"{time.monotonic() - self._began:.0f} s"
        return Panel(Group(*parts), title="encord-lambda", subtitle=seconds, padding=(1, 2), width=84)


@contextmanager
def shown(began: float) -> Iterator[Progress]:
    """Whatever fits standard output; `began` is the monotonic clock when the command started."""
    console = console_for_stdout()
    if not console.is_terminal:
        yield Lines(console, began)
        return
    board = Board(began)
    with Live(board, console=console, refresh_per_second=8):
        yield board


def console_for_stdout() -> Console:
    """Standard output, whatever the environment says about colours: no terminal, no control codes."""
    terminal = sys.stdout.isatty()
    return Console(force_terminal=terminal, width=None if terminal else 140)


def _objects(sight: Sight) -> Table:
    done = len(sight.fates)
    grid = _grid()
    grid.add_row("uploaded", _bar(sight.uploaded, sight.uploaded, "cyan"), str(sight.uploaded))
    grid.add_row("registered", _bar(len(sight.registered), sight.uploaded, "green"), str(len(sight.registered)))
    grid.add_row("refused", _bar(len(sight.refused), sight.uploaded, "yellow"), f"{len(sight.refused)}")
    grid.add_row("accounted for", _bar(done, sight.uploaded, "blue"), f"{done}")
    grid.add_row("library", "", f"{sight.shelved}")
    return grid


def _stages(sight: Sight) -> Table:
    waiting, grid = sight.platform.waiting(), _grid()
    for title in stage_titles():
        number = waiting.get(title, 0)
        grid.add_row(title, _bar(number, sum(waiting.values()), "magenta"), str(number))
    return grid


def _queues(sight: Sight) -> Text:
    counts = {name.lower(): number for name, number in sight.queues.items()}
    counts["dead letters"] = sum(sight.dead_letters.values())
    return Text("queues: " + " · ".join(f"{name} {number}" for name, number in counts.items()), style="dim")


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=16)
    grid.add_column(width=BAR)
    grid.add_column(justify="right", width=6)
    return grid


def _bar(number: int, total: int, colour: str) -> ProgressBar:
    return ProgressBar(total=max(total, 1), completed=number, width=BAR, complete_style=colour, finished_style=colour)
