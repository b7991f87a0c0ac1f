"""Three kinds of trouble, sorted by what the caller must do.

Trouble
├── Retry             leave the message; it comes back later     rate limit, 5xx, timeout
│   ├── Misconfigured  as Retry, and a person must mend the deployment first; does not count as a try
│   └── Deferred       as Retry, and does not count as a try    no time left, a dependency rests
│       └── OverBudget  as Deferred, until the day's budget of the model is renewed
├── Reject            it will never work: record the reason, take the `failed` pathway, else the dead-letter queue
│   ├── Malformed      as Reject: nobody can tell what the message means
│   └── GivenUp        always a dead letter: it might have worked, and was tried often enough
└── Skip              nothing to do: acknowledge                  duplicate delivery
    └── Gone           as Skip, and it may come back               task moved on

Edge rooms translate the errors of boto3, the Encord SDK and the model clients into these once; nothing else
catches broadly (DESIGN §5.2).
"""

import traceback
from typing import ClassVar, Final, Literal

type Cause = Literal["refused", "malformed", "given up"]
"""Why work is rejected: the three that can be counted, where reasons are free text."""
LONGEST: Final = 2000
"""Characters of a reason. A claim, a log line and a dead letter hold it, and each of these has a limit."""


class Trouble(Exception):  # noqa: N818 - the field says "trouble"; its kinds are verbs, not errors
    """Something kept a unit of work from being done; `reason` is one line a person can act on.

    It may quote a service, a model or somebody's own agent: it is cut to `LONGEST`, and `?` is put for what is no valid
    Unicode, for one reason that cannot be written down would keep its neighbours' claims from being written, too.

    `billed`: a model's provider may charge for the try all the same, for the model answered, or nobody knows.
    """

    def __init__(self, reason: str, *, billed: bool = False) -> None:
        self.reason = reason[:LONGEST].encode(errors="replace").decode()
        self.billed = billed
        super().__init__(self.reason)


class Retry(Trouble):
    """A later try may work: rate limit, 5xx, timeout, dropped connection.

    The caller leaves the message on its queue. `after` is the service's own `Retry-After` in seconds and a lower
    bound. It does not mean that nothing was saved: a timeout may come after the commit, which is why every step
    is safe to repeat.
    """

    counts: ClassVar = True
    """Whether it is a try of the work, of which there are only so many."""

    def __init__(self, reason: str, *, after: float = 0.0, billed: bool = False) -> None:
        super().__init__(reason, billed=billed)
        self.after = after


class Misconfigured(Retry):
    """The deployment is wrong (pipeline.yaml, a secret, a setting): messages wait until a person has mended it."""

    counts = False

    def __init__(self, reason: str, *, after: float = 60.0, billed: bool = False) -> None:
        super().__init__(reason, after=after, billed=billed)


class Deferred(Retry):
    """The try was not made: time was short, or what it needs rests."""

    counts = False


class OverBudget(Deferred):
    """The model's budget for the day is spent: the work takes the pathway for this, or is tried again.

    A quarter of an hour later the day may be over, or somebody may have raised the budget.
    """

    def __init__(self, reason: str, *, after: float = 900.0) -> None:
        super().__init__(reason, after=after)


class Reject(Trouble):
    """It will never work, however often it is tried: malformed message, unreadable media, unknown option."""

    cause: ClassVar[Cause] = "refused"


class Failed(Reject):
    """The function of a custom agent broke off, or returned what is no decision; the reason quotes it."""


class Malformed(Reject):
    """The message cannot be read, which only a foreign sender or another version of ours can cause."""

    cause = "malformed"


class GivenUp(Reject):
    """Every try ended in trouble that might have passed, or workers died with it in hand."""

    cause = "given up"


class Skip(Trouble):
    """There is nothing left to do, and that is success: the task moved on, the message came twice."""


class Gone(Skip):
    """The task is not at its stage. A listing that is behind the times may say so of one that is just coming."""


def fault(error: Exception) -> Retry:
    """A fault of ours, as trouble of the work it befell alone; to be raised from the error.

    Names its kind and place, and does not quote it: an error's own words may hold a signed URL.
    """
    *_, (where, line) = traceback.walk_tb(error.__traceback__)
    place = f"{where.f_code.co_filename.rpartition('/')[2]}:{line}"
    return Retry(f"a fault, please report it: {type(error).__name__} at {place}")
