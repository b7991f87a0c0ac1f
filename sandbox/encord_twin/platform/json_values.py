"""JSON as Python holds it."""

from typing import Any

type Json = dict[str, Any] | list[Any] | str | int | float | bool | None
type JsonObject = dict[str, Any]
