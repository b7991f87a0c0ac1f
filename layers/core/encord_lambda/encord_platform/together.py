"""One request for many things, and what to do when it is refused because of one of them: halve, and halve again."""

from collections.abc import Callable, Sequence
from uuid import UUID

from encord.http.bundle import Bundle
from encord.project import Project

from encord_lambda.encord_platform.client import translated
from encord_lambda.errors import Reject, Retry, Trouble

type Request = Callable[[Sequence[UUID]], None]
"""Does something for all of these with one request of each kind; Encord does it for all of them or for none."""


def bundled(project: Project, doing: str, add: Callable[[UUID, Bundle], None]) -> Request:
    """A request made of an operation that `add` puts into a bundle for each key: up to 1,000 keys.

    Every call makes a bundle of its own: one that failed keeps its operations, and would send them twice.
    """

    def request(keys: Sequence[UUID]) -> None:
        with translated(f"{doing} ({len(keys)})"), project.create_bundle() as bundle:
            for key in keys:
                add(key, bundle)

    return request


def together(keys: Sequence[UUID], request: Request) -> dict[UUID, Trouble]:
    """Make a request for all keys; if it is refused, for halves of them, down to single ones.

    Returns what could not be done, by key: 14 requests at most find the one in a hundred that is refused.

    Raises:
        Retry: The first request failed, for a reason that is all of theirs. A half's failure is that half's alone.
    """
    if not keys:
        return {}
    try:
        request(keys)
    except Reject as refusal:
        return by_halves(keys, refusal, request)
    return {}


def by_halves(keys: Sequence[UUID], refusal: Reject, request: Request) -> dict[UUID, Trouble]:
    """As `together`, for keys that were refused together just now; raises nothing."""
    middle = len(keys) // 2
    if not middle:
        return dict.fromkeys(keys, refusal)
    first, second = keys[:middle], keys[middle:]
    refused = troubles(first, request)
    # If nothing is the matter with the first half, it is with the second: as a whole, that need not be asked for again.
    if refused or len(second) == 1:
        return refused | troubles(second, request)
    return by_halves(second, refusal, request)


def troubles(keys: Sequence[UUID], request: Request) -> dict[UUID, Trouble]:
    """As `together`, but raises nothing: if the first request fails, that is each key's trouble."""
    try:
        return together(keys, request)
    except Retry as trouble:
        return dict.fromkeys(keys, trouble)
