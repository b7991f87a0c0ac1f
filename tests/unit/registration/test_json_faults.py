"""Each refusal J1 to J36 of import-formats §9.1, with its place; J19, J20, J35 and J37 concern several items."""

import pytest

from encord_lambda.registration.manifests import json_manifest, json_positions, json_window
from encord_lambda.registration.manifests.entries import Entry, Fault
from tests.unit.registration.json_faults import (
    BESIDE_ITEMS,
    GOOD,
    HERE,
    IMAGE,
    IN_AN_ITEM,
    IN_THE_FILE,
    ONE,
    UNDECODABLE,
    URL,
    ZERO,
    groups,
    images,
    videos,
)


def read(text: str | bytes, *, lenient: bool = False) -> tuple[list[Entry], list[Fault]]:
    data = text.encode() if isinstance(text, str) else text
    found = list(json_manifest.read([data], lenient=lenient))
    return [one for one in found if isinstance(one, Entry)], [one for one in found if isinstance(one, Fault)]


def placed(fault: Fault) -> tuple[str, int, int, str]:
    return fault.code, *fault.place


def place_in(text: str) -> tuple[str, int, int]:
    """The text without the mark, and where that was."""
    before = text.partition(HERE)[0]
    return text.replace(HERE, ""), before.count("\n") + 1, len(before) - before.rfind("\n")


@pytest.mark.parametrize(("code", "path", "text"), IN_AN_ITEM)
def test_a_fault_of_an_item_is_placed_and_drops_that_item_alone(code: str, path: str, text: str) -> None:
    text, line, column = place_in(text)

    entries, faults = read(text)

    assert [placed(fault) for fault in faults] == [(code, line, column, path)]
    assert not faults[0].is_warning
    assert faults[0].said
    assert "hush" not in faults[0].told("manifest.json")
    assert [(entry.item.title, entry.place.line) for entry in entries] == [("good", 3)]


@pytest.mark.parametrize(("code", "path", "text"), IN_THE_FILE)
def test_what_cannot_be_read_on_ends_the_reading_after_what_is_before_it(code: str, path: str, text: str) -> None:
    text, line, column = place_in(text)

    entries, faults = read(text)

    assert [(*placed(fault), fault.ends_reading) for fault in faults] == [(code, line, column, path, True)]
    assert len(entries) == text.count(GOOD)


@pytest.mark.parametrize(("data", "line", "column", "said"), UNDECODABLE)
def test_bytes_that_are_not_utf_8_end_the_reading(data: bytes, line: int, column: int, said: str) -> None:
    entries, [fault] = read(data)

    assert (*placed(fault), fault.ends_reading) == ("J1", line, column, "", True)
    assert f"{said} " in fault.said
    assert len(entries) == data.count(GOOD.encode())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (videos("").encode("utf-16"), "J1: byte 0 of the file is not UTF-8, but UTF-16 (save the file as UTF-8)"),
        (b"[]", 'J6: expected an object, found an array (wrap it: {"videos": [ … ]})'),
        (
            videos('{"title": "a\tb"}').encode(),
            "J3 videos[0].title: has the control character U+0009 in it (remove it,",
        ),
        (
            videos("// b.mp4 is missing").encode(),
            "J3 videos[0]: expected a value (texts stand in double quotes, and JSON",
        ),
        (videos('{"title": "C:\\x"}').encode(), "(in a text, a backslash is written as two of them)"),
    ],
    ids=["utf-16", "array", "tab", "comment", "backslash"],
)
def test_what_ends_the_reading_is_told_so_that_it_can_be_mended(data: bytes, said: str) -> None:
    _, [fault] = read(data)

    assert said in fault.told("a.json")


@pytest.mark.parametrize(("code", "path", "text"), BESIDE_ITEMS)
def test_a_fault_beside_the_items_leaves_them_alone(code: str, path: str, text: str) -> None:
    text, line, column = place_in(text)

    entries, faults = read(text)

    assert [placed(fault) for fault in faults] == [(code, line, column, path)]
    assert len(entries) == 1


def test_nesting_without_end_is_refused_before_it_is_followed() -> None:
    _, faults = read('{"x": ' + "[" * 1_000_000)

    assert [(fault.code, fault.place.column) for fault in faults] == [("J7", 2), ("J36", 70)]


def test_a_key_that_is_there_twice_is_told_with_the_place_of_the_first() -> None:
    _, [fault] = read(videos(f'{{"title": "a", {ONE},\n"title": "b"}}'))

    assert fault.place.line == 3
    assert "in line 2, column 2" in fault.said


def test_of_an_item_only_the_first_hundred_faults_are_told() -> None:
    many = ", ".join(f'"strange{number}": 1' for number in range(500))

    entries, faults = read(videos(f"{{{ONE}, {many}}}"))

    assert [fault.code for fault in faults] == ["J11"] * 100
    assert len(entries) == 1


def test_a_group_with_many_warnings_is_taken_with_all_of_them() -> None:
    urls = ", ".join(f'"objectUrl_{number}": "{URL}+{number}"' for number in range(300))

    entries, faults = read(groups(f'{{"title": "a", {urls}}}'))

    assert [fault.is_warning for fault in faults] == [True] * 300
    assert len(entries) == 2


def test_too_many_keys_that_no_manifest_has_end_the_reading() -> None:
    many = ", ".join(f'"strange{number}": 1' for number in range(500))

    entries, faults = read(f'{{{many}, "videos": [{GOOD}]}}')

    assert [fault.code for fault in faults] == ["J7"] * 102
    assert faults[-1].ends_reading
    assert not entries


def test_too_many_values_in_an_item_that_is_to_be_explained_end_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_positions, "MOST_VALUES", 50)

    entries, faults = read(videos(f'{{{ONE}, "clientMetadata": {{"a": [{"1, " * 60}NaN]}}}}'))

    assert [(fault.code, fault.ends_reading) for fault in faults] == [("J37", True)]
    assert not entries


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
            '{"text_files": [], "imageGroup": []}',
            groups(f'{{"title": "a", {ZERO}, "objectUrl_3": "{URL}"}}'),
            videos(f'{{{ONE}, "imageMetadata": {{}}}}'),
            images(f'{{{ONE}, "imageMetadata": {{"widht": 3, {IMAGE}}}}}'),
        )
        for fault in read(text)[1]
    }

    assert hints == {
        "videos[0].url": "did you mean `objectUrl`?",
        "text_files": "did you mean `text`?",
        "imageGroup": "did you mean `image_groups`?",
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
