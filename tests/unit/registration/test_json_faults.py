"""Each refusal J1 to J36 of import-formats §9.1, with its place; J19, J20, J35 and J37 concern several items."""

import pytest

from encord_lambda.registration import json_manifest, json_window
from encord_lambda.registration.entries import Entry, Fault

URL = "https://media.s3.eu-west-1.amazonaws.com/a"
ONE = f'"objectUrl": "{URL}"'
ZERO = f'"objectUrl_0": "{URL}"'
GOOD = f'{{"title": "good", {ONE}}}'
SECRET = f"{URL}?X-Amz-Signature=hush"
VIDEO = '"fps": 25, "duration": 1.5, "width": 2, "height": 2, "file_size": 9, "mime_type": "video/mp4"'
IMAGE = '"width": 2, "height": 2, "file_size": 9, "mime_type": "image/png"'


def videos(item: str) -> str:
    return f'{{"videos": [\n{item},\n{GOOD}]}}'


def images(item: str) -> str:
    return f'{{"images": [\n{item},\n{GOOD}]}}'


def groups(item: str) -> str:
    return f'{{"image_groups": [\n{item},\n{{"title": "good", {ZERO}}}]}}'


def nested(item: str) -> str:
    return f'{{"imageGroups": [\n{item},\n{{"title": "good", "images": [{{"url": "{URL}"}}]}}]}}'


def series(tags: str) -> str:
    files = f'{{"url": "{URL}", "dicomMetadata": {{"tags": {tags}}}}}'
    return f'{{"dicomSeries": [\n{{"title": "s", "dicomFiles": [{files}]}},\n'\
        f'{{"title": "good", "dicomFiles": [{{"url": "{URL}"}}]}}]}}'  # fmt: skip


def metadata(text: str) -> str:
    return videos(f'{{{ONE}, "clientMetadata": {text}}}')


def items_group(uuids: str) -> str:
    good = '"0b7c2c1e-6a55-4c0e-9b53-8f0f3a1d2e44"'
    item = '{{"title": "good", "createVideo": false, "imageItems": [{}]}}'
    return f'{{"imageGroupsFromItems": [\n{item.format(uuids)},\n{item.format(good)}]}}'


UUID = '"0B7c2c1e-6a55-4c0e-9b53-8f0f3a1d2e44"'
DEEP = "[" * 70 + "]" * 70

