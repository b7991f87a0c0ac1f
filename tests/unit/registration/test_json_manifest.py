"""What JSON manifests may look like besides the obvious, what lenient reading repairs, and what their flags say."""

import json

import pytest

from encord_lambda.registration.manifests import items, json_manifest, json_scanning
from encord_lambda.registration.manifests.entries import Entry, Fault, Flags, Place
from tests.unit.registration.json_faults import GOOD, IMAGE, ONE, URL, VIDEO, ZERO, groups, images, videos

AUDIO = '"duration": 1, "fileSize": 2.0, "mimeType": "AUDIO/wav", "sampleRate": 8e3, '
AUDIO += '"bitDepth": 8, "codec": "pcm", "numChannels": 1'


def read(text: str | bytes, *, lenient: bool = False) -> list[Entry | Fault]:
    data = text.encode() if isinstance(text, str) else text
    return list(json_manifest.read([data], lenient=lenient))


@pytest.mark.parametrize(
    "text",
    [
        images(f"{{{ONE}}}"),
        "\ufeff" + images(f"{{{ONE}}}"),
        images(f"{{{ONE}}}").replace("\n", "\r\n"),
        images(f"{{{ONE}}}").replace("\n", "\r"),
        images(f"{{{ONE.replace('objectUrl', 'object\\u0055rl')}}}"),
        images(f'{{{ONE}, "title": null, "clientMetadata": null, "imageMetadata": null, "createVideo": null}}'),
        images(f'{{{ONE}, "createVideo": false}}'),
        images(f'{{{ONE}, "externalFileType": "IMAGE", "placeholderItemUuid": null}}'),
        images(f"{{{ONE}}}").replace("}]}", '}], "videos": [], "text": null, "skip_duplicate_urls": null}'),
        images(f'{{{ONE}, "title": "{"日" * 300}", "imageMetadata": {{{IMAGE}}}}}'),
        images(f'{{{ONE}, "imageMetadata": {{{IMAGE.replace("2,", "2.0,")}}}}}'),
        images(f'{{{ONE}, "imageMetadata": {{{IMAGE.replace("file_size", "fileSize")}}}}}'),
        images(f'{{{ONE}, "clientMetadata": {{"list": ["a"], "large": 1e308, "e": [1, 2.5], "": {{}}}}}}'),
        videos(f'{{{ONE}, "videoMetadata": {{{VIDEO}}}}}'),
        groups(f'{{{ZERO.replace("_0", "_1")}, "title": "a", {ZERO}, "createVideo": true}}'),
        groups(f'{{"title": "a", {", ".join(f'"objectUrl_{n}": "{URL}{n}"' for n in range(11, -1, -1))}}}'),
        f'{{"audio": [\n{{{ONE}, "audioMetadata": {{{AUDIO}}}}},\n{GOOD}]}}',
        f'{{"text": [\n{{{ONE}, "textMetadata": {{"fileSize": 3, "mime_type": "application/jsonl"}}}},\n{GOOD}]}}',
    ],
)
def test_it_is_accepted_without_complaint(text: str) -> None:
    found = read(text)

    assert [type(one) for one in found] == [Entry, Entry]
    assert [one.place.line for one in found] == [2, 3]


@pytest.mark.parametrize("doubt", ["", "+"])
def test_numbered_urls_are_ordered_by_their_numbers_not_as_text(doubt: str) -> None:
    urls = {f"objectUrl_{number}": f"{URL}{doubt}{number}" for number in [10, 9, 11, *range(9)]}

    *_, entry = read(json.dumps({"image_groups": [{"title": "a", **urls}]}))

    assert isinstance(entry, Entry)
    assert entry.item.urls == tuple(f"{URL}{doubt}{number}" for number in range(12))


