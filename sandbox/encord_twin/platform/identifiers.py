"""UUIDs that are the same in every run, so that logs and fixtures can be compared."""

from uuid import UUID, uuid5

NAMESPACE = UUID("5a0b0c6e-7d2f-4a55-9a3e-0e9c5d0f7a11")


def identifier(kind: str, *names: object) -> UUID:
    """The UUID of a named thing; titles are unique per kind, so the names alone decide.

    >>> identifier("folder", "pets") == identifier("folder", "pets")
    True
    """
    return uuid5(NAMESPACE, "\x1f".join([kind, *map(str, names)]))
