"""Deleted objects and their items, through the real SDK against the twin."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from encord.user_client import EncordUserClient

from encord_lambda.config_registration import Grouping, Registration
from encord_lambda.encord_platform.client import connect
from encord_lambda.encord_platform.storage import Storage
from encord_lambda.encord_platform.unlinking import ItemUses
from encord_lambda.errors import Misconfigured, Reject, Retry
from encord_lambda.outcomes import Removed, Skipped, Unlinked
from encord_lambda.registration import removals
from encord_lambda.registration.events import Upload
from encord_lambda.registration.manifests.manifest import object_url
from encord_lambda.registration.removal_records import Removal, Removals
from encord_lambda.registration.removals import Desk
from sandbox.encord_twin import (
    DatasetSpec,
    Fault,
    FolderSpec,
    ItemSpec,
    MediaKind,
    PartSpec,
    Twin,
    World,
    serve,
)
from tests.twin import conftest
from tests.twin.worlds import pets


def url(key: str) -> str:
    return object_url("pets", "eu-west-1", key)


def world() -> World:
    """Two pictures, one of them named like a part of the other's key, a group and a scan, all in both datasets."""
    parts = [PartSpec(url=url(f"pets/zoo/{n}.jpg"), title=f"pets/zoo/{n}.jpg") for n in range(2)]
    scan = [PartSpec(url=url("pets/ct.dcm"), title="pets/ct.dcm")]
    items = [
        ItemSpec(url=url("pets/a.jpg"), title="pets/a.jpg"),
        ItemSpec(url=url("pets/pets/a.jpg"), title="pets/pets/a.jpg"),
        ItemSpec(title="pets/zoo", kind=MediaKind.IMAGE_GROUP, parts=parts),
        ItemSpec(title="pets/ct.dcm", kind=MediaKind.DICOM_SERIES, parts=scan),
    ]
    base = pets()
    return base.model_copy(
        update={
            "folders": [FolderSpec(title="pets", items=items)],
            "datasets": [DatasetSpec(title=title, folders=["pets"]) for title in ("pets", "more", "other")],
        }
    )


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Twin]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve(world()) as served:
        yield served


@pytest.fixture
def client(twin: Twin) -> EncordUserClient:
    return connect(twin.url, twin.key, "register_uploads")


@pytest.fixture
def desk(client: EncordUserClient) -> Desk:
    return Desk(Storage(client).folder, ItemUses(client), exists=lambda _: False)


def registration(twin: Twin, deleted: str = "unlink", group: str = "none") -> Registration:
    return Registration(
        prefix="pets/",
        integration="aws",
        folder=twin.ids.folders["pets"],
        datasets=[twin.ids.datasets["pets"], twin.ids.datasets["more"]],
        group=Grouping.model_validate({"kind": group}),
        deleted=deleted,
    )


def gone(key: str) -> Upload:
    return Upload("pets", "eu-west-1", key, 0, deleted=True)


def titles(twin: Twin, dataset: str = "pets") -> list[str]:
    return sorted(row.title for row in conftest.connect(twin).get_dataset(twin.ids.datasets[dataset]).data_rows)


def item(twin: Twin, name: str) -> UUID:
    folder = conftest.connect(twin).get_storage_folder(twin.ids.folders["pets"])
    [found] = [one.uuid for one in folder.list_items() if one.name == name]
    return found


def test_unlinked_is_what_is_in_the_registrations_datasets_and_the_item_stays(twin: Twin, desk: Desk) -> None:
    before = titles(twin)

    removal = removals.remove(gone("pets/a.jpg"), registration(twin), desk)

    assert removal.outcome == Unlinked("pets/a.jpg", item(twin, "pets/a.jpg"), twin.ids.folders["pets"], data_units=2)
    for dataset in ("pets", "more"):
        assert titles(twin, dataset) == [title for title in before if title != "pets/a.jpg"]
    assert titles(twin, "other") == before


def test_reported_is_that_the_item_still_stands(twin: Twin, desk: Desk) -> None:
    before = titles(twin)

    removal = removals.remove(gone("pets/a.jpg"), registration(twin, "report"), desk)

    assert isinstance(removal.outcome, Removed)
    assert f"item {item(twin, 'pets/a.jpg')} still stands in folder {twin.ids.folders['pets']}" in removal.reason
    assert titles(twin) == before


def test_the_same_event_again_changes_nothing_and_writes_the_same_record(twin: Twin, desk: Desk) -> None:
    now = datetime(2031, 2, 3, tzinfo=UTC)
    first, second = (removals.remove(gone("pets/a.jpg"), registration(twin), desk) for _ in range(2))

    assert (first.data_units, second.data_units) == (2, 0)
    assert Removals.of([first], "pets/", now).key == Removals.of([second], "pets/", now).key


