"""What concerns several items of an import manifest, or what a URL says against its item (import-formats §9)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Final

from encord_lambda.registration import media_types
from encord_lambda.registration.manifests import addresses
from encord_lambda.registration.manifests.addresses import Address
from encord_lambda.registration.manifests.entries import (
    WARNING,
    Entry,
    Fault,
    InParts,
    InRuns,
    Place,
    Reading,
    Run,
    first_of,
    parts,
)
from encord_lambda.registration.manifests.first_lines import FirstLines
from encord_lambda.registration.manifests.items import (
    Audio,
    DicomSeries,
    Image,
    ImageGroup,
    Item,
    Nifti,
    Pdf,
    Text,
    TimeSeries,
    Video,
)
from encord_lambda.registration.manifests.plain_files import PlainFiles
from encord_lambda.registration.manifests.splitting import MOST_URLS

MOST: Final = 1_000_000
"""URLs of a file; items that have none count as one."""
AT_ONCE: Final = 500
"""Entries that are looked at together."""
_LONGEST_NAME: Final = 60
"""Characters of a file's name that are told."""
_FILES: Final = (Video, Image, Audio, Text, Pdf, Nifti, TimeSeries)
_url: Final = attrgetter("object_url")
_ALSO: Final = {("audio", ".mp4"), ("time_series", ".csv")}
"""Extensions that fit a type beside those of its own."""


def checked(reading: Reading, *, allowed: Collection[str] | None = None) -> Reading:
    """A reading in which entries that cannot stand beside others, or not at all, are faults.

    `allowed` are the buckets that URLs may name, in whatever cloud; without it, all must be in the first one's cloud.
    Of two equal URLs or titles the first one stays. Memory grows by some 100 bytes a URL, and reading ends after a
    million of them.
    """
    return InRuns(_checked(reading, _Checks(allowed)))


def _checked(reading: Reading, checks: "_Checks") -> InParts:
    for batch in _batches(reading):
        if isinstance(batch, Run):
            if checks.passes(batch.items, batch.lines, batch.host):
                yield batch
                continue
        elif checks.all_pass(batch):
            yield from batch
            continue
        for found in batch.entries() if isinstance(batch, Run) else batch:
            yield from (found,) if isinstance(found, Fault) else checks.judged(found)
            if checks.is_over:
                return


def _batches(reading: Reading) -> Iterator[Run | Sequence[Entry | Fault]]:
    """Runs, and what is between them, so many together."""
    between: list[Entry | Fault] = []
    for part in parts(reading):
        if between and (isinstance(part, Run) or len(between) >= AT_ONCE):
            yield between
            between = []
        if isinstance(part, Run):
            yield part
        else:
            between.append(part)
    if between:
        yield between


