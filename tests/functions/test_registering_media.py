"""Every type of media through both functions: what is uploaded is registered, linked and accounted for."""

import random
from collections.abc import Iterator

import pytest

from sandbox.artwork.scans import series
from tests.functions.upload_stack import Stack
from tests.functions.uploading import (
    DATASETS,
    configure,
    day,
    linked,
    put,
    register,
    shared_stack,
    stored,
    sums,
    url,
)
from tests.twin.worlds import jpeg
from tests.unit.registration.true_files import true_files

PICTURE = jpeg()
KINDS = {"jpg": "image", "mp4": "video", "nii.gz": "nifti", "wav": "audio", "pdf": "pdf", "txt": "plain_text"}
KINDS |= {"html": "plain_text"}


@pytest.fixture(scope="module")
def shared(endpoint: str) -> Iterator[Stack]:
    with shared_stack(endpoint) as built:
        yield built


def mixed(name: str) -> dict[str, bytes]:
    """Files of all nine types, for four registrations, and two that cannot be registered."""
    scans = series("Cat", 1, size=(48, 32), slices=3)
    return {
        **{f"{name}-media/cat.{extension}": true_files()[extension] for extension in KINDS},
        **{f"{name}-groups/zoo/{file}": PICTURE for file in ("b.jpg", "a.jpg")},
        **{f"{name}-runs/walk/{number}.jpg": PICTURE for number in (10, 9, 1)},
        **{f"{name}-scans/ct/{number}.dcm": scan for number, scan in enumerate(scans)},
        **{f"{name}-{directory}/_COMPLETE": b"" for directory in ("groups/zoo", "runs/walk", "scans/ct")},
        f"{name}-media/model.exe": b"MZ",
        f"{name}-media/cut.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    }


def configured(stack: Stack, name: str) -> None:
    groups = {"groups": "image_group", "runs": "image_sequence", "scans": "dicom_series"}
    registrations = {f"{name}-{prefix}": {"group": {"kind": kind}} for prefix, kind in groups.items()}
    configure(stack, **registrations, **{f"{name}-media": {}})


def test_all_nine_types_become_items_linked_to_every_dataset(shared: Stack) -> None:
    configured(shared, "nine")
    register(*put(shared, mixed("nine")))
    shared.drain()

    found = stored(shared, "nine-")
    assert {key: item.kind for key, item in found.items()} == {
        **{f"nine-media/cat.{extension}": kind for extension, kind in KINDS.items()},
        "nine-groups/zoo": "image_group",
        "nine-runs/walk": "image_sequence",
        "nine-scans/ct": "dicom_series",
    }
    assert found["nine-groups/zoo"].files == tuple(url(f"nine-groups/zoo/{letter}.jpg") for letter in "ab")
    assert found["nine-runs/walk"].files == tuple(url(f"nine-runs/walk/{number}.jpg") for number in (1, 9, 10))
    assert found["nine-scans/ct"].files == tuple(url(f"nine-scans/ct/{number}.dcm") for number in range(3))
    assert [linked(shared, dataset, "nine-") for dataset in DATASETS] == [sorted(found)] * 2
    assert sums(day(shared, "nine-media/")) == (9, 7, 0, 2, 0)
    assert [sums(day(shared, f"nine-{kind}/")) for kind in ("groups", "runs", "scans")] == [(1, 1, 0, 0, 0)] * 3
    jobs = [receipt for receipt in shared.receipts() if receipt.prefix.startswith("nine-")]
    assert sorted(receipt.submitted for receipt in jobs) == [1] * 7 + [2, 2]


@pytest.mark.parametrize("seed", range(2))
def test_events_twice_in_any_order_and_any_batches_change_nothing(shared: Stack, seed: int) -> None:
    chance, name = random.Random(seed), f"twice{seed}"
    configured(shared, name)
    events = put(shared, mixed(name))
    register(*events)
    shared.drain()
    before = stored(shared, f"{name}-"), [linked(shared, dataset, f"{name}-") for dataset in DATASETS]
    assert len(before[0]) == len(KINDS) + 3

    again = events * 2
    chance.shuffle(again)
    while again:
        some, again = again[: (size := chance.randint(1, 12))], again[size:]
        register(*some)
        shared.drain(times=chance.randint(1, 2))

    assert (stored(shared, f"{name}-"), [linked(shared, dataset, f"{name}-") for dataset in DATASETS]) == before
    total = day(shared, f"{name}-media/")
    assert (total.registered, total.pending) == (7, 0)
    assert {entry.key for entry in total.objects} == {f"{name}-media/model.exe", f"{name}-media/cut.png"}
    assert [sums(day(shared, f"{name}-{kind}/")) for kind in ("groups", "runs", "scans")] == [(1, 1, 0, 0, 0)] * 3


def test_the_first_delivery_may_come_in_pieces_and_twice(shared: Stack) -> None:
    """Each event in two batches, and the jobs followed in between."""
    chance = random.Random(7)
    configured(shared, "pieces")
    events = put(shared, mixed("pieces")) * 2
    chance.shuffle(events)
    for start in range(0, len(events), 9):
        register(*events[start : start + 9])
        shared.drain()

    assert len(stored(shared, "pieces-")) == len(KINDS) + 3
    assert (day(shared, "pieces-media/").registered, day(shared, "pieces-media/").pending) == (7, 0)
    assert [linked(shared, dataset, "pieces-") for dataset in DATASETS] == [sorted(stored(shared, "pieces-"))] * 2