def test_the_same_event_in_two_hands_at_once_is_no_trouble_of_either(twin: Twin, desk: Desk) -> None:
    """The other one takes them out after this one has seen them there."""

    def meanwhile(upload: Upload) -> bool:
        removals.remove(upload, registration(twin), desk)
        return False

    removal = removals.remove(gone("pets/a.jpg"), registration(twin), Desk(desk.folder, desk.uses, meanwhile))

    assert (removal.verdict, removal.data_units) == ("unlinked", 0)


@pytest.mark.parametrize("deleted", ["report", "unlink"])
def test_an_object_that_was_uploaded_again_is_left_alone(twin: Twin, desk: Desk, deleted: str) -> None:
    before = titles(twin)

    removal = removals.remove(
        gone("pets/a.jpg"), registration(twin, deleted), Desk(desk.folder, desk.uses, exists=lambda _: True)
    )

    assert isinstance(removal.outcome, Skipped)
    assert "uploaded again" in removal.reason
    assert titles(twin) == before


def test_whether_an_object_is_gone_is_asked_right_before_it_is_unlinked(twin: Twin, desk: Desk) -> None:
    asked: list[int] = []

    def exists(_: Upload) -> bool:
        asked.append(twin.log.count())
        return True

    removals.remove(gone("pets/a.jpg"), registration(twin), Desk(desk.folder, desk.uses, exists))

    assert asked == [twin.log.count()]


def test_of_a_group_nothing_is_taken_out_and_its_name_is_told(twin: Twin, desk: Desk) -> None:
    before = titles(twin)

    removal = removals.remove(gone("pets/zoo/1.jpg"), registration(twin, group="image_group"), desk)

    assert isinstance(removal.outcome, Removed)
    assert "part of pets/zoo, which stands unchanged" in removal.reason
    assert titles(twin) == before


def test_an_item_that_was_put_into_a_group_by_hand_is_reported_too(twin: Twin, desk: Desk) -> None:
    part = twin.store.items[item(twin, "pets/a.jpg")]
    group = twin.store.items[item(twin, "pets/zoo")]
    group.parts = (*group.parts, part)

    removal = removals.remove(gone("pets/a.jpg"), registration(twin), desk)

    assert (removal.verdict, removal.item) == ("reported", part.uuid)
    assert "part of pets/zoo" in removal.reason


def test_of_an_unknown_group_it_is_told_which_directory_it_was_in(twin: Twin, desk: Desk) -> None:
    removal = removals.remove(gone("pets/farm/1.jpg"), registration(twin, group="image_group"), desk)

    assert (removal.verdict, removal.item) == ("reported", None)
    assert "its directory pets/farm" in removal.reason


def test_a_series_of_one_file_is_the_files_own_item(twin: Twin, desk: Desk) -> None:
    removal = removals.remove(gone("pets/ct.dcm"), registration(twin), desk)

    assert (removal.verdict, removal.item) == ("unlinked", item(twin, "pets/ct.dcm"))
    assert "pets/ct.dcm" not in titles(twin)


def test_what_was_never_registered_is_nothing_to_report(twin: Twin, desk: Desk) -> None:
    assert isinstance(removals.remove(gone("pets/never.jpg"), registration(twin), desk).outcome, Skipped)


def test_an_item_of_the_same_name_and_another_bucket_is_not_taken_for_it(twin: Twin, desk: Desk) -> None:
    before = titles(twin)

    removal = removals.remove(Upload("dogs", "eu-west-1", "pets/a.jpg", 0, deleted=True), registration(twin), desk)

    assert (removal.verdict, titles(twin)) == ("skipped", before)


def test_what_encord_does_not_let_happen_is_the_callers_trouble(twin: Twin, desk: Desk) -> None:
    twin.faults.add(Fault(route="DELETE", status=500, times=9))
    with pytest.raises(Retry, match="cannot take 1 data units out of dataset"):
        removals.remove(gone("pets/a.jpg"), registration(twin), desk)


def test_data_units_that_are_not_there_are_rejected(twin: Twin, client: EncordUserClient) -> None:
    with pytest.raises(Reject, match="cannot take 1 data units out of dataset"):
        ItemUses(client).take_out(twin.ids.datasets["pets"], [UUID(int=1)])


def test_a_dataset_that_is_not_there_is_rejected(client: EncordUserClient) -> None:
    with pytest.raises((Reject, Misconfigured), match="cannot take 1 data units out of dataset"):
        ItemUses(client).take_out(UUID(int=1), [UUID(int=1)])


def test_a_record_counts_and_sorts_its_removals() -> None:
    folder = UUID(int=3)
    made = [
        Removal(bucket="pets", key=key, folder=folder, verdict=verdict, reason="so")
        for key, verdict in [("c", "skipped"), ("a", "reported"), ("b", "unlinked"), ("d", "reported")]
    ]

    record = Removals.of(made, "pets/", datetime(2031, 2, 3, tzinfo=UTC))

    assert (record.reported, record.unlinked, record.skipped) == (2, 1, 1)
    assert [removal.key for removal in record.objects] == ["a", "b", "c", "d"]
    assert record.key.startswith("receipts/2031-02-03/pets/removed-")
    assert Removals.model_validate_json(record.model_dump_json()) == record
