"""Import manifests with something wrong: what it is stands beside them, and the rest is registered."""

import json

import pytest

from encord_lambda.registration import instructions
from tests.functions.instructing import images, instruct, media, reasons
from tests.functions.upload_stack import REGION, UPLOADS, Stack
from tests.functions.uploading import beside, configure, stored, sums, url
from tests.twin.worlds import jpeg

PICTURE = jpeg()
FAULTY = {
    "images": [*images("skip-a.jpg"), {"objectURL": "x"}, {"objectUrl": "http://a/b.jpg"}],
    "skip_duplicate_urls": 1,
}


def test_faults_leave_their_entries_out_and_are_told_with_line_path_and_reason(shared: Stack) -> None:
    configure(shared, skip={})
    media(shared, "skip-a.jpg")

    instruct(shared, "skip/manifests/a.json", json.dumps(FAULTY, indent=1))

    assert list(stored(shared, "skip-")) == ["skip-a.jpg"]
    assert sums(beside(shared, "skip/manifests/a.json")) == (4, 1, 0, 3, 0)
    assert reasons(shared, "skip/manifests/a.json") == {
        "8": "skip/manifests/a.json:8:4: J11 images[1].objectURL: is not a key that Encord knows here"
        " (did you mean `objectUrl`?)",
        "11": "skip/manifests/a.json:11:18: U3 images[2].objectUrl: begins with http: (use https://)",
        "14": "skip/manifests/a.json:14:25: J22 skip_duplicate_urls: expected true or false, found a number"
        " (write true or false)",
    }


def test_with_abort_one_fault_keeps_everything_out(shared: Stack) -> None:
    configure(shared, abort={"on_error": "abort"})
    media(shared, "abort-a.jpg")

    instruct(shared, "abort/manifests/a.json", {"images": [*images("abort-a.jpg"), {"objectUrl": "a.jpg"}]})
    assert sums(beside(shared, "abort/manifests/a.json")) == (1, 0, 0, 1, 0)
    assert "nothing of this import manifest is registered" in reasons(shared, "abort/manifests/a.json")["1"]

    instruct(shared, "abort/manifests/b.json", {"images": images("abort-a.jpg")})
    assert sums(beside(shared, "abort/manifests/b.json"))[:2] == (1, 1)


CSV = f"ObjectURL,Image title\n{url('broken-b.jpg')},broken-b\n"
REST = "; nothing after it was read"
BROKEN: dict[str, tuple[str | bytes, tuple[int, ...], str]] = {
    "syntax.json": (
        f'{{"images": [{{"objectUrl": "{url("broken-a.jpg")}", "title": "broken-a"}},\n {{"objectUrl": ]}}',
        (2, 1, 0, 1, 0),
        ":2:16: J3 images[1].objectUrl: expected a value"
        f" (texts stand in double quotes, and JSON has no comments){REST}",
    ),
    "latin.csv": (
        f"{CSV}{url('broken-b.jpg')},café\n".encode("latin-1"),
        (2, 1, 0, 1, 0),
        ":3:65: C18 record 3: has a byte that is not UTF-8 at byte 156 of the file (save the file as UTF-8)",
    ),
    "empty.json": ("{}", (1, 0, 0, 1, 0), ":1:1: J9: nothing to import (name at least one item)"),
    "excel.csv": (
        "ObjectURL;Image title\n",
        (1, 0, 0, 1, 0),
        f":1: C4 record 1: has semicolons between its cells (export it again, with commas){REST}",
    ),
    "json.csv": (
        '{"images": []}',
        (1, 0, 0, 1, 0),
        f":1: C23: begins like JSON, not like CSV (give it a name that ends in .json){REST}",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_read_to_its_end_is_told_beside_it(shared: Stack, name: str) -> None:
    configure(shared, broken={})
    media(shared, "broken-a.jpg", "broken-b.jpg")
    body, expected, reason = BROKEN[name]

    instruct(shared, f"broken/manifests/{name}", body)

    assert sums(beside(shared, f"broken/manifests/{name}")) == expected
    [told] = reasons(shared, f"broken/manifests/{name}").values()
    assert told == f"broken/manifests/{name}{reason}"


def test_a_file_of_another_bucket_is_refused_unless_pipeline_yaml_names_the_bucket(shared: Stack) -> None:
    named = [{"objectUrl": url("other-a.jpg").replace(UPLOADS, "elsewhere"), "title": "other"}]
    configure(shared, other={})
    instruct(shared, "other/manifests/a.json", {"images": named})
    assert sums(beside(shared, "other/manifests/a.json")) == (1, 0, 0, 1, 0)
    assert "U10 images[0]: is in the bucket elsewhere" in reasons(shared, "other/manifests/a.json")["1"]

    shared.s3.create_bucket(Bucket="elsewhere", CreateBucketConfiguration={"LocationConstraint": REGION})
    shared.s3.put_object(Bucket="elsewhere", Key="other-a.jpg", Body=PICTURE)
    configure(shared, other={"buckets": ["elsewhere"]})
    instruct(shared, "other/manifests/b.json", {"images": named})
    assert sums(beside(shared, "other/manifests/b.json")) == (1, 1, 0, 0, 0)


def test_a_manifest_that_is_too_large_is_refused_as_a_whole(shared: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(shared, large={})
    media(shared, "large-a.jpg")
    monkeypatch.setattr(instructions, "LARGEST", 100)

    instruct(shared, "large/manifests/a.json", {"images": images("large-a.jpg"), "skip_duplicate_urls": True})

    assert sums(beside(shared, "large/manifests/a.json")) == (1, 0, 0, 1, 0)
    [reason] = reasons(shared, "large/manifests/a.json").values()
    assert reason.startswith("nothing of it is registered: it has 0 MB, an import manifest may have 0 MB")


def test_an_item_that_is_too_large_for_a_job_leaves_the_others_alone(shared: Stack) -> None:
    configure(shared, heavy={"jobs": {"megabytes": 1}})
    media(shared, "heavy-a.jpg", "heavy-b.jpg")
    heavy, light = images("heavy-a.jpg", "heavy-b.jpg")
    clutter = {f"note {number}": "n" * 90_000 for number in range(12)}

    instruct(shared, "heavy/manifests/a.json", {"images": [{**heavy, "clientMetadata": clutter}, light]})

    assert sums(beside(shared, "heavy/manifests/a.json")) == (2, 1, 0, 1, 0)
    [reason] = reasons(shared, "heavy/manifests/a.json").values()
    assert "J37 images[0]: is larger than the 1 MB of an upload job" in reason
