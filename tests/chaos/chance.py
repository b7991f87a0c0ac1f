"""Where all that is random in a run comes from."""

import random


def chance(*what: object) -> random.Random:
    """A source of its own for whoever asks, the same for the same words; the first of them is the run's seed."""
    return random.Random(" ".join(map(str, what)))  # noqa: S311 - trouble, not secrets
