"""Decisions about objects that nobody has just uploaded, by the same rules as about those that somebody has."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from encord_lambda.config import PipelineConfig
from encord_lambda.config_registration import Registration
from encord_lambda.errors import Trouble
from encord_lambda.registration import sorting
from encord_lambda.registration.directories import planning
from encord_lambda.registration.directories.groups import GroupKey
from encord_lambda.registration.directories.planning import Eyes, Listed
from encord_lambda.registration.directories.plans import Plan
from encord_lambda.registration.events import Head, Upload
from encord_lambda.registration.manifests.items import Item
from encord_lambda.registration.sorting import Member, Single, Verdict

MOST_KEPT: Final = planning.MOST_LISTED
"""Objects of which is kept what was read: those of the largest directory. It takes some 1.5 KB for each."""


class Judge:
    """Sorts, describes and groups. What was read of an object to sort it is not read again to group it, if possible."""

    def __init__(self, pipeline: PipelineConfig, eyes: Eyes) -> None:
        self._pipeline, self._heads = pipeline, eyes.heads
        self._eyes = replace(eyes, heads=self._remembered)
        self._seen: dict[Upload, Head] = {}

    def sort(self, uploads: Sequence[Upload]) -> Mapping[Upload, Verdict]:
        """What each object is for its registration."""
        verdicts = sorting.sort(uploads, self._pipeline, self._heads)
        members = ((upload, one) for upload, one in verdicts.items() if isinstance(one, Member))
        self._seen |= {upload: member.head for upload, member in members}
        for upload in list(self._seen)[:-MOST_KEPT]:
            del self._seen[upload]
        return verdicts

    def singles(self, found: Mapping[Upload, Single]) -> Iterator[tuple[Upload, Item | Trouble]]:
        """The items that objects become, each alone, or why not."""
        return self._eyes.describer.described(found)

    def group(self, key: GroupKey, listed: Sequence[Listed], registration: Registration) -> Plan:
        """What becomes of the objects of a complete directory.

        Raises:
            Trouble: Some of them could not be looked at.
        """
        try:
            return planning.plan(key, listed, registration, self._pipeline, self._eyes)
        finally:
            for entry in listed:
                self._seen.pop(entry.upload, None)

    def _remembered(self, uploads: Sequence[Upload], length: int) -> Sequence[Head | Trouble]:
        strange = [upload for upload in uploads if upload not in self._seen]
        found = dict(zip(strange, self._heads(strange, length) if strange else (), strict=True))
        return [self._seen.get(upload) or found[upload] for upload in uploads]
