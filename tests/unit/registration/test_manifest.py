"""The upload file: one URL per object, everything once, never too long."""

import json
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from encord_lambda.registration.manifests import manifest
from encord_lambda.registration.manifests.items import Image
from encord_lambda.registration.manifests.manifest import Manifest

KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
SAFE = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~/%")


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


def test_what_is_kept_names_what_is_set_and_no_more() -> None:
    image = Image(object_url="https://b/x.jpg", title="x")

    found = Manifest.of([image])

    assert json.loads(found.json_bytes()) == {"images": [{"objectUrl": "https://b/x.jpg", "title": "x"}]}
    assert Manifest.model_validate_json(found.json_bytes()) == found
    assert found.items == [image]


@pytest.mark.parametrize("change", [{"skip_duplicate_urls": False}, {"video": []}, {"images": []}])
def test_an_upload_file_that_is_not_ours_is_refused(change: dict[str, object]) -> None:
    content = {"images": [{"objectUrl": "https://b/x.jpg", "title": "x"}], "skip_duplicate_urls": True} | change

    with pytest.raises(ValidationError):
        Manifest.model_validate_json(json.dumps(content))
