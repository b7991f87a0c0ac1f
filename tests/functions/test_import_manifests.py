"""Import manifests that users upload, through both functions: what they name is registered, and a receipt says what."""

import json
from collections.abc import Iterator, Mapping, Sequence

import pytest

from encord_lambda.registration import instructions
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
    shared_stack,
    stored,
    sums,
    url,
)
from tests.twin.worlds import jpeg
from tests.unit.registration.true_files import true_files

PICTURE = jpeg()


@pytest.fixture(scope="module")
def shared(endpoint: str) -> Iterator[Stack]:
    with shared_stack(endpoint) as built:
        yield built


def media(stack: Stack, *keys: str) -> None:
    """Objects of which nobody hears, each what its extension says."""
    for key in keys:
        stack.put(key, true_files()[key.partition(".")[2]])


def instruct(stack: Stack, key: str, body: str | bytes | Mapping[str, object]) -> str:
    """Upload an import manifest and have all of it done; gives its event."""
    content = json.dumps(body) if isinstance(body, Mapping) else body
    [told] = put(stack, {key: content.encode() if isinstance(content, str) else content})
    register(told)
    stack.drain()
    return told


def images(*keys: str) -> Sequence[Mapping[str, object]]:
    return [{"objectUrl": url(key), "title": key} for key in keys]


def reasons(stack: Stack, manifest: str) -> dict[str, str]:
    """Of the receipt beside it, by line or, for what Encord refused, by title."""
    return {entry.place or entry.key: entry.reason for entry in beside(stack, manifest).objects}


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
    assert sorted(item.kind for item in found.values()) == sorted(
        "video image imageGroup imageSequence dicomSeries nifti audio plainText plainText pdf".split()
    )
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


FAULTY = {"images": [*images("skip-a.jpg"), {"objectURL": "x"}, {"objectUrl": "http://a/b.jpg"}], "skip_duplicate_urls": 1}


def test_faults_leave_their_entries_out_and_are_told_with_line_path_and_reason(shared: Stack) -> None:
    configure(shared, skip={})
    media(shared, "skip-a.jpg")

    instruct(shared, "skip/manifests/a.json", json.dumps(FAULTY, indent=1))

    assert list(stored(shared, "skip-")) == ["skip-a.jpg"]
    assert sums(beside(shared, "skip/manifests/a.json")) == (4, 1, 0, 3, 0)
    assert reasons(shared, "skip/manifests/a.json") == {
        "8": "",
        "10": "",
        "13": "",
    }


def test_with_abort_one_fault_keeps_everything_out(shared: Stack) -> None:
    configure(shared, abort={"on_error": "abort"})
    media(shared, "abort-a.jpg")

    instruct(shared, "abort/manifests/a.json", {"images": [*images("abort-a.jpg"), {"objectUrl": "a.jpg"}]})
    assert sums(beside(shared, "abort/manifests/a.json")) == (1, 0, 0, 1, 0)
    assert "nothing of this import manifest is registered" in reasons(shared, "abort/manifests/a.json")["1"]

    instruct(shared, "abort/manifests/b.json", {"images": images("abort-a.jpg")})
    assert sums(beside(shared, "abort/manifests/b.json"))[:2] == (1, 1)


BROKEN = {
    "syntax.json": b'{"images": [{"objectUrl": "%s", "title": "broken-a"},\n {"objectUrl": ]}' % url("broken-a.jpg").encode(),
    "latin.csv": b"ObjectURL,Image title\n%s,broken-b\n%s,caf\xe9\n" % ((url("broken-a.jpg").encode(),) * 2),
    "empty.json": b"{}",
    "excel.csv": b"ObjectURL;Image title\n",
    "json.csv": b'{"images": []}',
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_read_to_its_end_is_told_beside_it(shared: Stack, name: str) -> None:
    configure(shared, broken={})
    media(shared, "broken-a.jpg")

    instruct(shared, f"broken/manifests/{name}", BROKEN[name])

    print(name, beside(shared, f"broken/manifests/{name}"))
