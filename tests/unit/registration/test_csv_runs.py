"""Rows that are read at once are checked at once, and that finds what a look at each of them finds."""

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from encord_lambda.registration.manifests import checked, csv_manifest, csv_records, plain_files
from encord_lambda.registration.manifests.addresses import recognised
from encord_lambda.registration.manifests.entries import Entry, Fault, Run, parts
from encord_lambda.registration.manifests.first_lines import FirstLines
from encord_lambda.registration.manifests.plain_files import PlainFiles
from tests.unit.registration.csv_files import IMAGES, PLAIN_URLS, S3, VIDEOS, csv

SPELLINGS = (
    S3,
    "https://media.s3.eu-west-2.amazonaws.com",
    "https://media.s3.amazonaws.com",
    "https://s3.eu-west-1.amazonaws.com/media",
)
"""Of one bucket."""
STILLS = "https://stills.s3.eu-west-1.amazonaws.com"
HOSTS = st.sampled_from([*[S3] * 4, *SPELLINGS, STILLS])
KEYS = st.builds(
    "{}{}.{}".format, st.sampled_from(["", "d/", "d/e.f/"]), st.integers(0, 40),
    st.sampled_from([*["jpg"] * 9, "tar.jpg", "JPG", "mp4", "xyz"]),
)  # fmt: skip
ROWS = st.builds("{}/{},A".format, HOSTS, KEYS)
LINES = st.lists(st.one_of(ROWS, ROWS, ROWS, st.just(VIDEOS), st.just(IMAGES)), max_size=60)

TEXTS = [str(number) for number in range(30)]


@example([f"{STILLS}/{number}.jpg,A" for number in range(20)], 600, ["media"])
@given(LINES, st.integers(60, 600), st.sampled_from([None, ["media"], ["media", "stills"]]))
def test_what_is_read_at_once_is_checked_as_each_alone(lines: list[str], block: int, allowed: list[str] | None) -> None:
    content = csv(IMAGES, *lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_records, "BLOCK", block)
        at_once = list(checked.checked(csv_manifest.read([content]), allowed=allowed))
        patch.setattr(checked._Checks, "passes", lambda *_: False)

        assert list(checked.checked(csv_manifest.read([content]), allowed=allowed)) == at_once


@pytest.mark.parametrize("hosts", [(S3,), SPELLINGS[:2]])
def test_rows_on_one_host_and_on_several_pass_at_once(hosts: Sequence[str]) -> None:
    """Or else the test before this one would compare nothing."""
    content = csv(IMAGES, *(f"{hosts[number % len(hosts)]}/{number}.jpg,A" for number in range(10_000)))
    passed = [part for part in parts(checked.checked(csv_manifest.read([content]))) if isinstance(part, Run)]

    assert sum(len(run.items) for run in passed) > 8_000
    assert {run.host for run in passed} == ({S3} if len(hosts) == 1 else {""})


@pytest.mark.parametrize("first", SPELLINGS)
@pytest.mark.parametrize("again", SPELLINGS)
def test_an_object_is_found_again_in_whatever_spelling_thousands_of_rows_later(first: str, again: str) -> None:
    rows = (f"{first}/{number}.jpg,A" for number in range(3000))
    content = csv(IMAGES, *rows, *(f"{again}/{number}.jpg,B" for number in range(2990, 6000)))
    found = list(checked.checked(csv_manifest.read([content])))

    lines = [2 + number for number in range(2990, 3000)]
    said = [f"has the same URL as another of the images, in line {line}" for line in lines]
    assert [one.said for one in found if isinstance(one, Fault)] == said
    assert sum(isinstance(one, Entry) for one in found) == 6000


@given(st.lists(PLAIN_URLS.map("{}/a.jpg".format), min_size=1), st.integers(0, 2), st.permutations(range(3)))
def test_each_way_to_a_spelling_gives_the_same(urls: list[str], most: int, order: list[int]) -> None:
    """Or else a duplicate between a run and another row would not be found, however many buckets there are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_files, "MOST", most)
        files = PlainFiles(lambda _: True)
        for url in [*urls, *urls]:
            spellings = [_spelling(files, url, way) for way in order]
            assert spellings == spellings[:1] * 3
            files.forget()


def _spelling(files: PlainFiles, url: str, way: int) -> Sequence[str] | None:
    if way == 0:
        return [files.spelling(recognised(url).canonical)]
    host = url[: url.index("/", len("https://"))]
    return files.spellings([url], "images") if way == 1 else files.spellings_on(host, [url], "images")


@given(st.lists(st.lists(st.sampled_from(TEXTS), max_size=6), max_size=12))
def test_all_texts_are_noted_or_none(batches: list[list[str]]) -> None:
    firsts, noted = FirstLines(), dict[str, int]()
    for number, batch in enumerate(batches):
        lines = range(number * 10, number * 10 + len(batch))
        is_new = len(set(batch)) == len(batch) and noted.keys().isdisjoint(batch)
        assert firsts.add(batch, lines) is is_new
        noted |= dict(zip(batch, lines, strict=True)) if is_new else {}
        assert [firsts.line(text) for text in TEXTS] == [noted.get(text) for text in TEXTS]
