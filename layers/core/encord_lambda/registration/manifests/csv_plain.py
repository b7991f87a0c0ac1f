"""Blocks of a CSV file in which every row is plain, read at once: most rows of most large files are.

Plain is a row of a section of single files, `URL,title` or `URL,title,false`, without quotes, the URL of the form
`addresses.PLAIN`. One expression proves for a whole block of text that all of its rows are so, and with that every rule
of import-formats §9 that concerns a row. Whatever it does not match is read cell by cell, to the same end.
"""

import re
from functools import cache
from typing import Final

from pydantic import TypeAdapter, ValidationError

from encord_lambda.registration.manifests.address_hosts import REGION
from encord_lambda.registration.manifests.characters import UNWRITABLE
from encord_lambda.registration.manifests.csv_rows import LONGEST_TITLE
from encord_lambda.registration.manifests.csv_sections import CREATE, URL, Kind, Section
from encord_lambda.registration.manifests.entries import Run
from encord_lambda.registration.manifests.items import Image, Video

_BUCKET: Final = r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"
_PART: Final = r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*+"
_KEY: Final = rf"{_PART}(?:/{_PART})*+"
_URL: Final = rf"https://{_BUCKET}\.s3\.(?!cn-|us-gov-){REGION}\.amazonaws\.com/{_KEY}"
"""What `addresses.PLAIN` matches, but for parts of the key that begin with a dot, and of any length."""
_TITLE: Final = (
    rf"(?![^\S\r\n]|(?i:{URL})[\s,])"  # no white space around it, and no header
    rf'[^\x00-\x1f",\x7f-\x9f]{{0,{LONGEST_TITLE}}}+(?<!\s)'
)
_COLUMNS: Final = {0: "()", 1: f",({_TITLE})", 2: f",({_TITLE}),false"}
_SINGLE: Final[dict[Kind, TypeAdapter[list[Image]] | TypeAdapter[list[Video]]]] = {
    Image: TypeAdapter(list[Image]),
    Video: TypeAdapter(list[Video]),
}


def run(text: str, section: Section, line: int, record: int) -> Run | None:
    """What whole lines of text are, from this line and record on; None if one of them is no plain row."""
    pattern = _pattern(section.columns, section.title)
    if section.kind not in _SINGLE or pattern is None:
        return None
    rows = pattern.findall(text)
    # Each match is a whole line, so as many matches as lines are all of them.
    if len(rows) != text.count("\n") or not text.endswith("\n"):
        return None
    if not text.isascii() and UNWRITABLE.search(text):
        return None
    fields = [{"objectUrl": url, "title": title or None} for url, title in rows]
    try:  # other keys are not looked for, which would take a seventh longer: there are none
        items = _SINGLE[section.kind].validate_python(fields, by_alias=True, by_name=False, extra="ignore")
    except ValidationError:  # a URL is too long
        return None
    return Run(items, line, record)


@cache
def _pattern(columns: tuple[str, ...], title: str) -> re.Pattern[str] | None:
    if columns not in ((URL,), (URL, title), (URL, title, CREATE)):
        return None
    return re.compile(rf"^({_URL}){_COLUMNS[len(columns) - 1]}\r?\n", re.MULTILINE)
