"""Placeholder until the function is written."""


def lambda_handler(event: dict[str, object], context: object) -> dict[str, object]:
    """Refuse every event."""
    raise NotImplementedError