class _Checks:
    def __init__(self, allowed: Collection[str] | None) -> None:
        self._allowed = allowed
        self._provider = ""
        self._count = 0
        self._plain = PlainFiles(self._fits)
        self._urls: dict[str, FirstLines] = defaultdict(FirstLines)
        """By section, as are titles."""
        self._titles: dict[str, FirstLines] = defaultdict(FirstLines)

    @property
    def is_over(self) -> bool:
        """Whether the file has had as much as any may have."""
        return self._count > MOST

    def all_pass(self, batch: Sequence[Entry | Fault]) -> bool:
        """Whether all are entries that pass."""
        entries = [found for found in batch if isinstance(found, Entry)]
        return len(entries) == len(batch) and self.passes([item for item, _ in entries], [at.line for _, at in entries])

    def passes(self, items: Sequence[Item], lines: Iterable[int], host: str = "") -> bool:
        """Whether items are all of one type, of one plain file each, and good; if not, nothing is noted of them.

        `host` is that of a run.
        """
        kinds = {*map(type, items)}
        if len(kinds) != 1 or not kinds.issubset(_FILES) or self._count + len(items) > MOST:
            return False
        section = items[0].section
        self._plain.forget()
        urls = list(map(_url, items))
        spelt = self._plain.spellings_on(host, urls, section) if host else self._plain.spellings(urls, section)
        if spelt is None or not self._urls[section].add(spelt, lines):
            return False
        self._count += len(items)
        return True

    def judged(self, entry: Entry) -> Reading:
        """The entry and its warnings, or its faults."""
        self._count += len(entry.item.urls) or 1
        if self.is_over:
            said = f"is past the {MOST} URLs that a file may have"
            yield Fault("J37", entry.place, said, "split the file", ends_reading=True)
            return
        found = [addresses.recognised(url) for url in entry.item.urls]
        faults = first_of(self._each(entry, found))
        if all(fault.is_warning for fault in faults):
            faults += self._together(entry, [address.canonical for address in found])
        yield from faults
        if all(fault.is_warning for fault in faults):
            yield entry

    def _fits(self, address: Address) -> bool:
        if self._allowed is not None:
            return address.bucket in self._allowed
        self._provider = self._provider or address.provider
        return address.provider == self._provider

    def _each(self, entry: Entry, found: Sequence[Address]) -> Iterator[Fault]:
        """What is wrong with its URLs, each in itself."""
        for number, address in enumerate(found, 1):
            for fault in self._of_url(entry, address):
                said = f"URL {number} of it, {address.key.rpartition('/')[2][-_LONGEST_NAME:]}, {fault.said}"
                yield replace(fault, said=said) if len(found) > 1 else fault
        if len(found) > MOST_URLS:
            said = f"has {len(found)} URLs, more than the {MOST_URLS} of an upload job"
            yield Fault("J37", entry.place, said, "split the group")

    def _of_url(self, entry: Entry, address: Address) -> Iterator[Fault]:
        if not self._fits(address):
            yield self._stray(entry.place, address)
        yield from _extension(entry, address.key)

    def _stray(self, place: Place, address: Address) -> Fault:
        if self._allowed is not None:
            said = f"is in the bucket {address.bucket}, and may only be in {', '.join(sorted(self._allowed))}"
            return Fault(
                "U10", place, said, "use a manifest of its own, or name the bucket under `buckets` in pipeline.yaml"
            )
        said = f"is in another cloud ({address.provider}) than the URLs before it ({self._provider})"
        return Fault("U10", place, said, "an upload job has one integration: use a manifest for each cloud")

    def _together(self, entry: Entry, canonical: Sequence[str]) -> Iterator[Fault]:
        """What is wrong with its URLs and title beside those of others, which it is noted for."""
        item, place = entry
        code = "C19" if _is_csv(place) else "J20"
        if isinstance(item, _FILES):
            firsts, url = self._urls[item.section], self._plain.spelling(canonical[0])
            if (first := firsts.line(url)) is not None:
                said = f"has the same URL as another of the {item.section}, in line {first}"
                yield Fault(code, place, said, "remove one of the two")
            firsts.add([url], [place.line])
        elif twice := _twice(canonical):
            said = "URLs {} and {} of the group are of the same object".format(*twice)
            yield Fault(code, place, said, "remove one of the two")
        if isinstance(item, ImageGroup | DicomSeries):
            yield from self._title(item.section, item.title, place)

    def _title(self, section: str, title: str, place: Place) -> Iterator[Fault]:
        firsts = self._titles[section]
        if (first := firsts.line(title)) is not None:
            said = f"has the same title as another of the {section}, in line {first}"
            yield Fault("C20" if _is_csv(place) else "J19", place, said, "give each a title of its own")
        firsts.add([title], [place.line])


def _extension(entry: Entry, key: str) -> Iterator[Fault]:
    section, place = entry.item.section, entry.place
    extension = media_types.extension(key)
    kind = media_types.by_extension(key)
    expected = "images" if section == "image_groups" else section
    if kind and kind.section != expected and (section, extension) not in _ALSO:
        hint = f"list it under a heading for {kind.section}" if _is_csv(place) else f"list it under {kind.section}"
        said = f"is one of the {section}, but its extension {extension} is of {kind.section}"
        yield Fault("C21" if _is_csv(place) else "J35", place, said, hint)
    elif kind is None and (extension or section != "dicom_series"):
        said = f"has the extension {extension}, which is of no type" if extension else "has no extension"
        yield Fault(WARNING, place, f"{said}: it is taken for one of the {section}", is_warning=True)


def _twice(canonical: Sequence[str]) -> tuple[int, int] | None:
    """Numbers, from 1, of two equal ones."""
    first: dict[str, int] = {}
    for number, one in enumerate(canonical, 1):
        if one in first:
            return first[one], number
        first[one] = number
    return None


def _is_csv(place: Place) -> bool:
    return place.path.startswith("record ")
