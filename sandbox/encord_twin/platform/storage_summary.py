"""What a folder holds, counted."""

from collections import Counter
from dataclasses import dataclass

from .holdings import Folder
from .media_facts import MediaKind
from .store import Store


@dataclass(frozen=True)
class Summary:
    """Counts of a folder itself, not of those below it. The parts of groups and series are files, too."""

    kinds: Counter[MediaKind]
    files: int
    folders: int
    jobs: int
    size: int  # of all files, in bytes


def summarise(store: Store, folder: Folder) -> Summary:
    """Count what is in a folder; a part that is an item of its own counts once."""
    everything = {part.uuid: part for item in folder.items.values() for part in (item, *item.parts)}
    files = [item for item in everything.values() if not item.facts.kind.is_composite]
    return Summary(
        Counter(item.facts.kind for item in everything.values()),
        len(files),
        sum(each.parent == folder.uuid for each in store.folders.values()),
        sum(job.folder is folder for job in store.jobs.values()),
        sum(item.facts.file_size for item in files),
    )
