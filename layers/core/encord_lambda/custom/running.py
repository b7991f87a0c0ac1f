"""Loads and calls the functions of the layer `agents`, and turns what goes wrong in them into a rejection."""

import importlib
import pkgutil
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Final

from encord_lambda.agents.agent import DataUnit, Tools
from encord_lambda.config_custom import Custom
from encord_lambda.custom.given import Given
from encord_lambda.errors import Failed, Misconfigured, Reject, Trouble

PACKAGE: Final = "own_agents"
"""What the layer's modules are imported from. Nothing else is: no path, nothing that came from S3 or the web."""
LONGEST: Final = 300
"""Characters of an error's own words that become part of a reason."""


class LayerAgents:
    """The functions of the layer `agents`; safe to share between threads as far as they are."""

    def decide(self, configured: Custom, unit: DataUnit, tools: Tools) -> object:
        """What the function `decide` of the module `configured.run` returned, not checked yet.

        Raises:
            Misconfigured: There is no such module.
            Reject: It cannot be imported, has no such function, or failed; the reason is its traceback's last line.
            Trouble: As the tools do.
        """
        with _contained(configured.run):
            return _function(configured.run)(Given.about(unit, configured, tools))


def _function(name: str) -> Callable[[Given], object]:
    known = _modules()
    if name not in known:
        there_are = ", ".join(sorted(known)) or "none"
        raise Misconfigured(f"pipeline.yaml: no custom agent '{name}' is deployed; there are: {there_are}")
    function = getattr(importlib.import_module(f"{PACKAGE}.{name}"), "decide", None)
    if not callable(function):
        raise Reject(f"{name}.py has no function `decide(given)`")
    return function  # type: ignore[no-any-return]  # what it returns is checked by who called


def _modules() -> frozenset[str]:
    try:
        package = importlib.import_module(PACKAGE)
    except ModuleNotFoundError as missing:
        if missing.name != PACKAGE:
            raise
        return frozenset()
    return frozenset(one.name for one in pkgutil.iter_modules(package.__path__))


@contextmanager
def _contained(name: str) -> Iterator[None]:
    # The one place where everything is caught, whatever it is: this is other people's code, one task of a hundred must
    # not take the others with it, and `SystemExit`, or a panic of a library written in Rust, is no `Exception`.
    try:
        yield
    except Trouble:
        raise
    except BaseException as error:
        raise Failed(_last_line(error) or f"{name}.py: {_words(error)}") from error


def _last_line(error: BaseException) -> str | None:
    """Where in the layer's own files an error came up, and what it says; None if it is from elsewhere."""
    if isinstance(error, SyntaxError) and error.filename and PACKAGE in PurePath(error.filename).parts:
        return f"{PurePath(error.filename).name}:{error.lineno}: {_words(error)}"
    frames = [
        (PurePath(frame.f_code.co_filename).name, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if str(frame.f_globals.get("__name__")).partition(".")[0] == PACKAGE
    ]
    return "{}:{}: {}".format(*frames[-1], _words(error)) if frames else None


def _words(error: BaseException) -> str:
    """An error's type and message in one line; of a syntax error, Python writes the place first."""
    written = list(traceback.TracebackException.from_exception(error, compact=True).format_exception_only())
    line = " ".join((written[-1] if isinstance(error, SyntaxError) else written[0]).split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
