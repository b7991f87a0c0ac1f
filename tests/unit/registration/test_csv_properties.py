"""What holds for every CSV file, however it is cut into chunks and whatever is in it."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from encord_lambda.registration.manifests import addresses, checked, csv_manifest, csv_plain, csv_records
from encord_lambda.registration.manifests.csv_sections import URL, normalised
from encord_lambda.registration.manifests.entries import Entry, Fault, Run, parts
from tests.unit.registration.csv_files import GROUPS, IMAGES, PLAIN_URLS, S3, SERIES, VIDEOS, csv

PARTS = st.sampled_from(["a", "b.c", "~", "-", "_9", "", ".", "..", "...", ".a", "a.", "%41", "a+b"])
URLS = st.builds(
    lambda first, parts, end: f"{S3}/{'/'.join([first, *parts])}{end}",
    st.sampled_from(["a", "b"]), st.lists(PARTS, max_size=3), st.sampled_from([".jpg", ".jpg", ""]),
)  # fmt: skip
ODD_TITLES = [
    "A ",
    " A",
    "A\u2003",
    "\u2003A",
    "\u2003",
    "\xa0",
    "a\x85b",
    "\udcff",
    "ObjectURL",
    " objecturl",
    '"A"',
    "\\",
]
TITLES = st.sampled_from(["", "A", "B b", "é", "日", "A" * 300, *ODD_TITLES])
CELLS = st.one_of(
    URLS,
    st.sampled_from([f"{S3}/a.jpg", "https://x.s3.cn-north-1.amazonaws.com/a"]),
    st.sampled_from(["", " ", "A", "ObjectURL", " objecturl", "false", "TRUE", "yes", "=A1"]),
    st.text('ab "\t,é\u00a0\u2028\x85\x00', max_size=5),
    st.sampled_from(['"A, B"', '"A"', '"A""', '"', '"A\nB"', "A" * 301]),
)
ROWS = st.lists(CELLS, min_size=1, max_size=4).map(",".join)
GOOD = st.builds("{},{}".format, URLS, TITLES)
HEADERS = st.sampled_from(
    [IMAGES, VIDEOS, GROUPS, SERIES, URL, f"{IMAGES},Create video", "Image title,ObjectURL", "ObjectURL,Title"]
)
LINES = st.lists(st.one_of(HEADERS, ROWS, GOOD, GOOD, GOOD, GOOD.map(lambda row: f"{row},false")), max_size=12)
FILES = st.builds(
    lambda first, lines, end: end.join([first, *lines, ""]).encode(errors="surrogateescape"),
    HEADERS, LINES, st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
)  # fmt: skip
"""Files that are nearly right."""


def cut(content: bytes, sizes: Sequence[int]) -> Iterator[bytes]:
    at = 0
    while at < len(content):
        for size in sizes:
            yield content[at : at + size]
            at += size


@given(st.one_of(FILES, st.binary(max_size=300)), st.booleans())
def test_any_bytes_come_to_items_and_faults_alone(content: bytes, lenient: bool) -> None:
    for found in checked.checked(csv_manifest.read([content], lenient=lenient)):
        assert isinstance(found, Entry | Fault)
        assert found.place.line >= 1


@given(FILES, st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=3)), min_size=1, max_size=4))
def test_files_with_bytes_changed_come_to_items_and_faults_alone(
    content: bytes, changes: list[tuple[int, bytes]]
) -> None:
    for at, new in changes:
        at %= len(content)
        content = content[:at] + new + content[at + len(new) :]
    for found in checked.checked(csv_manifest.read([content])):
        assert isinstance(found, Entry | Fault)


@given(FILES, st.lists(st.integers(1, 40), min_size=1, max_size=5), st.integers(8, 60))
def test_it_does_not_matter_where_a_file_is_cut(content: bytes, sizes: list[int], block: int) -> None:
    whole = list(csv_manifest.read([content]))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_records, "BLOCK", block)
        assert list(csv_manifest.read(cut(content, sizes))) == whole


@given(FILES, st.integers(8, 200))
@example(csv(IMAGES, "@/a.jpg,ObjectURL", "@/b.jpg,A"), 60)
def test_blocks_that_are_read_at_once_come_to_what_their_cells_come_to(content: bytes, block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_records, "BLOCK", block)
        at_once = list(csv_manifest.read([content]))
        patch.setattr(csv_plain, "run", lambda *_: None)

        assert list(csv_manifest.read([content])) == at_once


def test_most_rows_are_read_at_once() -> None:
    """Or else the test before this one would compare nothing."""
    content = csv(IMAGES, *(f"@/d/{number}.jpg,Ünïcode {number}" for number in range(10_000)))
    runs = [part for part in parts(csv_manifest.read(cut(content, [100_000]))) if isinstance(part, Run)]

    assert sum(len(run.items) for run in runs) > 8_000


@given(PLAIN_URLS)
def test_what_is_plain_in_csv_is_plain_to_addresses(url: str) -> None:
    assert addresses.PLAIN.fullmatch(url)


@given(st.text(" \tobjectURL\u00a0", max_size=12))
def test_headings_are_compared_without_case_and_spacing(cell: str) -> None:
    assert normalised(f" {cell}  ") == normalised(cell.upper())
    assert normalised(cell) == " ".join(cell.split()).casefold()


@pytest.mark.parametrize("row", [
    *(f"{S3}/a.jpg,{title}" for title in (*ODD_TITLES, "A" * 301, "A\tb", "A,b", "A,", "A\rb", "\0")),
    *(f"{S3}/{key},A" for key in ("", "a//b", "/a", "a/", "a/./b", "..", ".a", "a/.b", "a/...")),
    *(f"{S3}/{key},A" for key in ("a b", "é", "a+b", "%", "\\")),
    f"{S3}/{'a' * 16_400}.jpg,A",
    "https://a.s3.cn-north-1.amazonaws.com/a.jpg,A",
    "https://-a.s3.eu-west-1.amazonaws.com/a.jpg,A",
])  # fmt: skip
def test_a_row_that_is_nearly_plain_comes_to_what_its_cells_come_to(row: str) -> None:
    plain = "".join(f"{S3}/{number}.jpg,{number}\n" for number in range(1_000))
    content = f"{IMAGES}\n{plain}{row}\n{plain}".encode(errors="surrogateescape")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_records, "BLOCK", 4_000)
        at_once = list(csv_manifest.read([content]))
        patch.setattr(csv_plain, "run", lambda *_: None)

        assert list(csv_manifest.read([content])) == at_once


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_items_come_while_the_file_is_still_read(end: str) -> None:
    rows = end.join([IMAGES, *(f"{S3}/{number}.jpg,{number}" for number in range(20_000))]).encode()
    chunks = cut(rows, [10_000])
    first = next(csv_manifest.read(chunks))

    assert isinstance(first, Entry)
    assert len(b"".join(chunks)) > len(rows) // 2


def test_of_a_line_without_end_only_the_beginning_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a chunk ends, also between the two characters of a line's end."""
    monkeypatch.setattr(csv_records, "BLOCK", 10)
    monkeypatch.setattr(csv_records, "LONGEST", 60)
    for length in range(120, 160):
        content = csv(IMAGES, "B" * length, "@/a.jpg,A").replace(b"\n", b"\r")

        assert [type(found) for found in csv_manifest.read([content])] == [Fault, Entry]
        assert max(len(block.text) for block in csv_records.blocks([content])) < 160


def test_an_open_quote_does_not_hold_up_a_file() -> None:
    """Of a line that cannot be a record, and of a quote that is never closed, only so much is kept."""
    row = f"{S3}/a.jpg,A\n".encode()

    def chunks() -> Iterator[bytes]:
        yield csv(IMAGES, '@/b.jpg,"B')
        for number in range(20_000):
            yield row.replace(b"/a.", f"/{number}.".encode())

    found = list(csv_manifest.read(chunks()))

    assert [one.code for one in found if isinstance(one, Fault)] == ["C16"]
    assert len(found) == 20_001
