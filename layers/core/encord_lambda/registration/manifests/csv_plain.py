"""Blocks of a CSV file in which every row is plain, read at once: most rows of most large files are.

Plain is a row of a section of single files, `URL,title` or `URL,title,false`, without quotes, the URL of the form
`addresses.PLAIN`. One expression proves for a whole block of text that all of its rows are so, and with that every rule
of import-formats §9 that concerns a row. Whatever it does not match is read cell by cell, to the same end.
"""

import re
from functools import lru_cache
from typing import Final

from pydantic import TypeAdapter, ValidationError

from encord_lambda.registration.manifests.address_hosts import REGION
from encord_lambda.registration.manifests.characters import UNWRITABLE
from encord_lambda.registration.manifests.csv_rows import LONGEST_TITLE
from encord_lambda.registration.manifests.csv_sections import CREATE, URL, Kind, Section
from encord_lambda.registration.manifests.entries import Run
from encord_lambda.registration.manifests.items import Image, Video

_BUCKET: Final = r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"
_HOST: Final = re.compile(rf"https://{_BUCKET}\.s3\.(?!cn-|us-gov-){REGION}\.amazonaws\.com")
_PART: Final = r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*+"
_KEY: Final = rf"{_PART}(?:/{_PART})*+"
"""Behind a host, what `addresses.PLAIN` matches, but for parts that begin with a dot, and of any length."""
_TITLE: Final = (
    rf"(?![^\S\r\n]|(?i:{URL})[\s,])"  # no white space around it, and no header
    rf'[^\x00-\x1f",\x7f-\x9f]{{0,{LONGEST_TITLE}}}+(?<!\s)'
)
_CELLS: Final = ("()", f",({_TITLE})", f",({_TITLE}),false")
"""Those beside the URL, by their number."""
_SINGLE: Final[dict[Kind, TypeAdapter[list[Image]] | TypeAdapter[list[Video]]]] = {
    Image: TypeAdapter(list[Image]),
    Video: TypeAdapter(list[Video]),
}


def run(text: str, section: Section, line: int, record: int) -> Run | None:
    """What whole lines of text are, from this line and record on; None if one of them is no plain row."""
    first = _HOST.match(text)
    if first is None or not _has_plain_columns(section) or not text.endswith("\n"):
        return None
    if not text.isascii() and UNWRITABLE.search(text):
        return None
    beside = len(section.columns) - 1
    for host in (first[0], ""):  # of one host alone, they are found sooner
        rows = _pattern(beside, host).findall(text)
        # Each match is a whole line, so as many matches as lines are all of them.
        if len(rows) == text.count("\n"):
            return _run(rows, section, line, record, host)
    return None


def _has_plain_columns(section: Section) -> bool:
    return section.kind in _SINGLE and section.columns == (URL, section.title, CREATE)[: len(section.columns)]


@lru_cache(64)
def _pattern(beside: int, host: str) -> re.Pattern[str]:
    """A line of a host or of any, its URL and title; so many cells are beside the URL."""
    return re.compile(rf"^({re.escape(host) or _HOST.pattern}/{_KEY}){_CELLS[beside]}\r?\n", re.MULTILINE)


def _run(rows: list[tuple[str, str]], section: Section, line: int, record: int, host: str) -> Run | None:
    fields = [{"objectUrl": url, "title": title or None} for url, title in rows]
    try:  # other keys are not looked for, which would take a seventh longer: there are none
        items = _SINGLE[section.kind].validate_python(fields, by_alias=True, by_name=False, extra="ignore")
    except ValidationError:  # a URL is too long
        return None
    return Run(items, line, record, host)
