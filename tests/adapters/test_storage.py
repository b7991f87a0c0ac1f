"""Our edge over the real SDK, against the twin."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from encord_lambda.encord_platform.client import connect
from encord_lambda.encord_platform.storage import Storage
from encord_lambda.errors import Misconfigured, Reject, Retry, Trouble
from encord_lambda.registration.manifests import manifest
from encord_lambda.registration.manifests.items import Image
from encord_lambda.registration.manifests.manifest import Manifest
from encord_lambda.registration.upload_jobs.tracking import JobState
from sandbox.encord_twin import Fault, MemoryObjects, Settings, Twin, serve
from sandbox.encord_twin.platform.holdings import Integration
from tests.twin import conftest
from tests.twin.worlds import jpeg, pets

OTHER = UUID(int=1)


def url(key: str) -> str:
    return manifest.object_url("pets", "eu-west-1", key)


def images(*keys: str) -> Manifest:
    return Manifest.of(Image(object_url=url(key), title=key) for key in keys)


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Twin]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    objects = MemoryObjects({url("a.jpg"): jpeg(), url("b c.jpg"): jpeg(), url("cut.jpg"): jpeg(320, 240)[:900]})
    with serve(pets(), objects=objects, settings=Settings(job_seconds=0)) as served:
        yield served


@pytest.fixture
def storage(twin: Twin) -> Storage:
    return Storage(connect(twin.url, twin.key, "register_uploads"))


def ended(twin: Twin, storage: Storage, job: UUID) -> JobState:
    """The job's end, after one long poll."""
    folder = twin.ids.folders["pets"]
    conftest.connect(twin).get_storage_folder(folder).add_private_data_to_folder_get_result(job, timeout_seconds=10)
    return storage.state(folder, job)


def test_a_job_names_its_items_by_key_and_its_failures_by_url(twin: Twin, storage: Storage) -> None:
    job = storage.start(twin.ids.folders["pets"], "aws", images("a.jpg", "b c.jpg", "cut.jpg", "gone.jpg"))
    state = ended(twin, storage, job)

    assert state.status == "DONE"
    assert sorted(name for name, _ in state.items) == ["a.jpg", "b c.jpg"]
    assert sorted(failure.urls for failure in state.failures) == [(url("cut.jpg"),), (url("gone.jpg"),)]


def test_an_integration_may_be_named_by_its_uuid(twin: Twin, storage: Storage) -> None:
    assert storage.start(twin.ids.folders["pets"], str(twin.ids.integrations["aws"]), images("a.jpg"))


def test_what_never_changes_is_asked_for_once(twin: Twin, storage: Storage) -> None:
    for _ in range(3):
        storage.start(twin.ids.folders["pets"], "aws", images("a.jpg"))

    assert twin.log.count() == 1 + 1 + 3


def test_an_integration_that_is_not_there_names_those_that_are(twin: Twin, storage: Storage) -> None:
    with pytest.raises(Misconfigured, match=r"in pipeline\.yaml: none is called 'gcp'; there are: aws"):
        storage.start(twin.ids.folders["pets"], "gcp", images("a.jpg"))


def test_two_integrations_of_one_title_must_be_told_apart_by_uuid(twin: Twin, storage: Storage) -> None:
    twin.store.integrations[OTHER] = Integration(OTHER, "aws")

    with pytest.raises(Misconfigured, match="several are called 'aws'"):
        storage.start(twin.ids.folders["pets"], "aws", images("a.jpg"))


def test_an_unknown_folder_is_the_configurations_fault(storage: Storage) -> None:
    with pytest.raises(Misconfigured, match=r"cannot open storage folder .* in pipeline\.yaml"):
        storage.start(uuid4(), "aws", images("a.jpg"))


def test_an_unknown_dataset_is_the_configurations_fault(storage: Storage) -> None:
    with pytest.raises(Misconfigured, match="cannot open dataset"):
        storage.link(uuid4(), [uuid4()])


def test_an_unknown_job_is_rejected(twin: Twin, storage: Storage) -> None:
    with pytest.raises(Reject, match="cannot look at upload job"):
        storage.state(twin.ids.folders["pets"], uuid4())


def test_a_rate_limit_says_how_long_to_wait_and_is_not_slept_through(twin: Twin, storage: Storage) -> None:
    twin.faults.add(Fault(route="data-upload-jobs", status=429, retry_after=60))

    with pytest.raises(Retry) as trouble:
        storage.start(twin.ids.folders["pets"], "aws", images("a.jpg"))

    assert trouble.value.after == 60


def test_an_encord_that_went_away_fails_a_look_at_once(twin: Twin, storage: Storage) -> None:
    """The SDK itself would sleep 20 s here, most of the function's time."""
    folder = twin.ids.folders["pets"]
    job = storage.start(folder, "aws", images("a.jpg"))
    twin.faults.add(Fault(route="folder", drop_after_commit=True, times=9))

    with pytest.raises(Retry):
        storage.state(folder, job)


def test_a_manifest_that_encord_refuses_is_rejected_with_its_words(twin: Twin, storage: Storage) -> None:
    with pytest.raises(Reject, match=r"images\[0\]\.objectUrl"):
        storage.start(twin.ids.folders["pets"], "aws", Manifest.of([Image(object_url=" ", title="blank")]))


@pytest.mark.parametrize(("status", "kind"), [(413, Reject), (404, Misconfigured)])
def test_only_what_is_about_the_manifest_is_its_fault(
    twin: Twin, storage: Storage, status: int, kind: type[Trouble]
) -> None:
    twin.faults.add(Fault(route="data-upload-jobs", status=status))

    with pytest.raises(Trouble) as trouble:
        storage.start(twin.ids.folders["pets"], "aws", images("a.jpg"))

    assert type(trouble.value) is kind


def test_linking_twice_makes_one_data_unit_and_nothing_to_link_asks_nobody(twin: Twin, storage: Storage) -> None:
    state = ended(twin, storage, storage.start(twin.ids.folders["pets"], "aws", images("a.jpg")))
    items, dataset = [item for _, item in state.items], twin.ids.datasets["pets"]
    twin.log.reset()

    storage.link(dataset, [])
    assert twin.log.count() == 0
    storage.link(dataset, items)
    storage.link(dataset, items)

    assert len(conftest.connect(twin).get_dataset(dataset).data_rows) == 1
