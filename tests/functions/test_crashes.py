"""register_uploads dies after any of its effects, and its batch comes again: items, links and sums are the same."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import requests
from botocore.client import BaseClient

from encord_lambda.aws.signed_requests import SignedRequests
from encord_lambda.registration.directories import groups
from encord_lambda.registration.upload_jobs import jobs
from tests.functions.upload_stack import Stack
from tests.functions.uploading import beside, configure, day, linked, put, register, stored, sums, url
from tests.twin.worlds import jpeg

PICTURE = jpeg()
EFFECTS = ("PutObject", "SendMessageBatch", "TransactWriteItems", "PutItem", "UpdateItem", "POST")


class Killed(BaseException):
    """A function was killed."""


class Fuse:
    """Kills after the `at`th effect on AWS or Encord, if there are so many."""

    def __init__(self, at: int) -> None:
        self._at = at
        self.burnt: list[str] = []

    @contextmanager
    def lit(self) -> Iterator[None]:
        """While a function runs."""
        with pytest.MonkeyPatch.context() as patch:
            self._count(patch, BaseClient, "_make_api_call", lambda operation, _: str(operation))
            self._count(patch, SignedRequests, "call", lambda _, __, operation, ___: operation.rpartition(".")[2])
            self._count(patch, requests.Session, "send", lambda request: str(request.method))
            yield

    def _count(self, patch: pytest.MonkeyPatch, client: type, name: str, told: Callable[..., str]) -> None:
        original = getattr(client, name)

        def called(this: object, *args: object, **named: object) -> object:
            answer = original(this, *args, **named)
            if (effect := told(*args)) in EFFECTS:
                self.burnt.append(effect)
                if len(self.burnt) == self._at:
                    raise Killed
            return answer

        patch.setattr(client, name, called)


@pytest.fixture(autouse=True)
def _no_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the dead."""
    monkeypatch.setattr(jobs, "LEASE", timedelta(0))
    monkeypatch.setattr(groups, "LEASE", timedelta(0))


def registered(stack: Stack, name: str, fuse: Fuse) -> None:
    """Have a batch with something of everything worked on, which comes again if its function dies."""
    stack.put(f"{name}-far.jpg", PICTURE)
    named = {"images": [{"objectUrl": url(f"{name}-far.jpg"), "title": f"{name}-far"}, {}]}
    uploads = {
        f"{name}/a.jpg": PICTURE,
        f"{name}/b.exe": b"MZ",
        f"{name}-groups/zoo/a.jpg": PICTURE,
        f"{name}-groups/zoo/_COMPLETE": b"",
        f"{name}/manifests/a.json": json.dumps(named).encode(),
    }
    told = put(stack, uploads)
    with fuse.lit():
        try:
            register(*told)
        except Killed:
            register(*told)


def configured(stack: Stack, *names: str) -> None:
    plain = {name: dict[str, object]() for name in names}
    configure(stack, **plain, **{f"{name}-groups": {"group": {"kind": "image_group"}} for name in names})


def test_a_function_that_dies_after_any_effect_leaves_no_trace(shared: Stack) -> None:
    flawless = Fuse(0)
    configured(shared, "flawless")
    registered(shared, "flawless", flawless)
    shared.drain()
    assert set(flawless.burnt) >= {"PutObject", "SendMessageBatch", "TransactWriteItems", "POST"}

    deaths = {f"died-{at:02}": Fuse(at) for at in range(1, len(flawless.burnt) + 1)}
    configured(shared, *deaths)
    for name, fuse in deaths.items():
        registered(shared, name, fuse)
    shared.drain()

    items, links = list(stored(shared)), linked(shared, "pets")
    for name, fuse in {"flawless": flawless, **deaths}.items():
        after = f"{name} after {fuse.burnt[-1]}"
        expected = [f"{name}-far", f"{name}-groups/zoo", f"{name}/a.jpg"]
        assert sorted(item for item in items if item.startswith(name)) == expected, after
        assert [title for title in links if title.startswith(name)] == expected, after
        totals = day(shared, f"{name}/"), day(shared, f"{name}-groups/"), beside(shared, f"{name}/manifests/a.json")
        assert [sums(total) for total in totals] == [(4, 2, 0, 2, 0), (1, 1, 0, 0, 0), (2, 1, 0, 1, 0)], after
        assert [len(total.objects) for total in totals] == [2, 0, 1], after
