"""What API Gateway hands over, before it becomes a request."""

from collections.abc import Mapping
from typing import Final

from encord_lambda.editor_api.calls import LARGEST

_ENOUGH: Final = 4 * (LARGEST // 3 + 1)
"""Characters of a body that are too many in any case: as base64 they are one byte more than the largest body has."""


def bounded(event: object) -> object:
    """The event without the end of a body that is too large: nobody decodes up to 10 MB that will be refused.

    What is left is too large still, and is refused by the app as any other.
    """
    body = event.get("body") if isinstance(event, Mapping) else None
    if isinstance(event, Mapping) and isinstance(body, str) and len(body) > _ENOUGH:
        return {**event, "body": body[:_ENOUGH]}
    return event
