"""What a check comes to, in one line each."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from encord_lambda.errors import Trouble


class Verdict(StrEnum):
    """How a thing was found."""

    OK = "ok"
    WARNING = "warn"
    FAULT = "fail"
    UNCHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Result:
    """What was found of one thing, and what to do where it is not well. It quotes no secret."""

    verdict: Verdict
    subject: str
    told: str


class Unchecked(Exception):  # noqa: N818 - it says what became of the check, as the trouble of `errors` does
    """The check could not be made; `reason` says why. That is no fault of the stack."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at; what `look` raises is told as its result."""

    subject: str
    look: Callable[[], Iterable[Result]]

    def results(self) -> Iterator[Result]:
        """What it comes to; never raises trouble."""
        try:
            yield from self.look()
        except Unchecked as unknown:
            yield Result(Verdict.UNCHECKED, self.subject, f"because {unknown.reason}")
        except Trouble as trouble:
            yield Result(Verdict.FAULT, self.subject, trouble.reason)


class Prior[T]:
    """What several checks need. The first that asks has its trouble to tell; others are told which one that was."""

    def __init__(self, subject: str, read: Callable[[], T]) -> None:
        self._subject, self._read = subject, read
        self._found: list[T] = []
        self._failed = False

    def __call__(self) -> T:
        """What was read, once.

        Raises:
            Trouble: It cannot be read, which the first who asks is told.
            Unchecked: So all others are told.
        """
        if self._failed:
            raise Unchecked(f"that needs {self._subject}, see there")
        if not self._found:
            self._failed = True
            self._found.append(self._read())
            self._failed = False
        return self._found[0]


def ok(subject: str, told: str) -> Result:
    """All is well with it."""
    return Result(Verdict.OK, subject, told)


def warning(subject: str, told: str) -> Result:
    """It works, and somebody should look at it."""
    return Result(Verdict.WARNING, subject, told)


def fault(subject: str, told: str) -> Result:
    """It does not work."""
    return Result(Verdict.FAULT, subject, told)
