"""Whatever step a worker dies at, and however often messages come: items, links, receipts and sums are the same."""

from collections.abc import Iterator

import pytest

from encord_lambda.outcomes import Registered
from encord_lambda.registration.manifests.items import Image
from encord_lambda.registration.manifests.manifest import Manifest
from encord_lambda.registration.upload_jobs.jobs import State
from sandbox.encord_twin import Twin
from tests.adapters.advancing_world import Fuse, Killed, Place, place, twin_with_files
from tests.twin.media_files import url

GONE = Image(object_url=url("gone.jpg"), title="pets/gone.jpg")
MANIFEST = Manifest.of(
    [
        Image(object_url=url("cat.jpg"), title="pets/cat.jpg"),
        Image(object_url=url("dog.jpg"), title="pets/dog.jpg"),
        GONE,
    ]
)


REFUSED = Manifest.of([*MANIFEST.items, Image(object_url=" ", title="pets/refused.jpg")])
"""Encord refuses a whole job for the last one."""
MANIFESTS = pytest.mark.parametrize("manifest", [MANIFEST, REFUSED], ids=["accepted", "refused"])


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    with pytest.MonkeyPatch.context() as patch, twin_with_files() as served:
        patch.setenv("NO_PROXY", "127.0.0.1")
        yield served


def die() -> None:
    raise Killed


def submitted(here: Place, manifest: Manifest, fuse: Fuse) -> None:
    """As often as the event comes, until its worker lives."""
    while True:
        try:
            return here.submit(manifest, here.desk(fuse))
        except Killed:
            continue


def story(here: Place) -> object:
    """All that must be the same, in the order of nothing."""
    assert here.is_over()
    receipts = here.receipts().values()
    return (
        here.names(),
        here.linked(),
        sorted((one.submitted, one.registered, one.existing, one.failed, one.pending) for one in receipts),
        here.fates(),
        here.day().model_dump(exclude={"receipts", "objects"}),
        sorted(entry.key for entry in here.day().objects),
        here.beside().model_dump(exclude={"receipts", "objects"}),
        {told.job for told in here.news.told} == set(here.receipts()),
    )


def flawless(twin: Twin, manifest: Manifest) -> tuple[object, list[str]]:
    here, fuse = place(twin), Fuse()
    submitted(here, manifest, fuse)
    here.work_off(here.desk(fuse))
    return story(here), fuse.burnt


def test_without_a_crash_all_of_it_is_accounted_for(twin: Twin) -> None:
    here = place(twin)
    submitted(here, MANIFEST, Fuse())
    here.work_off(here.desk())

    assert here.names() == here.linked() == ["pets/cat.jpg", "pets/dog.jpg"]
    assert here.fates()["pets/gone.jpg"][0] == "failed"
    for sums in (here.day(), here.beside()):
        assert (sums.submitted, sums.registered, sums.failed, sums.pending) == (3, 2, 1, 0)
        assert [entry.key for entry in sums.objects] == ["pets/gone.jpg"]
    assert len(here.news.told) == 1


def test_of_a_job_that_encord_refuses_as_a_whole_only_the_culprit_fails(twin: Twin) -> None:
    here = place(twin)
    submitted(here, REFUSED, Fuse())
    here.work_off(here.desk())

    assert here.names() == here.linked() == ["pets/cat.jpg", "pets/dog.jpg"]
    state, reason = here.fates()["pets/refused.jpg"]
    assert state == "failed"
    assert "images[0].objectUrl" in reason
    assert (here.day().submitted, here.day().registered, here.day().failed) == (4, 2, 2)
    assert State.SPLIT not in {job.state for job in here.jobs()}


@MANIFESTS
def test_a_worker_that_dies_at_any_step_leaves_no_trace(twin: Twin, manifest: Manifest) -> None:
    expected, effects = flawless(twin, manifest)
    assert len(effects) > 12

    for at, effect in enumerate(effects, 1):
        here, fuse = place(twin), Fuse(at, die)
        submitted(here, manifest, fuse)
        here.work_off(here.desk(fuse))
        assert story(here) == expected, f"died after {effect}, the {at}th"


@MANIFESTS
def test_two_workers_at_once_leave_no_trace(twin: Twin, manifest: Manifest) -> None:
    """At each step of the one, the other does all there is to do."""
    expected, effects = flawless(twin, manifest)

    for at, effect in enumerate(effects, 1):
        here = place(twin)

        def other(here: Place = here) -> None:
            here.end_jobs()
            for message in list(here.queue.waiting):
                here.visit(message, here.desk())

        fuse = Fuse(at, other)
        submitted(here, manifest, fuse)
        here.work_off(here.desk(fuse))
        assert story(here) == expected, f"at {effect}, the {at}th"
        told = [one.key for one in here.outcomes if isinstance(one, Registered)]
        assert sorted(told) == here.names(), f"at {effect}, the {at}th"


@MANIFESTS
def test_messages_and_events_that_come_twice_leave_no_trace(twin: Twin, manifest: Manifest) -> None:
    expected, _ = flawless(twin, manifest)
    here = place(twin)

    for _ in range(2):
        submitted(here, manifest, Fuse())
    here.work_off(here.desk(), times=2)
    submitted(here, manifest, Fuse())

    assert story(here) == expected
    assert here.queue.waiting == []
    assert len(here.news.told) == len(here.receipts())
