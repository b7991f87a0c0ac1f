"""CSV files of tests, short to write, and what reading them comes to."""

import re
from collections.abc import Sequence

from hypothesis import strategies as st

from encord_lambda.registration.manifests import csv_manifest, csv_plain
from encord_lambda.registration.manifests.entries import Entry, Fault
from encord_lambda.registration.manifests.items import Item

S3 = "https://media.s3.eu-west-1.amazonaws.com"
VIDEOS = "ObjectURL,Video title"
IMAGES = "ObjectURL,Image title"
GROUPS = "ObjectURL,Image group title,Create video"
SERIES = "ObjectURL,Series title"
PLAIN_URLS = st.from_regex(re.compile(f"{csv_plain._HOST.pattern}/{csv_plain._KEY}", re.ASCII), fullmatch=True)


def csv(*lines: str) -> bytes:
    """A file of these lines, in which `@` stands for a bucket."""
    return "".join(f"{line}\n" for line in lines).replace("@", S3).encode()


def found(content: bytes, *, lenient: bool = False) -> Sequence[Entry | Fault]:
    """All that is read."""
    return list(csv_manifest.read([content], lenient=lenient))


def items(content: bytes, *, lenient: bool = False) -> Sequence[Item]:
    """The items of a file in which nothing is refused."""
    read = found(content, lenient=lenient)
    assert not [one.told("file.csv") for one in read if isinstance(one, Fault) and not one.is_warning]
    return [one.item for one in read if isinstance(one, Entry)]


def faults(content: bytes) -> Sequence[Fault]:
    """What is refused."""
    return [one for one in found(content) if isinstance(one, Fault) and not one.is_warning]


def warnings(content: bytes, *, lenient: bool = False) -> Sequence[Fault]:
    """What is accepted with a warning."""
    return [one for one in found(content, lenient=lenient) if isinstance(one, Fault) and one.is_warning]


def titles(content: bytes) -> Sequence[str | None]:
    """Of the items that are read, faults or not."""
    return [one.item.title for one in found(content) if isinstance(one, Entry)]
