"""Signed links, as browsers and models use them."""

import httpx
import pytest
from encord import EncordUserClient

from sandbox.encord_twin import FolderSpec, IntegrationSpec, ItemSpec, MediaKind, MemoryObjects, Twin, World
from tests.twin.worlds import BUCKET

BODY = bytes(range(100))
URL = f"{BUCKET}/clip.mp4"


@pytest.fixture
def world() -> World:
    clip = ItemSpec(url=URL, title="clip.mp4", kind=MediaKind.VIDEO)
    return World(integrations=[IntegrationSpec(title="aws")], folders=[FolderSpec(title="clips", items=[clip])])


@pytest.fixture
def objects() -> MemoryObjects:
    return MemoryObjects({URL: BODY})


@pytest.fixture
def link(twin: Twin, client: EncordUserClient) -> str:
    [item] = client.get_storage_folder(twin.ids.folders["clips"]).list_items()
    return item.get_signed_url() or ""


def get(link: str, **headers: str) -> httpx.Response:
    return httpx.get(link, headers={name.replace("_", "-"): value for name, value in headers.items()}, trust_env=False)


def test_a_link_gives_the_whole_object_and_offers_parts(link: str) -> None:
    answer = get(link)

    assert (answer.status_code, answer.content) == (200, BODY)
    assert (answer.headers["content-type"], answer.headers["accept-ranges"]) == ("video/mp4", "bytes")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        pytest.param("bytes=10-19", 10, 19, id="from the middle"),
        pytest.param("bytes=90-", 90, 99, id="to the end"),
        pytest.param("bytes=-5", 95, 99, id="the last ones"),
        pytest.param("bytes=-500", 0, 99, id="more of the last ones than there are"),
        pytest.param("bytes=95-500", 95, 99, id="beyond the end"),
    ],
)
def test_a_range_is_given_alone_and_says_its_place(link: str, asked: str, first: int, last: int) -> None:
    answer = get(link, range=asked)

    assert (answer.status_code, answer.content) == (206, BODY[first : last + 1])
    assert answer.headers["content-range"] == f"bytes {first}-{last}/100"


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=-0"])
def test_a_range_of_nothing_is_refused_with_the_true_length(link: str, asked: str) -> None:
    answer = get(link, range=asked)

    assert (answer.status_code, answer.headers["content-range"], answer.content) == (416, "bytes */100", b"")


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=9-3", "bytes=-", "pages=1-2"])
def test_what_is_not_one_range_of_bytes_is_answered_with_the_whole(link: str, asked: str) -> None:
    assert (get(link, range=asked).status_code, get(link, range=asked).content) == (200, BODY)


def test_a_range_of_an_older_version_is_answered_with_the_whole(link: str) -> None:
    """Links carry no version, so none that a client knows can still be the same."""
    assert get(link, range="bytes=0-9", if_range='"etag"').status_code == 200


def test_head_tells_the_length_and_sends_nothing(link: str) -> None:
    answer = httpx.head(link, trust_env=False)

    assert (answer.status_code, answer.headers["content-length"], answer.content) == (200, "100", b"")


def test_a_link_to_an_object_that_is_gone_leads_nowhere(link: str, objects: MemoryObjects) -> None:
    objects.remove(URL)

    assert get(link).status_code == 404
