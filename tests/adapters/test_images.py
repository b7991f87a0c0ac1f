"""Pictures decoded once: what a model can take passes unchanged, the rest becomes JPEG or is refused."""

import contextlib
import io
from typing import Any

import pytest
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

from encord_lambda.agents.agent import Picture
from encord_lambda.errors import Reject
from encord_lambda.media import images
from encord_lambda.media.images import LONGEST_SIDE, decoded


def a_picture(kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (32, 24), **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((size[0], size[1]), 64).convert(mode).save(buffer, kind, **options)
    return buffer.getvalue()


def opened(picture: Picture) -> Image.Image:
    image = Image.open(io.BytesIO(picture.content))
    image.load()
    return image


@pytest.mark.parametrize(
    ("kind", "mode", "mime_type"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "L", "image/jpeg"),
        ("PNG", "RGB", "image/png"),
        ("PNG", "RGBA", "image/png"),
        ("PNG", "L", "image/png"),
        ("WEBP", "RGB", "image/webp"),
    ],
)
def test_what_a_model_can_take_passes_unchanged(kind: str, mode: str, mime_type: str) -> None:
    content = a_picture(kind, mode)

    assert decoded(content) == Picture(content, mime_type, 32, 24)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "CMYK"),
        ("MPO", "RGB"),
        ("PNG", "1"),
        ("PNG", "P"),
        ("PNG", "LA"),
        ("PNG", "I;16"),
        ("GIF", "P"),
        ("TIFF", "RGB"),
        ("TIFF", "RGBA"),
        ("TIFF", "CMYK"),
        ("BMP", "RGB"),
    ],
)
def test_what_a_model_cannot_take_becomes_jpeg(kind: str, mode: str) -> None:
    picture = decoded(a_picture(kind, mode))

    image = opened(picture)
    assert (picture.mime_type, image.format, image.mode, image.size) == ("image/jpeg", "JPEG", "RGB", (32, 24))


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize(("level", "shown"), [(0, 0), (0x8000, 128), (0xFFFF, 255)])
def test_sixteen_bits_of_grey_become_eight(kind: str, level: int, shown: int) -> None:
    buffer = io.BytesIO()
    Image.new("I;16", (16, 16), level).save(buffer, kind)

    assert opened(decoded(buffer.getvalue())).getpixel((8, 8)) == pytest.approx((shown,) * 3, abs=1)


def test_a_picture_that_is_encoded_anew_stands_upright() -> None:
    # GIVEN a camera held on its side: the left half, which is black, belongs on top
    image, exif = Image.new("CMYK", (64, 32)), Image.Exif()
    image.paste("black", (0, 0, 32, 32))
    exif[ExifTags.Base.Orientation] = 6
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif)

    upright = opened(decoded(buffer.getvalue())).convert("L")

    assert upright.size == (32, 64)
    assert upright.getpixel((16, 8)) == pytest.approx(0, abs=8)
    assert upright.getpixel((16, 56)) == pytest.approx(255, abs=8)
    assert opened(decoded(buffer.getvalue())).getexif().get(ExifTags.Base.Orientation) is None


def test_an_animation_is_its_first_frame() -> None:
    red, blue = (Image.new("RGB", (16, 16), colour) for colour in ("red", "blue"))
    buffer = io.BytesIO()
    red.save(buffer, "GIF", save_all=True, append_images=[blue])

    pixel = opened(decoded(buffer.getvalue())).getpixel((8, 8))

    assert isinstance(pixel, tuple)
    assert pixel[0] > 200
    assert pixel[2] < 50


