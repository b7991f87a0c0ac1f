"""Import manifests that users upload, through both functions: what they name is registered, and a receipt says what."""

import json
from collections.abc import Mapping

from tests.functions.instructing import images, instruct, media, reasons
from tests.functions.upload_stack import UPLOADS, Stack
from tests.functions.uploading import (
    DATASETS,
    beside,
    configure,
    day,
    event,
    linked,
    put,
    register,
    stored,
    sums,
    url,
)
from tests.twin.worlds import jpeg

PICTURE = jpeg()


def test_a_json_manifest_of_all_types_registers_them(shared: Stack) -> None:
    configure(shared, every={"integration": "aws"})
    names = ("a.mp4", "a.jpg", "b.jpg", "a.dcm", "a.nii", "a.wav", "a.txt", "a.html", "a.pdf")
    media(shared, *(f"every-far/{name}" for name in names))
    at = {name: {"objectUrl": url(f"every-far/{name}"), "title": f"every-{name}"} for name in names}
    pair = {"objectUrl_0": url("every-far/a.jpg"), "objectUrl_1": url("every-far/b.jpg")}

    instruct(
        shared,
        "every/manifests/all.json",
        {
            "videos": [at["a.mp4"]],
            "images": [at["a.jpg"]],
            "image_groups": [
                {"title": "every-pair", **pair},
                {"title": "every-walk", "createVideo": True, "objectUrl_0": pair["objectUrl_1"]},
            ],
            "dicom_series": [{"title": "every-scan", "objectUrl_0": url("every-far/a.dcm")}],
            "nifti": [at["a.nii"]],
            "audio": [at["a.wav"]],
            "text": [at["a.txt"], at["a.html"]],
            "pdfs": [at["a.pdf"]],
        },
    )

    found = stored(shared, "every-")
    kinds = ["image", "imageGroup", "imageSequence", "nifti", "pdf", "plainText", "plainText", "video"]
    assert sorted(item.kind for item in found.values()) == ["audio", "dicomSeries", *kinds]
    assert [linked(shared, dataset, "every-") for dataset in DATASETS] == [sorted(found)] * 2
    told = beside(shared, "every/manifests/all.json")
    assert (told.manifest, sums(told)) == (f"s3://{UPLOADS}/every/manifests/all.json", (10, 10, 0, 0, 0))
    assert sums(day(shared, "every/")) == (10, 10, 0, 0, 0)


def test_a_csv_manifest_of_groups_and_sequences_registers_them(shared: Stack) -> None:
    configure(shared, rows={})
    media(shared, "rows-far/a.jpg", "rows-far/b.jpg")
    rows = [f"{url('rows-far/b.jpg')},rows-run,true", f"{url('rows-far/a.jpg')},rows-run,true"]
    rows += [f"{url('rows-far/a.jpg')},rows-set,false", "ObjectURL,Image title,Create video"]
    rows += [f"{url('rows-far/a.jpg')},rows-one,false"]

    instruct(shared, "rows/manifests/a.CSV", "\r\n".join(["ObjectURL,Image group title,Create video", *rows]))

    found = stored(shared, "rows-")
    assert {name: item.kind for name, item in found.items()} == {
        "rows-run": "imageSequence",
        "rows-set": "imageGroup",
        "rows-one": "image",
    }
    assert found["rows-run"].files == (url("rows-far/b.jpg"), url("rows-far/a.jpg"))
    assert sums(beside(shared, "rows/manifests/a.CSV")) == (3, 3, 0, 0, 0)


def test_a_receipt_beside_a_manifest_starts_nothing(shared: Stack) -> None:
    configure(shared, loop={})
    media(shared, "loop-a.jpg")
    instruct(shared, "loop/manifests/a.json", {"images": images("loop-a.jpg")})
    before = shared.s3.list_objects_v2(Bucket=UPLOADS)["Contents"]

    register(event("Object Created", "loop/manifests/a.json.receipt.json", size=500))

    assert shared.sent() == []
    assert shared.s3.list_objects_v2(Bucket=UPLOADS)["Contents"] == before
    assert sums(day(shared, "loop/")) == (1, 1, 0, 0, 0)


def test_a_manifest_told_of_twice_is_done_once(shared: Stack) -> None:
    configure(shared, again={})
    media(shared, "again-a.jpg")
    told = instruct(shared, "again/manifests/a.json", {"images": [*images("again-a.jpg"), {}]})
    before = beside(shared, "again/manifests/a.json")

    register(told, told)
    shared.drain(times=2)

    assert beside(shared, "again/manifests/a.json") == before
    assert sums(before) == sums(day(shared, "again/")) == (2, 1, 0, 1, 0)


