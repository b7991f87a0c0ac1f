"""Something to read about the same animals: a PDF with a drawing on each page, a plain text, and a page of HTML."""

import io
import random
import time
from collections.abc import Sequence

from sandbox.artwork.scenes import draw

PAGE = (300, 400)
NAMES = ("Minka", "Rufus", "Otto", "Bella", "Kiki", "Bruno")
HABITS = ("sleeps on the piano", "barks at the moon", "hides the keys", "waits for the tram", "likes cold soup")


def document(kinds: Sequence[str], seed: int) -> bytes:
    """A PDF with one page for each of `kinds`; the same arguments give the same bytes."""
    pages = [draw(kind, seed + number, PAGE).image for number, kind in enumerate(kinds)]
    dated = time.gmtime(0)  # Pillow would write today
    buffer = io.BytesIO()
    pages[0].save(
        buffer, "PDF", save_all=True, append_images=pages[1:], title="Animals", creationDate=dated, modDate=dated
    )
    return buffer.getvalue()


def text(kind: str, seed: int, *, lines: int = 4) -> bytes:
    """A few sentences in UTF-8 about an animal of `kind`, one a line."""
    rng = random.Random(seed)  # noqa: S311  # stories, not secrets
    name = rng.choice(NAMES)
    sentences = (f"{name} is a {kind.lower()} and {rng.choice(HABITS)}, naïve as ever." for _ in range(lines))
    return "".join(f"{sentence}\n" for sentence in sentences).encode()


def page(kind: str, seed: int) -> bytes:
    """The same sentences as an HTML page in UTF-8."""
    paragraphs = "".join(f"<p>{line}</p>\n" for line in text(kind, seed).decode().splitlines())
    head = f'<head><meta charset="utf-8"><title>{kind}</title></head>'
    return f"<!doctype html>\n<html>{head}\n<body>\n{paragraphs}</body></html>\n".encode()
