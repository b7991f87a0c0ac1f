"""Sounds are described from parts of them as a full decode would."""

import io
import struct
import wave
from collections.abc import Callable
from functools import cache

import pytest

from encord_lambda.media.probing.audio import _mean
from tests.adapters.probed import SMALL, decoded_sound, probe, refusal, told_sound
from tests.adapters.sounds import sound

NO_XING = {"write_xing": "0"}
VARIABLE = {"flags": "+qscale", "global_quality": "236"}
SOUNDS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "16-bit WAV": ("wav", lambda: sound("wav", "pcm_s16le")),
    "24-bit WAV": ("wav", lambda: sound("wav", "pcm_s24le", channels=1)),
    "WAV of floats": ("wav", lambda: sound("wav", "pcm_f32le")),
    "A-law": ("wav", lambda: sound("wav", "pcm_alaw", rate=8000)),
    "ADPCM": ("wav", lambda: sound("wav", "adpcm_ms")),
    "FLAC": ("flac", lambda: sound("flac", "flac")),
    "MP3": ("mp3", lambda: sound("mp3", "libmp3lame")),
    "MP3 of low rate": ("mp3", lambda: sound("mp3", "libmp3lame", rate=22_050, channels=1)),
    "MP3 without a length": ("mp3", lambda: sound("mp3", "libmp3lame", muxing=NO_XING)),
    "E-AC-3": ("eac3", lambda: sound("eac3", "eac3")),
    "AAC": ("m4a", lambda: sound("ipod", "aac")),
    "AAC at 48 kHz": ("m4a", lambda: sound("ipod", "aac", 1.2367, 48_000)),
    "ALAC": ("m4a", lambda: sound("ipod", "alac", 1.23467)),
    "AAC, index first": ("m4a", lambda: sound("ipod", "aac", muxing={"movflags": "faststart"})),
    "MP3 of variable rate": ("mp3", lambda: sound("mp3", "libmp3lame", 20, coding=VARIABLE)),
}


@cache
def short(name: str) -> tuple[str, bytes]:
    """Made when a test wants it, not when this module is loaded, which every process of a run does."""
    extension, make = SOUNDS[name]
    return extension, make()


@pytest.mark.parametrize("first", [300, 1024, 64 * 1024])
@pytest.mark.parametrize("name", SOUNDS)
def test_every_container_is_told_as_a_full_decode_tells_it(name: str, first: int) -> None:
    extension, body = short(name)
    found = probe(f"sound.{extension}", body, first).found

    assert told_sound(found) == decoded_sound(body)
    assert found.file_size == len(body)


LONG: dict[str, tuple[Callable[[], bytes], int]] = {
    "wav": (lambda: sound("wav", "pcm_s16le", 20), 1),
    "flac": (lambda: sound("flac", "flac", 40), 1),
    "mp3": (lambda: sound("mp3", "libmp3lame", 50), 1),
    "m4a": (lambda: sound("ipod", "aac", 50), 2),
    "eac3": (lambda: sound("eac3", "eac3", 50, 48_000), 2),
}


@cache
def long(extension: str) -> bytes:
    make, _ = LONG[extension]
    return make()


@pytest.mark.parametrize("extension", LONG)
def test_a_long_sound_takes_no_more_requests_than_a_short_one(extension: str) -> None:
    body, requests = long(extension), LONG[extension][1]
    assert len(body) > SMALL[1]

    found = probe(f"sound.{extension}", body)

    assert told_sound(found.found) == decoded_sound(body)
    assert found.requests == requests


def test_a_constant_rate_tells_the_length_where_nothing_else_does() -> None:
    body = sound("mp3", "libmp3lame", 50, muxing=NO_XING)

    found = probe("sound.mp3", body)

    assert abs(told_sound(found.found).samples - decoded_sound(body).samples) <= 1152
    assert found.requests == 2


def test_a_variable_rate_does_not() -> None:
    body = sound("mp3", "libmp3lame", 100, muxing=NO_XING, coding=VARIABLE)
    assert len(body) > SMALL[1]

    assert "its bit rate may vary" in refusal("sound.mp3", body)


def tagged(body: bytes, length: int) -> bytes:
    sizes = bytes(length >> 7 * place & 0x7F for place in (3, 2, 1, 0))
    return b"ID3\x04\0\0" + sizes + bytes(length) + body


