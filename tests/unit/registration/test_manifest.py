"""The upload file: one URL per object, everything once, never too long."""

import json
from random import Random
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from encord_lambda.registration import manifest
from encord_lambda.registration.events import Upload
from encord_lambda.registration.manifest import Manifest

KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
SAFE = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~/%")


def upload(key: str, size: int = 100) -> Upload:
    return Upload("media", "eu-west-1", key, size)


@given(KEYS)
def test_a_url_leads_back_to_its_key_and_has_only_safe_characters(key: str) -> None:
    host, path = urlsplit(manifest.object_url("media", "eu-west-1", key))[1:3]

    assert host == "media.s3.eu-west-1.amazonaws.com"
    assert unquote(path.removeprefix("/"), errors="strict") == key
    assert set(path) <= SAFE


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("a b.jpg", "a%20b.jpg"),
        ("a+b.jpg", "a%2Bb.jpg"),
        ("(1)~.jpg", "%281%29~.jpg"),
        ("é/50%.jpg", "%C3%A9/50%25.jpg"),
    ],
)
def test_a_url_is_encoded_the_canonical_way(key: str, path: str) -> None:
    assert manifest.object_url("media", "eu-west-1", key).endswith(f".com/{path}")


def test_a_chinese_region_has_its_own_suffix() -> None:
    assert manifest.object_url("m", "cn-north-1", "a.jpg") == "https://m.s3.cn-north-1.amazonaws.com.cn/a.jpg"


def test_the_upload_file_is_what_encord_documents() -> None:
    [found] = manifest.build([upload("a b.jpg")])

    url = "https://media.s3.eu-west-1.amazonaws.com/a%20b.jpg"
    assert json.loads(found.json_bytes()) == {
        "images": [{"objectUrl": url, "title": "a b.jpg"}],
        "skip_duplicate_urls": True,
    }
    assert Manifest.model_validate_json(found.json_bytes()) == found


@given(st.lists(KEYS, max_size=20), st.randoms())
def test_order_and_repetition_of_the_events_make_no_difference(keys: list[str], random: Random) -> None:
    shuffled = [*keys, *keys[:3]]
    random.shuffle(shuffled)

    one, other = list(manifest.build(map(upload, keys))), list(manifest.build(map(upload, shuffled)))

    assert [found.digest for found in one] == [found.digest for found in other]
    assert sorted(image.title for found in one for image in found.images) == sorted(set(keys))


def test_a_thousand_images_fit_one_manifest_and_one_more_needs_another() -> None:
    sizes = [
        [len(found.images) for found in manifest.build(upload(f"{n}.jpg") for n in range(total))]
        for total in (0, 1000, 1001)
    ]

    assert sizes == [[], [1000], [1000, 1]]


@pytest.mark.parametrize("change", [{"skip_duplicate_urls": False}, {"videos": []}, {"images": []}])
def test_an_upload_file_that_is_not_ours_is_refused(change: dict[str, object]) -> None:
    content = {"images": [{"objectUrl": "https://b/x.jpg", "title": "x"}], "skip_duplicate_urls": True} | change

    with pytest.raises(ValidationError):
        Manifest.model_validate_json(json.dumps(content))
