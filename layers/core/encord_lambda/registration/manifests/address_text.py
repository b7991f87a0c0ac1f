"""Is a text an https URL at all, before anybody asks whose: U1 to U3, U5, U6 and U11 of import-formats §9.2."""

import re
from typing import Final
from urllib.parse import quote

LONGEST: Final = 16_384
"""Bytes of a URL, by Encord's own limit (import-formats §7)."""
_SCHEME: Final = re.compile(r"https://|(?=arn:)", re.IGNORECASE)
_OTHER_SCHEME: Final = re.compile(
    r"(http|s?ftp|ftps|file|data|s3a?|gs|az|abfss?|wasbs?|hdfs|blob|javascript):", re.IGNORECASE
)
_FIT: Final = re.compile(r"(?:[A-Za-z0-9\-._~/()+!'*,@=&;:$?]++|%[0-9A-Fa-f]{2})*+")
_ELIDED: Final = re.compile(r"/(\.{3})(?:/|\Z)")


class BadAddress(ValueError):  # noqa: N818 - the address is bad, by a rule with a name; not the program
    """A text that is not the URL of an object.

    `code` is the rule's in import-formats §9.2, `column` counts characters from 1, the text says what is wrong and
    `hint` what to do. None of them quotes the URL, which may hold a secret.
    """

    def __init__(self, code: str, column: int, said: str, hint: str) -> None:
        super().__init__(said)
        self.code, self.column, self.hint = code, column, hint


def check(url: str) -> int:
    """Where the host begins in a text that may be an https URL; Amazon's resource names may go without the scheme.

    Raises:
        BadAddress: U1, U2, U3, U5, U6 or U11.
    """
    if len(url) > LONGEST:
        raise BadAddress("U11", LONGEST + 1, f"is longer than {LONGEST} bytes", "use a shorter key")
    scheme = _SCHEME.match(url)
    if not scheme:
        raise _without_scheme(url)
    fit = _FIT.match(url)
    if fit and fit.end() < len(url):
        raise _unfit(url, fit.end())
    if elided := _ELIDED.search(url):
        raise BadAddress("U2", elided.start(1) + 1, "has '...' for a part of it", "write the full URL")
    return scheme.end()


def _without_scheme(url: str) -> BadAddress:
    if _is_blank(url[:1]):
        return _unfit(url, 0)
    if other := _OTHER_SCHEME.match(url):
        return BadAddress("U3", 1, f"begins with {other[1].lower()}:", "use https://")
    return BadAddress("U2", 1, "has no https:// at its beginning", "write the full URL, not a path")


def _unfit(url: str, at: int) -> BadAddress:
    """What is wrong with the first character that no URL may have."""
    character, column = url[at], at + 1
    if character == " ":
        return BadAddress("U1", column, "has a space in it", "encode it as %20")
    if _is_blank(character):
        return BadAddress("U1", column, f"has the invisible character {_named(character)} in it", "remove it")
    if character in "<>{}":
        return BadAddress("U2", column, f"has {character} in it, as text that is to be filled in", "write the full URL")
    if character == "#":
        return BadAddress("U5", column, "has a fragment, from # on", "a # in a key is encoded as %23")
    if character == "%":
        return BadAddress("U6", column, "has a % without two hex digits", "a % in a key is encoded as %25")
    return BadAddress("U6", column, f"has the character {_named(character)} in it", f"encode it as {quote(character)}")


def _is_blank(character: str) -> bool:
    """Whether it is white space, a control character or otherwise nothing to see; so is no character at all not."""
    return character == " " or not character.isprintable()


def _named(character: str) -> str:
    return f"U+{ord(character):04X}"
