"""The groups, sequences and series of a section. Their rows are held until it ends, as any row may add to any of them.

So memory grows with the rows of the longest such section, by some 200 bytes a row and the length of its URL.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from encord_lambda.registration.manifests.csv_rows import Row
from encord_lambda.registration.manifests.csv_sections import CREATE, Section
from encord_lambda.registration.manifests.entries import WARNING, Entry, Fault, Place
from encord_lambda.registration.manifests.items import DicomSeries, ImageGroup


@dataclass(slots=True)
class _Group:
    title: str
    place: Place
    creates_video: bool | None
    urls: list[str] = field(default_factory=list)
    last_row: int = 0
    is_whole: bool = True
    is_interrupted: bool = False


class Groups:
    """What the rows of a section come to. A group that lacks a row is not the one that was asked for: it is left out.

    A row that cannot be read or has no title is taken to belong to the group before or after it.
    """

    def __init__(self, section: Section) -> None:
        self.section = section
        self._rows = 0
        self._groups: dict[str, _Group] = {}
        self._last: _Group | None = None
        self._is_doubtful = False

    def add(self, row: Row) -> Iterator[Fault]:
        """Take a sound row; gives what is wrong with it beside the other rows of its group, and warnings."""
        group = self._of(row)
        if row.creates_video != group.creates_video:
            group.is_whole = False
            said = f"is not as in the group's first row, {group.place.path} in line {group.place.line}"
            yield Fault("C13", row.place(CREATE), f"{said}; the group is left out", "make it the same in all rows")
        elif self._rows - group.last_row > 1 and not group.is_interrupted:
            group.is_interrupted = True
            said = f"goes on with the group that began in line {group.place.line}, after rows of others"
            yield Fault(WARNING, row.place(self.section.title), said, is_warning=True)
        group.urls.append(row.url)
        group.last_row = self._rows

    def spoil(self, row: Row, fault: Fault) -> Fault:
        """Take a row that is faulty; gives what to tell of it."""
        if fault.code == "C9" or not row.title:
            return self.doubt(fault)
        group = self._of(row)
        group.is_whole, group.last_row = False, self._rows
        return replace(fault, said=f"{fault.said}; the whole group is left out")

    def doubt(self, fault: Fault) -> Fault:
        """Take a row that may be of any group; gives what to tell of it."""
        self._rows += 1
        self._is_doubtful = True
        if self._last:
            self._last.is_whole = False
        return replace(fault, said=f"{fault.said}; the groups before and after it are left out")

    def ended(self) -> Iterator[Entry | Fault]:
        """The items in the order of their first rows, once all rows have been taken."""
        for group in self._groups.values():
            if not group.is_whole:
                continue
            if self.section.kind is ImageGroup and len(group.urls) == 1:
                yield Fault(WARNING, group.place, "is a group of a single image", is_warning=True)
            yield Entry(self._item(group), group.place)

    def _of(self, row: Row) -> _Group:
        self._rows += 1
        # A row without a title is a series of its own, and no title has a line break in it.
        key = row.title or f"\n{self._rows}"
        if key not in self._groups:
            self._groups[key] = _Group(row.name, row.record.place(), row.creates_video, last_row=self._rows - 1)
        self._last = self._groups[key]
        if self._is_doubtful:
            self._is_doubtful, self._last.is_whole = False, False
        return self._last

    def _item(self, group: _Group) -> ImageGroup | DicomSeries:
        files = [{"url": url} for url in group.urls]
        if self.section.kind is DicomSeries:
            return DicomSeries.model_validate({"title": group.title, "dicom_files": files})
        fields = {"title": group.title, "images": files, "create_video": group.creates_video}
        return ImageGroup.model_validate(fields)