IN_AN_ITEM = [
    ("J4", videos(f"{{{ONE},}}"), 2, 2 + len(ONE), "videos[0]"),
    ("J5", videos(f'{{{ONE}, "title": "a", "title": "b"}}'), 2, 17 + len(ONE), "videos[0].title"),
    ("J8", groups('{"title": "a", "images": []}'), 2, 16, "image_groups[0].images"),
    ("J8", nested(f'{{"title": "a", {ZERO}}}'), 2, 16, "imageGroups[0].objectUrl_0"),
    ("J8", groups(f'{{"title": "a", {ZERO}, "externalFileType": "IMG_GROUP"}}'), 2, 18 + len(ZERO), "image_groups[0].externalFileType"),
    ("J10", videos("3"), 2, 1, "videos[0]"),
    ("J10", nested('{"title": "a", "images": [1]}'), 2, 27, "imageGroups[0].images[0]"),
    ("J11", videos(f'{{{ONE.replace("Url", "url")}}}'), 2, 2, "videos[0].objecturl"),
    ("J11", videos(f'{{{ONE}, "videometadata": {{}}}}'), 2, 4 + len(ONE), "videos[0].videometadata"),
    ("J11", videos(f'{{{ONE}, "videoMetadata": {{{VIDEO}, "a b": 1}}}}'), 2, 133 + len(ONE), 'videos[0].videoMetadata["a b"]'),
    ("J11", nested(f'{{"title": "a", "images": [{{"url": "{URL}", "x": 1}}]}}'), 2, 80, "imageGroups[0].images[0].x"),
    ("J12", videos("{}"), 2, 1, "videos[0]"),
    ("J12", videos('{"objectUrl": ""}'), 2, 15, "videos[0].objectUrl"),
    ("J12", videos('{"objectUrl": null}'), 2, 15, "videos[0].objectUrl"),
    ("J12", videos('{"objectUrl": 7}'), 2, 15, "videos[0].objectUrl"),
    ("J12", videos('{"objectUrl": ["a"]}'), 2, 15, "videos[0].objectUrl"),
    ("J12", groups('{"title": "a", "objectUrl_0": 1}'), 2, 31, "image_groups[0].objectUrl_0"),
    ("J12", nested('{"title": "a", "images": [{}]}'), 2, 27, "imageGroups[0].images[0]"),
    ("J13", videos(f"{{{ZERO}}}"), 2, 2, "videos[0].objectUrl_0"),
    ("J13", groups(f'{{"title": "a", {ONE}}}'), 2, 16, "image_groups[0].objectUrl"),
    ("J13", nested(f'{{"title": "a", {ONE}}}'), 2, 16, "imageGroups[0].objectUrl"),
    ("J14", groups('{"title": "a"}'), 2, 1, "image_groups[0]"),
    ("J14", nested('{"title": "a", "images": []}'), 2, 26, "imageGroups[0].images"),
    ("J15", groups(f'{{"title": "a", {ZERO}, "objectUrl_2": "{URL}"}}'), 2, 18 + len(ZERO), "image_groups[0].objectUrl_2"),
    ("J15", groups(f'{{"title": "a", "objectUrl_1": "{URL}"}}'), 2, 16, "image_groups[0].objectUrl_1"),
    *(
        ("J16", groups(f'{{"title": "a", {ZERO}, "{key}": "{URL}"}}'), 2, 18 + len(ZERO), f"image_groups[0].{key}")
        for key in ("objectUrl_01", "objectUrl_-1", "objectUrl_x", "objectUrl0", "objectUrl_12345678")
    ),
    ("J17", groups(f"{{{ZERO}}}"), 2, 1, "image_groups[0]"),
    ("J17", groups(f'{{{ZERO}, "title": null}}'), 2, 13 + len(ZERO), "image_groups[0].title"),
    ("J17", groups(f'{{{ZERO}, "title": ""}}'), 2, 13 + len(ZERO), "image_groups[0].title"),
    ("J17", groups(f'{{{ZERO}, "title": " "}}'), 2, 13 + len(ZERO), "image_groups[0].title"),
    ("J18", videos(f'{{"title": 3, {ONE}}}'), 2, 11, "videos[0].title"),
    ("J18", videos(f'{{"title": "{"x" * 301}", {ONE}}}'), 2, 11, "videos[0].title"),
    ("J18", videos(f'{{"title": "a\\tb", {ONE}}}'), 2, 11, "videos[0].title"),
    ("J21", groups(f'{{"title": "a", {ZERO}, "createVideo": "true"}}'), 2, 33 + len(ZERO), "image_groups[0].createVideo"),
    ("J21", groups(f'{{"title": "a", {ZERO}, "createVideo": 1}}'), 2, 33 + len(ZERO), "image_groups[0].createVideo"),
    ("J21", images(f'{{"createVideo": true, {ONE}}}'), 2, 17, "images[0].createVideo"),
    ("J21", images(f'{{"createVideo": 0, {ONE}}}'), 2, 17, "images[0].createVideo"),
    ("J21", videos(f'{{"createVideo": false, {ONE}}}'), 2, 17, "videos[0].createVideo"),
    ("J24", metadata("[]"), 2, 20 + 2 + len(ONE), "videos[0].clientMetadata"),
    ("J24", metadata('"a"'), 2, 20 + 2 + len(ONE), "videos[0].clientMetadata"),
    *(
        ("J25", metadata(f'{{"a": {number}}}'), 2, 28 + len(ONE), "videos[0].clientMetadata.a")
        for number in ("NaN", "Infinity", "-Infinity", "1e999", "9" * 400, "-" + "9" * 5000)
    ),
    ("J26", metadata('{"$x": 1}'), 2, 23 + len(ONE), "videos[0].clientMetadata.$x"),
    ("J26", metadata('{"Token": 1}'), 2, 23 + len(ONE), "videos[0].clientMetadata.Token"),
    ("J26", metadata('{"$encord": {"config": {"rate": 1}}}'), 2, 47 + len(ONE), "videos[0].clientMetadata.$encord.config.rate"),
    ("J26", images(f'{{{ONE}, "clientMetadata": {{"$encord": {{}}}}}}'), 2, 23 + len(ONE), "images[0].clientMetadata.$encord"),
    ("J27", metadata('{"e": []}'), 2, 23 + len(ONE), "videos[0].clientMetadata.e"),
    ("J27", metadata('{"e": [1, "x"]}'), 2, 32 + len(ONE), "videos[0].clientMetadata.e[1]"),
    ("J27", metadata(f'{{"e": [{"1, " * 4096}1]}}'), 2, 23 + len(ONE), "videos[0].clientMetadata.e"),
    ("J28", videos(f'{{{ONE}, "videoMetadata": {{"fps": 1}}}}'), 2, 21 + len(ONE), "videos[0].videoMetadata"),
    ("J29", videos(f'{{{ONE}, "imageMetadata": {{{IMAGE}}}}}'), 2, 4 + len(ONE), "videos[0].imageMetadata"),
    ("J29", groups(f'{{"title": "a", {ZERO}, "imageMetadata": {{{IMAGE}}}}}'), 2, 18 + len(ZERO), "image_groups[0].imageMetadata"),
    *(
        ("J30", images(f'{{{ONE}, "imageMetadata": {{{IMAGE.replace("2,", number, 1)}}}}}'), 2, 31 + len(ONE), "images[0].imageMetadata.width")
        for number in ('"2",', "0,", "-1,", "2.5,", "true,", "null,")
    ),
    ("J30", images(f'{{{ONE}, "imageMetadata": {{{IMAGE}, "mimeType": "a"}}}}'), 2, 90 + len(ONE), "images[0].imageMetadata.mimeType"),
    ("J30", images(f'{{{ONE}, "imageMetadata": 3}}'), 2, 21 + len(ONE), "images[0].imageMetadata"),
    ("J31", images(f'{{{ONE}, "imageMetadata": {{{IMAGE.replace("image", "video")}}}}}'), 2, 77 + len(ONE), "images[0].imageMetadata.mime_type"),
    ("J32", series('{"00080018": null}'), 2, 105, "dicomSeries[0].dicomFiles[0].dicomMetadata.tags"),
    ("J33", videos(f'{{{ONE}, "placeholderItemUuid": {UUID}}}'), 2, 4 + len(ONE), "videos[0].placeholderItemUuid"),
    ("J33", videos(f'{{{ONE}, "externalFileType": "IMAGE"}}'), 2, 24 + len(ONE), "videos[0].externalFileType"),
    ("J34", items_group('"7"'), 2, 56, "imageGroupsFromItems[0].imageItems[0]"),
    ("J34", items_group(f"{UUID}, {UUID.lower()}"), 2, 96, "imageGroupsFromItems[0].imageItems[1]"),
    ("J36", videos(f'{{"title": "\\ud800", {ONE}}}'), 2, 11, "videos[0].title"),
    ("J36", metadata('{"a": ["\\u0000"]}'), 2, 29 + len(ONE), "videos[0].clientMetadata.a[0]"),
    ("U2", videos('{"objectUrl": "a/b.mp4"}'), 2, 16, "videos[0].objectUrl"),
    ("U1", videos(f'{{"objectUrl": "{URL} b"}}'), 2, 16 + len(URL), "videos[0].objectUrl"),
    ("U4", videos(f'{{"objectUrl": "{SECRET}"}}'), 2, 16 + len(URL), "videos[0].objectUrl"),
    ("U7", nested(f'{{"title": "a", "images": [{{"url": "{URL}/"}}]}}'), 2, 36 + len(URL), "imageGroups[0].images[0].url"),
]  # fmt: skip
IN_THE_FILE = [
    ("J1", "\ufeff".encode("utf-16-le") + "{}".encode("utf-16-le"), 1, 1, ""),
    ("J1", b'{"videos": [\n\xff', 2, 1, ""),
    ("J1", f'{{"videos": [{GOOD}]}}\n'.encode() + b"\xc3", 2, 1, ""),
    ("J2", "", 1, 1, ""),
    ("J2", " \n\t", 1, 1, ""),
    ("J3", '{"videos": [\n{"objectUrl"', 2, 13, ""),
    ("J3", f'{{"videos": [{GOOD}\n', 2, 1, ""),
    ("J3", f'{{"videos": [{GOOD}]\n "a": 1}}', 2, 2, ""),
    ("J3", f'{{"videos": [{GOOD}]}}\n{{}}', 2, 1, ""),
    ("J3", f'{{"videos": [{GOOD},\n{{"title": x}}]}}', 2, 11, "videos[1].title"),
    ("J3", f'{{"videos": [{GOOD},\n{{title: 1}}]}}', 2, 2, ""),
    ("J3", f'{{"videos": [{GOOD},\n{{"title": "a\nb"}}]}}', 2, 13, ""),
    ("J3", f'{{"videos": [{GOOD},\n{{"title": "\\x"}}]}}', 2, 12, ""),
    ("J3", f'{{"videos": [{GOOD}] \n[', 2, 1, ""),
    ("J3", '{"videos" []}', 1, 11, ""),
    ("J3", "<html>", 1, 1, ""),
    ("J6", f"[{GOOD}]", 1, 1, ""),
    ("J6", " 3", 1, 2, ""),
    ("J36", f'{{"videos": [{GOOD},\n{{"clientMetadata": {{"a": {DEEP}}}}}]}}', 2, 86, "videos[1].clientMetadata.a" + "[0]" * 60),
    ("J36", f'{{"x":\n{"[" * 100_000}', 2, 64, "x" + "[0]" * 63),
    ("C23", "ObjectURL,Video title\n", 1, 1, ""),
]  # fmt: skip
BESIDE_ITEMS = [
    ("J4", f'{{"videos": [{GOOD}\n,]}}', 2, 1, "videos"),
    ("J4", f'{{"videos": [{GOOD}]\n, }}', 2, 1, ""),
    ("J5", f'{{"videos": [{GOOD}],\n"videos": [{GOOD}, 1]}}', 2, 1, "videos"),
    ("J7", f'{{"video": [{GOOD}, 1],"videos": [{GOOD}]}}', 1, 2, "video"),
    ("J7", f'{{"text_files": {{"a": [1]}},"videos": [{GOOD}]}}', 1, 2, "text_files"),
    ("J7", f'{{"pdfs": [{GOOD}],\n"pdf": [{GOOD}]}}', 2, 1, "pdf"),
    ("J7", f'{{"videos": [{GOOD}], "a\\nb": 1}}', 1, 97, '["a\\nb"]'),
    ("J8", f'{{"pdfs": [{GOOD}],\n"imageGroups": []}}', 2, 1, "imageGroups"),
    ("J8", f'{{"skipDuplicateUrls": true, "videos": [{GOOD}],\n"dicom_series": []}}', 2, 1, "dicom_series"),
    ("J10", f'{{"images": {{}}, "videos": [{GOOD}]}}', 1, 12, "images"),
    ("J22", f'{{"videos": [{GOOD}], "skip_duplicate_urls": "true"}}', 1, 120, "skip_duplicate_urls"),
    ("J22", f'{{"videos": [{GOOD}], "upsertMetadata": 0}}', 1, 115, "upsertMetadata"),
    ("J23", f'{{"videos": [{GOOD}], "upsert_metadata": true}}', 1, 97, "upsert_metadata"),
]


