"""Who may make which step of an upload job, and when; over the real SDK, against the twin."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from encord_lambda.errors import Reject, Retry
from encord_lambda.outcomes import Postponed, Registered, Skipped, Submitted
from encord_lambda.registration.manifests.items import Image
from encord_lambda.registration.manifests.manifest import Manifest
from encord_lambda.registration.upload_jobs import advancing, entering
from encord_lambda.registration.upload_jobs.jobs import LEASE, Job, State
from encord_lambda.registration.upload_jobs.tracking import RegistrationMessage
from sandbox.encord_twin import Fault, Twin
from tests.adapters.advancing_world import Place, place, twin_with_files
from tests.twin.media_files import url

CAT, DOG = (Manifest.of([Image(object_url=url(name), title=f"pets/{name}")]) for name in ("cat.jpg", "dog.jpg"))


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    with pytest.MonkeyPatch.context() as patch, twin_with_files() as served:
        patch.setenv("NO_PROXY", "127.0.0.1")
        yield served


@pytest.fixture
def here(twin: Twin) -> Place:
    twin.faults.replace([])
    return place(twin)


def only(here: Place) -> Job:
    [job] = here.jobs()
    return job


def starting(here: Place) -> Job:
    """A job that is recorded, with nothing done about it."""
    entering.enter([CAT], here.registration, "event", here.desk(), here.now())
    return only(here)


def test_a_job_is_entered_once_and_its_message_sent_until_it_is_followed(here: Place) -> None:
    for _ in range(2):
        job = starting(here)

    assert [message.model_dump() for message in here.queue.waiting] == [
        {"version": 1, "kind": "job", "id": job.id, "visit": 0}
    ] * 2
    assert here.held.tally(job.accounts[0]).submitted == 1


def test_a_job_that_is_followed_gets_no_second_message(here: Place) -> None:
    here.held.write([starting(here).looked_at(1)], {})

    _, [told] = entering.enter([CAT], here.registration, "event", here.desk(), here.now())

    assert isinstance(told, Skipped)
    assert len(here.queue.waiting) == 1


def test_another_cause_source_folder_or_manifest_is_another_job(here: Place) -> None:
    now = here.now()
    elsewhere = here.registration.model_copy(update={"folder": UUID(int=1)})
    jobs = {
        Job.of(CAT, here.registration, "event", now).id,
        Job.of(CAT, here.registration, "event", now + timedelta(days=1)).id,
        Job.of(CAT, here.registration, "other", now).id,
        Job.of(CAT, elsewhere, "event", now).id,
        Job.of(DOG, here.registration, "event", now).id,
    }

    assert len(jobs) == 4


def test_a_leased_job_is_left_to_its_worker_until_the_lease_is_over(here: Place) -> None:
    job = starting(here)
    here.held.write([job.leased(here.now())], {})

    assert advancing.advance(job.id, here.desk(), here.now()) == []
    assert only(here).state is State.STARTING
    [started] = advancing.advance(job.id, here.desk(), here.now() + LEASE)
    assert isinstance(started, Submitted)
    assert only(here).encord_job == started.job


def test_a_start_that_failed_may_be_tried_again_at_once(here: Place, twin: Twin) -> None:
    job = starting(here)
    twin.faults.add(Fault(route="data-upload-jobs", status=429, retry_after=7))

    with pytest.raises(Retry) as trouble:
        advancing.advance(job.id, here.desk(), here.now())

    assert trouble.value.after == 7
    assert only(here).is_free(here.now())


def test_a_first_step_that_fails_is_left_to_the_message(here: Place, twin: Twin) -> None:
    twin.faults.add(Fault(route="data-upload-jobs", status=500))

    here.submit(CAT, here.desk())

    [told] = here.outcomes
    assert isinstance(told, Postponed)
    here.work_off(here.desk())
    assert here.linked() == ["pets/cat.jpg"]


def test_a_message_of_an_earlier_visit_is_dropped(here: Place) -> None:
    job = starting(here)
    here.held.write([job.looked_at(3)], {})

    [told] = advancing.visit(RegistrationMessage(version=1, id=job.id, visit=2), here.desk(), here.now())

    assert isinstance(told, Skipped)
    assert only(here).state is State.STARTING


def test_a_job_that_is_over_is_not_touched_again(here: Place) -> None:
    here.submit(CAT, here.desk())
    here.work_off(here.desk())
    [message, *_] = [RegistrationMessage(version=1, id=job.id) for job in here.jobs()]
    before = (only(here), dict(here.records.kept), len(here.news.told))

    assert advancing.advance(message.id, here.desk(), here.now()) == []
    assert (only(here), dict(here.records.kept), len(here.news.told)) == before


def test_a_job_nobody_recorded_is_rejected(here: Place) -> None:
    with pytest.raises(Reject, match="there is no upload job"):
        advancing.advance("f" * 64, here.desk(), here.now())


def test_registered_items_are_told_of_one_by_one_and_the_receipt_once(here: Place) -> None:
    here.submit(Manifest.of([*CAT.items, *DOG.items]), here.desk())
    here.work_off(here.desk())

    assert sorted(one.key for one in here.outcomes if isinstance(one, Registered)) == ["pets/cat.jpg", "pets/dog.jpg"]
    [told] = here.news.told
    assert told in here.outcomes
    assert (told.submitted, told.registered, told.datasets) == (2, 2, (here.dataset,))
    assert told.receipt in here.records.kept
