"""Decisions of agents in the shadow, in the records bucket (DESIGN §5.6)."""

from collections import defaultdict
from collections.abc import Container, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from pydantic import ValidationError

from encord_lambda import shadow
from encord_lambda.aws.objects import Objects
from encord_lambda.shadow import ShadowDecision

_AT_ONCE = 8


class ShadowRecords:
    """One JSON file per task and stage, as `shadow.Shadows` describes it."""

    def __init__(self, records: Objects) -> None:
        self._records = records

    def keep(self, decisions: Sequence[ShadowDecision]) -> None:
        """Write them down, each over an earlier one about the same task at the same stage."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(self._write, decisions))

    def read(self, prefix: str, data: Container[UUID] | None = None) -> tuple[list[ShadowDecision], list[str]]:
        """The decisions under a prefix, or of these data units only, and a line about each file that is none."""
        keys = [key for key in self._records.keys(prefix) if data is None or _is_about(key, data)]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            found = list(pool.map(self._read, keys))
        return [one for one in found if isinstance(one, ShadowDecision)], [one for one in found if isinstance(one, str)]

    def marks(self, project: UUID, data: Container[UUID]) -> dict[UUID, dict[str, str]]:
        """Keys of a project's decisions about these data units, by data unit, each with a mark of what is written.

        One request for a thousand of the project's decisions, of which only those of these data units are held.
        """
        found = defaultdict[UUID, dict[str, str]](dict)
        for key, mark in self._records.listed(shadow.prefix(project)):
            if (about := _data(key)) and about in data:
                found[about][key] = mark
        return dict(found)

    def at(self, keys: Sequence[str]) -> dict[str, ShadowDecision | None]:
        """Decisions by their keys; None for what is none of this version.

        Raises:
            Reject: One is not there any more.
        """
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            found = pool.map(self._read, keys)
            return {key: None if isinstance(one, str) else one for key, one in zip(keys, found, strict=True)}

    def _read(self, key: str) -> ShadowDecision | str:
        try:
            return ShadowDecision.model_validate_json(self._records.read(key))
        except ValidationError as error:
            return f"{self._records.address(key)} is no shadow decision of this version: {error.errors()[0]['msg']}"

    def _write(self, decision: ShadowDecision) -> None:
        self._records.write(decision.key, decision.model_dump_json(indent=1).encode())


def _is_about(key: str, data: Container[UUID]) -> bool:
    """Whether a key is one of these data units'; of what is no such key its content tells."""
    about = _data(key)
    return about is None or about in data


def _data(key: str) -> UUID | None:
    """The data unit that a decision is about, by its key; None for what is no such key."""
    *_, folder, _ = ("", *key.split("/"))
    try:
        return UUID(folder)
    except ValueError:
        return None
