"""A file whose end is missing is known by its outermost headers."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.media.cut_off import is_cut_off


def box(kind: bytes, body: bytes, *, wide: bool = False) -> bytes:
    if wide:
        return (1).to_bytes(4) + kind + (len(body) + 16).to_bytes(8) + body
    return (len(body) + 8).to_bytes(4) + kind + body


def matroska(body: bytes, size: bytes | None = None) -> bytes:
    """An EBML header of three bytes and a segment, whose size takes two bytes unless it is given."""
    size = size or (0x4000 | len(body)).to_bytes(2)
    return b"\x1a\x45\xdf\xa3" + b"\x83abc" + b"\x18\x53\x80\x67" + size + body


def cut_off(content: bytes) -> bool:
    return is_cut_off(io.BytesIO(content))


MP4 = box(b"ftyp", b"isom") + box(b"mdat", b"frames" * 9)
WIDE = box(b"ftyp", b"isom") + box(b"mdat", b"frames" * 9, wide=True)
MATROSKA = matroska(b"cluster" * 9)


@pytest.mark.parametrize("whole", [MP4, WIDE, MATROSKA, MP4 + box(b"moov", b"index")])
def test_a_whole_file_is_not_cut_off(whole: bytes) -> None:
    assert not cut_off(whole)


@pytest.mark.parametrize("whole", [MP4, WIDE, MATROSKA, MP4 + box(b"moov", b"index")])
def test_one_byte_less_is_cut_off(whole: bytes) -> None:
    assert cut_off(whole[:-1])


def test_only_boxes_that_hold_frames_must_be_whole() -> None:
    assert not cut_off(MP4 + box(b"free", b"room" * 9)[:-1])


@pytest.mark.parametrize("tail", [b"\0" * 40, b"junk", b"\0\0\0\x07mdat"])
def test_what_is_no_box_ends_the_file(tail: bytes) -> None:
    assert not cut_off(MP4 + tail)


def test_a_last_box_may_reach_to_the_end_whatever_that_is() -> None:
    assert not cut_off(box(b"ftyp", b"isom") + (0).to_bytes(4) + b"mdat" + b"frames")


@pytest.mark.parametrize("unknown", [b"\xff", b"\x01" + b"\xff" * 7])
def test_a_live_recording_states_no_size(unknown: bytes) -> None:
    assert not cut_off(matroska(b"cluster", unknown))


@given(st.binary(max_size=80), st.sampled_from([b"", b"\x1a\x45\xdf\xa3", MATROSKA[:12], MP4[:12]]))
def test_no_bytes_keep_it_from_an_answer(content: bytes, start: bytes) -> None:
    assert cut_off(start + content) in (True, False)
