"""Import manifests as users upload them, and the media they name."""

import json
from collections.abc import Mapping, Sequence

from tests.functions.upload_stack import Stack
from tests.functions.uploading import beside, put, register, url
from tests.unit.registration.true_files import true_files


def media(stack: Stack, *keys: str) -> None:
    """Objects of which nobody hears, each what its extension says."""
    for key in keys:
        stack.put(key, true_files()[key.partition(".")[2]])


def instruct(stack: Stack, key: str, body: str | bytes | Mapping[str, object]) -> str:
    """Upload an import manifest and have all of it done; gives its event."""
    content = json.dumps(body) if isinstance(body, Mapping) else body
    [told] = put(stack, {key: content.encode() if isinstance(content, str) else content})
    register(told)
    stack.drain()
    return told


def images(*keys: str) -> Sequence[Mapping[str, object]]:
    return [{"objectUrl": url(key), "title": key} for key in keys]


def reasons(stack: Stack, manifest: str) -> dict[str, str]:
    """Of the receipt beside it, by line or, for what Encord refused, by title."""
    return {entry.place or entry.key: entry.reason for entry in beside(stack, manifest).objects}