@pytest.mark.parametrize(
    ("size", "scaled"),
    [((4096, 1024), (2048, 512)), ((1000, 4000), (512, 2048)), ((2049, 1), (2048, 1)), ((2048, 2048), (2048, 2048))],
)
def test_a_large_picture_is_scaled_down_in_proportion(size: tuple[int, int], scaled: tuple[int, int]) -> None:
    image = opened(decoded(a_picture("PNG", "L", size)))

    assert image.size == scaled
    assert max(image.size) == LONGEST_SIDE


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "TIFF", "WEBP", "AVIF", "BMP"])
@pytest.mark.parametrize("part", [0.05, 0.3, 0.6, 0.9])
def test_a_truncated_picture_is_refused(kind: str, part: float) -> None:
    content = a_picture(kind)

    with pytest.raises(Reject, match=r"^the media is no readable picture: "):
        decoded(content[: int(len(content) * part)])


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(Reject, match=r"^the media is no readable picture: "):
        decoded(content)


UNUSUAL = {kind: a_picture(kind) for kind in ("DDS", "EPS", "ICNS", "PCX", "PPM", "SGI", "TGA")}
UNUSUAL["DDS of no kind"] = UNUSUAL["DDS"][:80] + bytes(4) + UNUSUAL["DDS"][84:]


@pytest.mark.parametrize("part", [8, 40, 120, None])
@pytest.mark.parametrize("kind", UNUSUAL)
def test_a_format_that_browsers_do_not_show_is_refused_whole_or_damaged(kind: str, part: int | None) -> None:
    with pytest.raises(Reject, match=r"^the media is no readable picture: "):
        decoded(UNUSUAL[kind][:part])


def test_a_picture_above_the_ceiling_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_PIXELS", 32 * 24 - 1)
    content = a_picture("PNG")

    with pytest.raises(Reject) as trouble:
        decoded(content[:60])  # nothing but the header, which is all that is looked at

    assert trouble.value.reason == "the picture has 32 x 24 pixels; the ceiling is 767"


def test_a_picture_at_the_ceiling_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_PIXELS", 32 * 24)

    assert decoded(a_picture("PNG")).mime_type == "image/png"


@pytest.mark.parametrize("size", [(10_001, 10_000), (60_000, 60_000)])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    header = bytearray(a_picture("BMP"))
    header[18:26] = size[0].to_bytes(4, "little") + size[1].to_bytes(4, "little")

    with pytest.raises(Reject, match="pixels"):
        decoded(bytes(header))


def test_a_bomb_of_text_inside_a_picture_is_refused() -> None:
    notes = PngInfo()
    notes.add_text("Comment", "x" * 3_000_000, zip=True)

    with pytest.raises(Reject, match=r"^the media is no readable picture: "):
        decoded(a_picture("PNG", pnginfo=notes))


def turned(content: bytes, orientation: int = 6) -> bytes:
    """The same JPEG as a camera held upright writes it."""
    image = Image.open(io.BytesIO(content))
    exif = image.getexif()
    exif[ExifTags.Base.Orientation] = orientation
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


@pytest.mark.parametrize("size", [(40, 20), (4000, 2000)])
def test_a_picture_is_shown_upright_whatever_its_size(size: tuple[int, int]) -> None:
    shown = opened(decoded(turned(a_picture("JPEG", size=size))))

    assert shown.height == 2 * shown.width
    assert shown.getexif().get(ExifTags.Base.Orientation, 1) == 1


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_of_an_animated_picture_the_first_frame_is_shown(kind: str) -> None:
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (32, 24), colour) for colour in ("red", "blue")]
    frames[0].save(buffer, kind, save_all=True, append_images=frames[1:], duration=100)

    shown = opened(decoded(buffer.getvalue()))

    assert getattr(shown, "n_frames", 1) == 1
    red, _, blue = shown.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
    assert red > 200 > 50 > blue


@pytest.mark.parametrize("cut", range(20, 60, 4))
def test_damaged_exif_is_refused_or_ignored_and_never_breaks_the_batch(cut: int) -> None:
    content = bytearray(turned(a_picture("JPEG", "CMYK")))
    content[cut : cut + 4] = b"\xff\xff\xff\xff"
    with contextlib.suppress(Reject):
        assert decoded(bytes(content)).mime_type == "image/jpeg"