def read(text: str | bytes, *, lenient: bool = False) -> tuple[list[Entry], list[Fault]]:
    data = text.encode() if isinstance(text, str) else text
    found = list(json_manifest.read([data], lenient=lenient))
    return [one for one in found if isinstance(one, Entry)], [one for one in found if isinstance(one, Fault)]


def placed(fault: Fault) -> tuple[str, int, int, str]:
    return fault.code, *fault.place


@pytest.mark.parametrize(("code", "text", "line", "column", "path"), IN_AN_ITEM)
def test_a_fault_of_an_item_is_placed_and_drops_that_item_alone(
    code: str, text: str, line: int, column: int, path: str
) -> None:
    entries, faults = read(text)

    assert [placed(fault) for fault in faults] == [(code, line, column, path)]
    assert not faults[0].is_warning
    assert faults[0].said
    assert "hush" not in faults[0].told("manifest.json")
    assert [entry.item.title for entry in entries if not entry.item.section.endswith("items")] == ["good"] * (
        "FromItems" not in text
    )
    assert [entry.place.line for entry in entries] == [3]


@pytest.mark.parametrize(("code", "text", "line", "column", "path"), IN_THE_FILE)
def test_what_cannot_be_read_on_ends_the_reading_after_what_is_before_it(
    code: str, text: str | bytes, line: int, column: int, path: str
) -> None:
    entries, faults = read(text)

    assert [fault for fault in faults if not fault.ends_reading] == [
        fault for fault in faults if fault.code in ("J7", "J9")
    ]
    assert placed(faults[-1]) == (code, line, column, path)
    assert faults[-1].ends_reading
    good = text.count(GOOD) if isinstance(text, str) else text.count(GOOD.encode())
    assert len(entries) == good * (code != "J6")


