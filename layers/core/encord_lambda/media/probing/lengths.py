"""How long so many frames or samples last, so that multiplied again they are as many."""

import math


def seconds(count: int, rate: float) -> float:
    """The seconds, such that `ceil(rate * seconds)`, which is how Encord counts, is `count` in spite of rounding."""
    length = count / rate
    while rate * length > count:
        length = math.nextafter(length, 0)
    return length