def test_values_are_those_of_the_file() -> None:
    metadata = {"height": 2.0, "width": 3, "fileSize": 4, "mime_type": "image/png"}
    text = json.dumps({"images": [{"objectUrl": URL, "imageMetadata": metadata, "clientMetadata": {"n": 2.0}}]})

    assert read(text) == [
        Entry(
            items.Image(
                object_url=URL,
                client_metadata={"n": 2.0},
                image_metadata=items.ImageMetadata(height=2, width=3, file_size=4, mime_type="image/png"),
            ),
            Place(1, 13, "images[0]"),
        )
    ]


def test_a_doubtful_url_is_taken_with_a_warning_before_its_item() -> None:
    found = read(images(f"{{{ONE.replace('/a', '/a+b')}}}"))

    assert [(type(one), one.place.path) for one in found] == [
        (Fault, "images[0].objectUrl"),
        (Entry, "images[0]"),
        (Entry, "images[1]"),
    ]
    assert isinstance(found[0], Fault)
    assert found[0].is_warning


def test_lenient_reading_drops_commas_before_brackets_with_a_warning_each() -> None:
    text = f'{{"images": [{{{ONE},}}, {{{ONE}, "clientMetadata": {{"a": ["b",],}}}},],}}'

    strict, lenient = read(text), read(text, lenient=True)

    assert [one.code for one in strict if isinstance(one, Fault)] == ["J4"] * 5
    assert not [one for one in strict if isinstance(one, Entry)]
    assert [one.place for one in lenient if isinstance(one, Fault)] == [
        one.place for one in strict if isinstance(one, Fault)
    ]
    assert all(one.is_warning for one in lenient if isinstance(one, Fault))
    assert [one.item.client_metadata for one in lenient if isinstance(one, Entry)] == [None, {"a": ["b"]}]


def test_lenient_reading_joins_a_list_that_is_there_twice_and_nothing_else() -> None:
    text = (
        f'{{"images": [{GOOD}],\n"images": [{GOOD}], "upsert_metadata": true,\n"upsert_metadata": false,'
        '"skip_duplicate_urls": true}'
    )

    found = read(text, lenient=True)

    assert [one.place.path for one in found if isinstance(one, Entry)] == ["images[0]", "images[1]"]
    assert [(one.code, one.is_warning, one.place.line) for one in found if isinstance(one, Fault)] == [
        ("J5", True, 2),
        ("J5", False, 3),
    ]


def test_a_key_that_an_item_has_twice_is_refused_leniently_too() -> None:
    [fault] = read(f'{{"images": [{{{ONE}, {ONE}}}]}}', lenient=True)

    assert isinstance(fault, Fault)
    assert (fault.code, fault.is_warning) == ("J5", False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (videos(GOOD), Flags()),
        ('{"skip_duplicate_urls": true, "videos": [1, {}], "upsert_metadata": true}', Flags(True, True)),
        (f'{{"pdf": [{GOOD}], "skipDuplicateUrls": true, "upsertMetadata": false}}', Flags(True, False)),
        ('{"skip_duplicate_urls": "true", "nonsense": [[]], "upsert_metadata": true}', Flags(False, True)),
        ('{"skip_duplicate_urls": true, "videos": [{', Flags(True, False)),
        ("", Flags()),
    ],
)
def test_flags_are_told_without_looking_into_items(text: str, expected: Flags) -> None:
    assert json_manifest.flags([text.encode()]) == expected


def test_what_is_in_order_is_not_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading with positions takes some thirty times as long."""
    content = {
        "videos": [{"objectUrl": URL, "title": "ü", "clientMetadata": {"a": {"b": 1}}}] * 20_000,
        "image_groups": [{"title": str(n), "objectUrl_0": URL, "createVideo": False} for n in range(20_000)],
    }
    data = json.dumps(content).encode()
    looked_into: list[str] = []
    monkeypatch.setattr(json_scanning, "_placed", lambda _window, path, _depth: looked_into.append(path))
    monkeypatch.setattr(json_manifest, "judged", lambda *_args, **_keywords: [])

    found = list(json_manifest.read(data[begin : begin + 10_000] for begin in range(0, len(data), 10_000)))

    assert (len(found), looked_into) == (40_000, [])