def test_a_cover_picture_before_the_sound_is_skipped() -> None:
    body = sound("mp3", "libmp3lame", muxing={"id3v2_version": "0"})

    found = probe("sound.mp3", tagged(body, 3_000_000))

    assert told_sound(found.found) == decoded_sound(body)
    assert found.requests == 2


def test_a_picture_in_flac_is_skipped() -> None:
    plain = sound("flac", "flac")
    picture = b"\x06" + (16_000_000).to_bytes(3) + bytes(16_000_000)
    body = plain[:42] + picture + plain[42:]

    assert told_sound(probe("sound.flac", body).found) == decoded_sound(plain)
    assert probe("sound.flac", body).requests == 1


@pytest.mark.parametrize("length", [10_000, 600_000, 600_001])
def test_chunks_before_the_data_are_skipped(length: int) -> None:
    plain = sound("wav", "pcm_s16le")
    chunk = b"bext" + struct.pack("<I", length) + bytes(length + length % 2)
    body = plain[:36] + chunk + plain[36:]
    body = body[:4] + struct.pack("<I", len(body) - 8) + body[8:]

    found = probe("sound.wav", body)

    assert told_sound(found.found) == decoded_sound(body)
    assert found.requests == 2


def test_chunks_behind_the_data_are_no_sound() -> None:
    body = sound("wav", "pcm_s16le") + b"LIST" + struct.pack("<I", 4) + b"INFO"

    assert told_sound(probe("sound.wav", body).found) == decoded_sound(body)


def test_a_recording_that_was_streamed_goes_on_to_the_end() -> None:
    file = io.BytesIO()
    with wave.open(file, "wb") as target:
        target.setparams((1, 2, 8000, 0, "NONE", ""))
        target.writeframes(bytes(4000))
    body = bytearray(file.getvalue())
    body[40:44] = b"\xff\xff\xff\xff"

    assert told_sound(probe("sound.wav", bytes(body)).found).samples == 2000


@pytest.mark.parametrize("extension", ["wav", "m4a"])
@pytest.mark.parametrize("at", [0.3, 0.99])
def test_a_sound_that_is_cut_off_is_refused(extension: str, at: float) -> None:
    body = long(extension)

    assert "cut off" in refusal(f"sound.{extension}", body[: int(len(body) * at)])


def test_a_flac_that_does_not_say_its_length_is_refused() -> None:
    body = bytearray(sound("flac", "flac"))
    body[21] &= 0xF0
    body[22:26] = bytes(4)

    assert "does not say how many" in refusal("sound.flac", bytes(body))


def test_an_mp3_whose_length_is_out_of_reach_is_refused() -> None:
    body = tagged(sound("mp3", "libmp3lame", 50, muxing=NO_XING), 2_000)

    assert "it does not say how long it is" in refusal("sound.mp3", body)


def test_a_fragmented_sound_is_refused() -> None:
    body = sound("mp4", "aac", muxing={"movflags": "frag_keyframe+empty_moov"})

    assert "it is fragmented" in refusal("sound.m4a", body)


def test_a_list_that_calls_itself_data_is_none() -> None:
    plain = sound("wav", "pcm_s16le")
    body = plain[:36] + b"LIST" + struct.pack("<I", 8) + b"dataabcd" + plain[36:]

    assert told_sound(probe("sound.wav", body).found) == decoded_sound(plain)


def test_minutes_of_a_constant_rate_are_no_more_than_a_frame_wrong() -> None:
    body = sound("mp3", "libmp3lame", 50, muxing=NO_XING | {"id3v2_version": "0"})
    samples = decoded_sound(body).samples

    assert abs(told_sound(probe("sound.mp3", body * 20).found).samples - 20 * samples) <= 1152


def test_a_bit_rate_of_whole_kilobits_is_told_exactly_from_a_few_frames() -> None:
    exact = 144 * 128_000 / 44_100
    frames = [(int(exact * (number + 1)) - int(exact * number), 1152) for number in range(7, 200)]

    assert sum(size for size, _ in frames) / len(frames) != pytest.approx(exact, rel=1e-9)
    assert _mean(frames, 44_100) == pytest.approx(exact, rel=1e-9)
