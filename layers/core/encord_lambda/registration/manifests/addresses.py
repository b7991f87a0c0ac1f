"""The URL of an object, in all spellings of import-formats §6: whose it is, and one spelling to tell duplicates by."""

import re
from itertools import islice
from typing import Final, NamedTuple
from urllib.parse import quote, unquote_to_bytes

from encord_lambda.registration.manifests import address_hosts
from encord_lambda.registration.manifests.address_hosts import REGION, Host, Provider
from encord_lambda.registration.manifests.address_text import LONGEST, check
from encord_lambda.registration.manifests.address_text import BadAddress as BadAddress

PLAIN: Final = re.compile(
    rf"(?!.{{{LONGEST + 1}}})https://(?P<bucket>[a-z0-9][a-z0-9-]{{1,61}}[a-z0-9])"
    rf"\.s3\.(?P<region>(?!cn-|us-gov-){REGION})\.amazonaws\.com"
    r"/(?P<key>(?!\.{1,3}(?:/|\Z))[A-Za-z0-9._~-]++(?:/(?!\.{1,3}(?:/|\Z))[A-Za-z0-9._~-]++)*+)\Z"
)
"""The URL that needs no further look: of S3, with its region in a virtual host and nothing encoded in the key. What
it matches is recognised without warnings; equal buckets and keys, and only these, are equal objects."""

_MULTI_REGION: Final = re.compile(
    r"arn:aws(?:-cn|-us-gov)?:s3::(?P<account>[0-9]{12}|[0-9]{9}):accesspoint/(?P<alias>[a-z0-9]+\.mrap)"
    r"(?:\.s3-accesspoint\.amazonaws\.com(?:\.cn)?)?(?=/.)"
)
_AUTHORITY: Final = re.compile(r"[^/?]*")
_SIGNED: Final = re.compile(r"[?&](?:x-amz-|x-goog-|awsaccesskeyid=|googleaccessid=|signature=|sig=|token=)", re.I)
_VERSION: Final = re.compile(r"\?versionId=[A-Za-z0-9._-]{1,1024}")
_BYTE: Final = re.compile(r"%..|.")
_DOT_SEGMENT: Final = re.compile(r"(?:^|/)(?:\.|%2e){1,2}(?:/|$)", re.IGNORECASE)

_PLUS: Final = "a '+' in a URL may stand for itself or for a space: write %2B or %20"
_SLASHES: Final = "a key with '//' is legal, but some clients take it for '/'"
_DOTS: Final = "a key with '.' or '..' for a part is legal, but some clients resolve it"
_NINE_DIGITS: Final = "the account of a Multi-Region Access Point has 12 digits, this one has 9"
_NAMES: Final = "3 to 63 of a-z, 0-9 and -, in S3 and Google's cloud also . or _"


class Address(NamedTuple):
    """An object, by its URL."""

    provider: Provider
    bucket: str
    """`account/container` in Azure; with `.mrap` or `.s3-accesspoint` for access points of S3; a host that is no
    cloud's of ours stands for its own bucket, as what its paths begin with is not known."""
    key: str
    """Decoded."""
    region: str
    """Empty if the URL does not tell."""
    canonical: str
    """Equal for equal objects, so that duplicates are found; itself a URL, but never to be sent to Encord."""
    warnings: tuple[str, ...] = ()


def recognised(url: str) -> Address:
    """The object that a URL is of.

    >>> recognised("https://s3.eu-west-1.amazonaws.com/media/day%201/a.jpg").canonical
    'https://media.s3.amazonaws.com/day%201/a.jpg'

    Raises:
        BadAddress: It is none that Encord can take: U1 to U9 or U11 of import-formats §9.2.
    """
    if plain := PLAIN.match(url):
        bucket, region, key = plain.groups()
        return Address("s3", bucket, key, region, f"https://{bucket}.s3.amazonaws.com/{key}")
    begin = check(url)
    if url.startswith("arn:", begin):
        access_point = _multi_region(url, begin)
        place = address_hosts.multi_region(access_point["alias"])
        warnings = (_NINE_DIGITS,) if len(access_point["account"]) == 9 else ()
        return _object(url, access_point.end(), place, warnings)
    end = _end_of_host(url, begin)
    return _object(url, end, address_hosts.host(url[begin:end]), ())


def _multi_region(url: str, begin: int) -> re.Match[str]:
    """The vendor's own notation, which is no valid URL: it would be taken apart wrongly at its colons."""
    found = _MULTI_REGION.match(url, begin)
    if not found:
        form = "https://arn:aws:s3::ACCOUNT:accesspoint/ALIAS.mrap.s3-accesspoint.amazonaws.com/KEY"
        said = "names no account, alias or key of a Multi-Region Access Point"
        raise BadAddress("U9", begin + 1, said, f"write {form}")
    return found


def _end_of_host(url: str, begin: int) -> int:
    found = _AUTHORITY.match(url, begin)
    end = found.end() if found else begin
    if "@" in url[begin:end]:
        hint = "remove what is before the @; access is the integration's"
        raise BadAddress("U4", begin + 1, "has a user or password in it", hint)
    return end


def _object(url: str, begin: int, place: Host, warnings: tuple[str, ...]) -> Address:
    """The object at a place whose path begins at `begin`."""
    mark = url.find("?", begin)
    end = mark if mark >= 0 else len(url)
    version = url[end:]
    if version and not _VERSION.fullmatch(version):
        raise _query(version, end)
    container, start = _container(url, begin, end, place)
    raw = url[start:end]
    key = _decoded(raw, start)
    if not key or key.endswith("/"):
        raise BadAddress("U7", end, "names a bucket or folder, not an object", "write the key of the object")
    spelling = _spelt(raw, key, place)
    canonical = f"{place.before}{container}{place.after}{spelling}{version}"
    return Address(place.provider, place.bucket + container, key, place.region, canonical, warnings + _ambiguities(raw))


def _query(query: str, at: int) -> BadAddress:
    said = "carries a signature or token" if _SIGNED.search(query) else "has a query"
    hint = "remove the query, from the ? on; a ? in a key is encoded as %3F"
    return BadAddress("U4", at + 1, said, hint)


def _container(url: str, begin: int, end: int, place: Host) -> tuple[str, int]:
    """The bucket or container that the path begins with, if it does, and where the key begins."""
    start = begin + 1
    if not place.container or start >= end:
        return "", start
    slash = url.find("/", start, end)
    name = url[start : slash if slash >= 0 else end]
    if not place.container.fullmatch(name):
        raise BadAddress("U8", start + 1, "has no valid bucket or container at the beginning of its path", _NAMES)
    return name, start + len(name) + 1


def _decoded(raw: str, start: int) -> str:
    if "%" not in raw:
        return raw
    try:
        return unquote_to_bytes(raw).decode()
    except UnicodeDecodeError as error:
        where = next(islice(_BYTE.finditer(raw), error.start, None)).start()
        hint = "encode the key's UTF-8 bytes"
        raise BadAddress("U6", start + where + 1, "has an escape that is not of UTF-8", hint) from None


def _spelt(raw: str, key: str, place: Host) -> str:
    """A key, encoded in the one way. In the paths of who knows what server, an encoded slash is not a slash."""
    if place.provider != "other":
        return quote(key)
    return "/".join(quote(unquote_to_bytes(part), safe="") for part in raw.split("/"))


def _ambiguities(raw: str) -> tuple[str, ...]:
    found = ("+" in raw, raw.startswith("/") or "//" in raw, _DOT_SEGMENT.search(raw))
    return tuple(said for said, is_so in zip((_PLUS, _SLASHES, _DOTS), found, strict=True) if is_so)