def test_a_manifest_uploaded_again_is_done_again_with_a_receipt_of_its_own(shared: Stack) -> None:
    """What is to be done when objects were missing: upload them, and then the same manifest."""
    configure(shared, anew={})
    content = {"images": images("anew-a.jpg", "anew-b.jpg")}
    media(shared, "anew-a.jpg")
    instruct(shared, "anew/manifests/a.json", content)
    assert sums(beside(shared, "anew/manifests/a.json")) == (2, 1, 0, 1, 0)

    media(shared, "anew-b.jpg")
    instruct(shared, "anew/manifests/a.json", content)

    assert sums(beside(shared, "anew/manifests/a.json")) == (2, 1, 1, 0, 0)
    assert sums(day(shared, "anew/")) == (4, 2, 1, 1, 0)


def test_of_a_manifest_that_was_overwritten_only_what_it_is_now_is_read(shared: Stack) -> None:
    configure(shared, over={})
    media(shared, "over-a.jpg", "over-b.jpg")
    told = [
        put(shared, {"over/manifests/a.json": json.dumps({"images": images(key)}).encode()})[0]
        for key in ("over-a.jpg", "over-b.jpg")
    ]
    for one in reversed(told):
        register(one)
        shared.drain()

    assert list(stored(shared, "over-")) == ["over-b.jpg"]
    assert sums(beside(shared, "over/manifests/a.json")) == sums(day(shared, "over/")) == (1, 1, 0, 0, 0)


def test_client_metadata_is_written_over_only_where_a_manifest_asks_for_it(shared: Stack) -> None:
    configure(shared, upsert={})
    media(shared, "upsert-a.jpg")
    [image] = images("upsert-a.jpg")
    in_vain: Mapping[str, object] = {"upsert_metadata": True}
    flags = {**in_vain, "skip_duplicate_urls": True}
    for name, seen, more in (("a", 1, {}), ("b", 2, in_vain), ("c", 3, flags)):
        instruct(
            shared, f"upsert/manifests/{name}.json", {"images": [{**image, "clientMetadata": {"seen": seen}}], **more}
        )
        [item] = [item for item in shared.folder.list_items() if item.name == "upsert-a.jpg"]
        assert (item.client_metadata or {})["seen"] == (3 if seen == 3 else 1)


def test_many_items_are_split_into_jobs_and_all_registered(shared: Stack) -> None:
    """With media metadata and an integration that reads nothing, no object need be there."""
    configure(shared, many={"integration": "strict", "jobs": {"images": 1000}})
    facts = {"mime_type": "image/jpeg", "file_size": 900, "width": 32, "height": 24}
    named = [
        {**image, "imageMetadata": facts} for image in images(*(f"many-{number:04}.jpg" for number in range(2500)))
    ]

    instruct(shared, "many/manifests/a.json", {"images": named})

    assert sums(beside(shared, "many/manifests/a.json")) == (2500, 2500, 0, 0, 0)
    jobs = [receipt for receipt in shared.receipts() if receipt.prefix == "many/"]
    assert sorted(job.submitted for job in jobs) == [500, 1000, 1000]
    assert {job.source for job in jobs} == {f"s3://{UPLOADS}/many/manifests/a.json"}
    assert len(linked(shared, "more", "many-")) == 2500


def test_of_200_items_three_fail_and_are_named_and_197_are_linked(shared: Stack) -> None:
    configure(shared, most={})
    keys = [f"most-{number:03}.jpg" for number in range(200)]
    bad = keys[7], keys[99], keys[199]
    for key in keys:
        shared.put(key, PICTURE[:100] if key in bad else PICTURE)
    rows = [f"{url(key)},{key}" for key in keys]

    instruct(shared, "most/manifests/a.csv", "\n".join(["ObjectURL,Image title", *rows]))

    assert sums(beside(shared, "most/manifests/a.csv")) == (200, 197, 0, 3, 0)
    assert sorted(reasons(shared, "most/manifests/a.csv")) == list(bad)
    assert [linked(shared, dataset, "most-") for dataset in DATASETS] == [sorted({*keys} - {*bad})] * 2
    assert len([receipt for receipt in shared.receipts() if receipt.prefix == "most/"]) == 1
