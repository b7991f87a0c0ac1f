"""Whose a host is, and what a URL on it looks like: import-formats §6, rules U2, U3 and U8 of §9.2."""

import re
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from encord_lambda.registration.manifests.address_text import BadAddress

type Provider = Literal["s3", "gcs", "azure", "otc", "other"]

REGION: Final = r"[a-z]{2,4}(?:-[a-z]+){1,2}-[0-9]{1,2}"
"""Of AWS; new ones come every year, so they are known by their form only."""
_NO_ADDRESS: Final = r"(?![0-9]+\.[0-9]+\.[0-9]+\.[0-9]+\Z)"
BUCKET: Final = re.compile(_NO_ADDRESS + r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_GCS_BUCKET: Final = re.compile(_NO_ADDRESS + r"(?!.*\.\.)[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
_CONTAINER: Final = re.compile(r"\$root|\$web|\$logs|(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
_S3: Final = re.compile(
    r"(?:(?P<bucket>.+)\.)?"
    rf"s3(?:(?P<quick>-accelerate)(?:\.dualstack)?|(?:-fips)?(?:\.dualstack)?\.(?P<region>{REGION})"
    rf"|(?:-fips)?-(?P<dashed>{REGION})|)\.amazonaws\.com(?P<china>\.cn)?"
)
_ACCESS_POINT: Final = re.compile(
    r"(?P<point>[a-z0-9][a-z0-9-]{1,48}[a-z0-9]-[0-9]{12})\.s3-accesspoint(?:-fips)?(?:\.dualstack)?"
    rf"\.(?P<region>{REGION})\.amazonaws\.com(?P<china>\.cn)?"
)
_MULTI_REGION: Final = re.compile(r"(?P<alias>[a-z0-9]+\.mrap)\.accesspoint\.s3-global\.amazonaws\.com")
_AZURE: Final = re.compile(r"(?P<account>.+)\.blob\.core\.(?P<cloud>windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)")
_AZURE_ACCOUNT: Final = re.compile(r"[a-z0-9]{3,24}")
_OTC: Final = re.compile(r"(?:(?P<bucket>.+)\.)?obs\.(?P<region>[a-z]{2}-[a-z0-9]+)\.otc\.t-systems\.com")
_WEBSITE: Final = re.compile(
    r".+\.s3-website[.-].+\.amazonaws\.com(?:\.cn)?|.+\.obs-website\..+|.+\.web\.core\.(?:windows|usgovcloudapi)\.net"
)
_CONSOLE: Final = re.compile(
    r"(?:.+\.)?console\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com|cloud\.google\.com)|portal\.azure\.com"
)
_LIKE_S3: Final = re.compile(r"(?:.+\.)?s3(?:express)?[.-].*amazonaws\.com(?:\.cn)?")
_HOST: Final = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
_PORT: Final = re.compile(r":(?!0)[0-9]{1,5}")
_HOST_BEGINS: Final = 9
"""Column of a host, after `https://`."""


class Host(NamedTuple):
    """What a host says about the URLs on it. The one spelling of a URL is `before`, container, `after`, key."""

    provider: Provider
    region: str
    bucket: str
    """The bucket of all URLs on it, or what goes before the container that begins the path."""
    before: str
    after: str = ""
    container: re.Pattern[str] | None = None
    """What the first part of the path looks like, where it is not of the key."""


@lru_cache(1024)
def host(authority: str) -> Host:
    """Whose the host (with its port, if any) of an https URL is.

    Raises:
        BadAddress: U2, U3 or U8.
    """
    name, port = _parted(authority)
    found = None if port else _s3(name) or _google(name) or _azure(name) or _otc(name)
    if found:
        return found
    if _WEBSITE.fullmatch(name.lower()):
        raise BadAddress("U3", _HOST_BEGINS, "is an address of a website", "use the object's own https address")
    if _CONSOLE.fullmatch(name.lower()):
        raise BadAddress("U3", _HOST_BEGINS, "is a page of a cloud's console", "use the object URL it shows there")
    if _LIKE_S3.fullmatch(name.lower()):
        raise _bad("is no address of S3 that Encord can read", "https://BUCKET.s3.REGION.amazonaws.com/KEY")
    return Host("other", "", name.lower() + port, f"https://{name.lower()}{port}/")


def multi_region(alias: str) -> Host:
    """A Multi-Region Access Point, by its alias with `.mrap`."""
    return Host("s3", "", alias, f"https://{alias}.accesspoint.s3-global.amazonaws.com/")


def _parted(authority: str) -> tuple[str, str]:
    """Name and port, which is left out where it is the one of https anyway."""
    name, colon, number = authority.partition(":")
    port = colon + number
    if not _HOST.fullmatch(name.lower()) or (port and not _PORT.fullmatch(port)) or int(number or 1) > 65_535:
        raise BadAddress("U2", _HOST_BEGINS, "has no host with a domain", "write the full URL")
    return name, "" if port == ":443" else port


def _s3(name: str) -> Host | None:
    lower = name.lower()
    if found := _S3.fullmatch(lower):
        region = found["region"] or found["dashed"] or ""
        _check_china(region, found["china"])
        return _buckets(name[: found.end("bucket")] if found["bucket"] else "", region, bool(found["quick"]))
    if found := _ACCESS_POINT.fullmatch(lower):
        _check_china(found["region"], found["china"])
        point = f"{found['point']}.s3-accesspoint"
        suffix = f"amazonaws.com{found['china'] or ''}"
        return Host("s3", found["region"], point, f"https://{point}.{found['region']}.{suffix}/")
    if found := _MULTI_REGION.fullmatch(lower):
        return multi_region(found["alias"])
    return None


def _buckets(bucket: str, region: str, is_accelerated: bool) -> Host:
    """Of S3. Bucket names are unique in a partition, so the region is no part of the one spelling where it need not."""
    after = ".s3.amazonaws.com/"
    if region.startswith(("cn-", "us-gov-")):
        after = f".s3.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}/"
    if not bucket and not is_accelerated:
        return Host("s3", region, "", "https://", after, BUCKET)
    if not BUCKET.fullmatch(bucket):
        raise _bad("has no valid bucket in its host", "3 to 63 of a-z, 0-9, - and ., and no IP address")
    return Host("s3", region, bucket, f"https://{bucket}{after}")


def _check_china(region: str, suffix: str | None) -> None:
    if region.startswith("cn-") is not bool(suffix):
        raise _bad(
            "has a region and a domain that do not go together",
            "the regions of China, and they alone, are under amazonaws.com.cn",
        )


def _google(name: str) -> Host | None:
    lower = name.lower()
    if lower in ("storage.cloud.google.com", "storage.googleapis.com"):
        return Host("gcs", "", "", "https://storage.googleapis.com/", "/", _GCS_BUCKET)
    if not lower.endswith(".storage.googleapis.com"):
        return None
    bucket = name[: -len(".storage.googleapis.com")]
    if not _GCS_BUCKET.fullmatch(bucket):
        raise _bad("has no valid bucket in its host", "3 to 222 of a-z, 0-9, -, _ and .")
    return Host("gcs", "", bucket, f"https://storage.googleapis.com/{bucket}/")


def _azure(name: str) -> Host | None:
    found = _AZURE.fullmatch(name.lower())
    if not found:
        return None
    account = name[: found.end("account")]
    if not _AZURE_ACCOUNT.fullmatch(account):
        raise _bad("has no valid storage account in its host", "3 to 24 of a-z and 0-9")
    return Host("azure", "", f"{account}/", f"https://{account}.blob.core.{found['cloud']}/", "/", _CONTAINER)


def _otc(name: str) -> Host | None:
    found = _OTC.fullmatch(name.lower())
    if not found:
        return None
    after = f".obs.{found['region']}.otc.t-systems.com/"
    if not found["bucket"]:
        return Host("otc", found["region"], "", "https://", after, BUCKET)
    bucket = name[: found.end("bucket")]
    if not BUCKET.fullmatch(bucket):
        raise _bad("has no valid bucket in its host", "3 to 63 of a-z, 0-9, - and ., and no IP address")
    return Host("otc", found["region"], bucket, f"https://{bucket}{after}")


def _bad(said: str, hint: str) -> BadAddress:
    return BadAddress("U8", _HOST_BEGINS, said, hint)
