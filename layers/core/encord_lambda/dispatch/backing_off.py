"""How long the message of a task in trouble is hidden before it comes back (DESIGN §5.2)."""

import math
from typing import Final

FIRST: Final = 5.0
"""Seconds within which the first retry comes; each further one may take twice as long."""
LONGEST: Final = 900.0
"""Seconds within which every later retry comes, unless the service itself asks for more."""
MOST: Final = 11 * 3600
"""Seconds. SQS hides a message for 12 hours at most, counted from its receipt, and the function may have held it for
some minutes."""
_DOUBLINGS: Final = 8


def seconds(tries: int, after: float, draw: float) -> int:
    """How long to hide the message of a task that was tried so often, up to `MOST`; 0 tries are as one.

    `after` is the service's own Retry-After in seconds, and a lower bound. `draw`, in [0, 1), is anybody's guess, so
    that those who failed together do not come back together: half of the back-off is left to it, or a quarter more
    than `after`.
    """
    back_off = min(FIRST * 2.0 ** min(max(tries - 1, 0), _DOUBLINGS), LONGEST)
    wanted = min(after, MOST)
    least = max(wanted, back_off / 2)
    spread = max(back_off, wanted / 2) / 2
    return math.ceil(min(least + draw * spread, MOST))
