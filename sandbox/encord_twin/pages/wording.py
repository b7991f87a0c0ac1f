"""Numbers and moments as a person reads them."""

from datetime import datetime

KILO = 1000


def size(number: int) -> str:
    """Bytes in the largest unit that leaves a whole number.

    >>> size(48_700)
    '48 kB'
    """
    for unit in ("B", "kB", "MB"):
        if number < KILO:
            return f"{number} {unit}"
        number //= KILO
    return f"{number} GB"


def confidence(share: float) -> str:
    """Two digits; only what is certain says 1.00.

    >>> confidence(0.9999), confidence(1)
    ('0.99', '1.00')
    """
    return f"{min(share, 0.99) if share < 1 else share:.2f}"


def amount(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun.

    >>> amount(1, "task"), amount(1200, "task"), amount(2, "frame of many", "frames of many")
    ('1 task', '1,200 tasks', '2 frames of many')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def clock(moment: datetime) -> str:
    """The time of day, for those whose browser runs no script; others are told how long ago it was."""
    return f"{moment:%H:%M:%S} UTC"


def last_part(title: str) -> str:
    """What tells a file from its neighbours: titles are often whole keys, and cards are narrow.

    >>> last_part("pets/summer holiday/2 at the lake.jpg")
    '2 at the lake.jpg'
    """
    return title.rstrip("/").rsplit("/", 1)[-1] or title
