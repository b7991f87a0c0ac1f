"""Client metadata on its way to Encord, and what is found in the files themselves, through both functions."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.functions.upload_stack import UPLOADS, Stack
from tests.functions.uploading import configure, day, linked, put, register, stored, sums
from tests.twin.worlds import jpeg

PICTURE = jpeg()
SIDECARS: Mapping[str, object] = {"metadata": {"from": ["user_metadata", "tags", "sidecar"]}}


def sidecar(of: str, **content: object) -> dict[str, bytes]:
    return {f"{of}.metadata.json": json.dumps(content).encode()}


def metadata(stack: Stack, name: str) -> dict[str, Any]:
    """Client metadata of an item, without where it comes from."""
    [item] = [item for item in stack.folder.list_items() if item.name == name]
    return {key: value for key, value in (item.client_metadata or {}).items() if key != "encord_lambda.source"}


def test_client_metadata_is_gathered_from_all_sources_and_typed(shared: Stack) -> None:
    types = {"Count": "number", "done": "boolean", "taken": "datetime", "ratio": "number"}
    configure(shared, typed={"metadata": {"from": ["user_metadata", "tags", "sidecar"], "types": types}})
    told = put(shared, {"typed/a.jpg": PICTURE}, {"Count": "3", "site": "north", "done": "TRUE"})
    shared.s3.put_object_tagging(
        Bucket=UPLOADS,
        Key="typed/a.jpg",
        Tagging={"TagSet": [{"Key": "taken", "Value": "2031-02-03T04:05:06Z"}, {"Key": "site", "Value": "south"}]},
    )
    told += put(shared, sidecar("typed/a.jpg", done=None, nested={"a": [1, 2.5]}))

    register(*told)
    shared.drain()

    assert metadata(shared, "typed/a.jpg") == {
        "count": 3,
        "site": "south",
        "done": None,
        "taken": "2031-02-03T04:05:06+00:00",
        "nested": {"a": [1, 2.5]},
    }
    [item] = [item for item in shared.folder.list_items() if item.name == "typed/a.jpg"]
    source = (item.client_metadata or {})["encord_lambda.source"]
    assert {name: source[name] for name in ("bucket", "key")} == {"bucket": UPLOADS, "key": "typed/a.jpg"}


@pytest.mark.parametrize("order", ["before", "with", "after"])
def test_a_sidecar_may_come_before_its_object_or_with_it_or_after_it(shared: Stack, order: str) -> None:
    configure(shared, late=SIDECARS)
    key = f"late/{order}.jpg"
    if order == "before":
        register(*put(shared, sidecar(key, cat="Tom")))
        shared.drain()
        assert key not in stored(shared, "late/")
    told = put(shared, {key: PICTURE})
    if order == "after":
        register(*told)
        shared.drain()
        assert metadata(shared, key) == {}
        told = []
    if order != "before":
        told = [*put(shared, sidecar(key, cat="Tom")), *told]
    register(*told)
    shared.drain()

    assert metadata(shared, key) == {"cat": "Tom"}
    assert linked(shared, "pets", key) == [key]


def test_a_sidecar_that_changes_changes_the_item(shared: Stack) -> None:
    configure(shared, changed=SIDECARS)
    key = "changed/a.jpg"
    for said in ("first", "second", "first"):
        register(
            *put(shared, {**sidecar(key, said=said)} if said == "second" else {key: PICTURE, **sidecar(key, said=said)})
        )
        shared.drain()
        assert metadata(shared, key) == {"said": said}
    assert len(stored(shared, "changed/")) == 1


def test_an_old_event_of_the_object_with_that_of_its_new_sidecar_updates_the_item(shared: Stack) -> None:
    configure(shared, old=SIDECARS)
    told = put(shared, {"old/a.jpg": PICTURE})
    register(*told)
    shared.drain()

    register(*told, *put(shared, sidecar("old/a.jpg", cat="Tom")))
    shared.drain()

    assert metadata(shared, "old/a.jpg") == {"cat": "Tom"}


def test_of_a_sidecar_whose_object_cannot_be_registered_the_reason_is_told(shared: Stack) -> None:
    configure(shared, beside=SIDECARS, grouped={**SIDECARS, "group": {"kind": "image_group"}})
    shared.put("beside/b.exe", b"MZ")
    shared.put("grouped/zoo/a.jpg", PICTURE)

    for of in ("beside/a.jpg", "beside/b.exe", "grouped/zoo/a.jpg"):
        register(*put(shared, sidecar(of, cat="Tom")))

    told = {key.removesuffix(".metadata.json"): reason for key, reason in shared.refusals().items()}
    assert told["beside/a.jpg"] == "it is read with its object, which is not there yet"
    assert told["beside/b.exe"].startswith(
        "its object is not registered: the extension .exe is no supported media type"
    )
    assert told["grouped/zoo/a.jpg"].startswith("it is read when its directory is put together")
    assert (day(shared, "beside/").skipped, day(shared, "beside/").submitted) == (2, 0)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"[1]", "is no JSON object: Input should be an object: correct it and upload it again"),
        (b'{"cat": ', "is no JSON object: Invalid JSON: EOF while parsing"),
        (b'{"$encord": {"frames": 1}}', "client metadata of s3://pets-uploads/bad/{}.jpg: $encord"),
        (b'{"note": "%s"}' % (b"n" * 100_001), "has 100"),
        (b" " * 1_000_001, "has more than 1000000 bytes: make it smaller"),
    ],
    ids=["array", "cut", "reserved", "long", "huge"],
)
def test_a_bad_sidecar_keeps_its_object_out_with_the_reason(
    shared: Stack, body: bytes, reason: str, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.id
    configure(shared, bad=SIDECARS)
    register(*put(shared, {f"bad/{name}.jpg": PICTURE, f"bad/{name}.jpg.metadata.json": body}))
    assert reason.format(name) in shared.refusals()[f"bad/{name}.jpg"]
    assert f"bad/{name}.jpg" not in stored(shared, "bad/")

    register(*put(shared, sidecar(f"bad/{name}.jpg", good=True)))
    shared.drain()
    assert metadata(shared, f"bad/{name}.jpg") == {"good": True}


def test_a_tag_that_is_not_of_its_type_keeps_its_object_out(shared: Stack) -> None:
    configure(shared, untyped={"metadata": {"from": ["user_metadata"], "types": {"count": "number"}}})
    register(*put(shared, {"untyped/a.jpg": PICTURE}, {"count": "many"}))

    assert shared.refusals()["untyped/a.jpg"] == (
        "the user metadata 'count' of s3://pets-uploads/untyped/a.jpg is no number (such as 0.5), as `metadata.types`"
        " says; correct it and upload again"
    )
    assert sums(day(shared, "untyped/")) == (1, 0, 0, 1, 0)