@pytest.mark.parametrize(("code", "text", "line", "column", "path"), BESIDE_ITEMS)
def test_a_fault_beside_the_items_leaves_them_alone(code: str, text: str, line: int, column: int, path: str) -> None:
    entries, faults = read(text)

    assert [placed(fault) for fault in faults] == [(code, line, column, path)]
    assert len(entries) == 1


@pytest.mark.parametrize("text", ["{}", '{"videos": [], "imageGroups": null}', '\n{"skip_duplicate_urls": true}'])
def test_a_file_without_items_has_nothing_to_import(text: str) -> None:
    _, faults = read(text)

    assert [placed(fault) for fault in faults] == [("J9", 1 + text.count("\n"), 1, "")]


def test_all_that_is_wrong_is_told_in_the_order_of_the_file() -> None:
    item = f'{{"titel": 1, "createVideo": false, {ONE.replace("https", "http")}, "videoMetadata": {{"fps": 0}}}}'

    _, faults = read(videos(item).replace("good", "good\\n"))

    assert [fault.code for fault in faults] == ["J11", "J21", "U3", "J28", "J30", "J18"]


def test_hints_name_what_is_meant() -> None:
    hints = {
        fault.place.path: fault.hint
        for text in (
            videos(f'{{"url": "{URL}", {ONE}}}'),
            '{"text_files": []}',
            groups(f'{{"title": "a", {ZERO}, "objectUrl_3": "{URL}"}}'),
            videos(f'{{{ONE}, "imageMetadata": {{}}}}'),
            images(f'{{{ONE}, "imageMetadata": {{"widht": 3, {IMAGE}}}}}'),
        )
        for fault in read(text)[1]
    }

    assert hints == {
        "videos[0].url": "did you mean `objectUrl`?",
        "text_files": "did you mean `text`?",
        "image_groups[0].objectUrl_3": "expected `objectUrl_1`",
        "videos[0].imageMetadata": "of these items it is `videoMetadata`",
        "images[0].imageMetadata.widht": "did you mean `width`?",
    }


def test_an_item_that_is_too_long_to_hold_ends_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_window, "LONGEST", 1000)
    monkeypatch.setattr(json_window, "AHEAD", 100)
    text = videos(f'{{{ONE}, "title": "{"x" * 10_000}"}}').encode()

    *_, last = json_manifest.read(text[begin : begin + 50] for begin in range(0, len(text), 50))

    assert isinstance(last, Fault)
    assert (*placed(last), last.ends_reading) == ("J37", 2, 1, "", True)
