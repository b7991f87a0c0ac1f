"""Every type of media through both functions: what is uploaded is registered, linked and accounted for."""

import random
from itertools import batched

from sandbox.artwork.scans import series
from tests.functions.upload_stack import Stack
from tests.functions.uploading import (
    DATASETS,
    configure,
    day,
    linked,
    put,
    register,
    stored,
    sums,
    url,
)
from tests.twin.worlds import jpeg
from tests.unit.registration.true_files import true_files

PICTURE = jpeg()
KINDS = {"jpg": "image", "mp4": "video", "nii.gz": "nifti", "wav": "audio", "pdf": "pdf", "txt": "plainText"}
KINDS |= {"html": "plainText"}


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
        "nine-groups/zoo": "imageGroup",
        "nine-runs/walk": "imageSequence",
        "nine-scans/ct": "dicomSeries",
    }
    assert found["nine-groups/zoo"].files == tuple(url(f"nine-groups/zoo/{letter}.jpg") for letter in "ab")
    assert found["nine-runs/walk"].files == tuple(url(f"nine-runs/walk/{number}.jpg") for number in (1, 9, 10))
    assert found["nine-scans/ct"].files == tuple(url(f"nine-scans/ct/{number}.dcm") for number in range(3))
    assert [linked(shared, dataset, "nine-") for dataset in DATASETS] == [sorted(found)] * 2
    assert sums(day(shared, "nine-media/")) == (9, 7, 0, 2, 0)
    assert [sums(day(shared, f"nine-{kind}/")) for kind in ("groups", "runs", "scans")] == [(1, 1, 0, 0, 0)] * 3
    jobs = [receipt for receipt in shared.receipts() if receipt.prefix.startswith("nine-")]
    assert sorted(receipt.submitted for receipt in jobs) == [1] * 7 + [2, 2]


def test_events_twice_in_any_order_and_any_batches_change_nothing(shared: Stack) -> None:
    """Each event in two batches, and each message followed twice, in between; and then all of it once more."""
    chance = random.Random(7)  # noqa: S311 - a shuffle
    configured(shared, "twice")
    events = put(shared, mixed("twice"))
    shuffled = chance.sample(events * 2, 2 * len(events))
    for some in batched(shuffled, 12, strict=False):
        register(*some)
        shared.drain(times=2)
    before = stored(shared, "twice-")
    register(*reversed(events))
    shared.drain()

    assert stored(shared, "twice-") == before
    assert len(before) == len(KINDS) + 3
    assert [linked(shared, dataset, "twice-") for dataset in DATASETS] == [sorted(before)] * 2
    total = day(shared, "twice-media/")
    assert (total.registered, total.pending) == (7, 0)
    assert {entry.key for entry in total.objects} == {"twice-media/model.exe", "twice-media/cut.png"}
    assert [sums(day(shared, f"twice-{kind}/")) for kind in ("groups", "runs", "scans")] == [(1, 1, 0, 0, 0)] * 3
