"""What is no object's URL: U1 to U9 and U11 of import-formats §9.2, each with its place and what to do."""

import pytest

from encord_lambda.registration.manifests import addresses
from encord_lambda.registration.manifests.addresses import BadAddress

S3 = "https://lumen.s3.eu-west-1.amazonaws.com/"
MULTI_REGION = "https://arn:aws:s3::111122223333:accesspoint/q7.mrap.s3-accesspoint.amazonaws.com"


def fault(url: str) -> BadAddress:
    with pytest.raises(BadAddress) as raised:
        addresses.recognised(url)
    return raised.value


@pytest.mark.parametrize(
    ("url", "code", "column", "hint"),
    [
        (f"{S3}a b.png", "U1", 43, "%20"),
        (f" {S3}a.png", "U1", 1, "%20"),
        (f"\ufeff{S3}a.png", "U1", 1, "remove"),
        (f"{S3}a.png\n", "U1", 47, "remove"),
        (f"{S3}a\x00.png", "U1", 43, "remove"),
        (f"{S3}a\u00a0b.png", "U1", 43, "remove"),
        ("", "U2", 1, "full URL"),
        ("images/a.png", "U2", 1, "full URL"),
        ("//lumen.s3.eu-west-1.amazonaws.com/a.png", "U2", 1, "full URL"),
        ("https:/lumen.s3.eu-west-1.amazonaws.com/a.png", "U2", 1, "full URL"),
        ("https://my-bucket/.../file1.nii", "U2", 19, "full URL"),
        ("https://.../file1.nii", "U2", 9, "full URL"),
        ("https://my-bucket/file1.nii", "U2", 9, "full URL"),
        ("https:///file1.nii", "U2", 9, "full URL"),
        ("https://host.example:port/a.png", "U2", 9, "full URL"),
        ("https://host.example:65536/a.png", "U2", 9, "full URL"),
        ("https://[::1]/a.png", "U6", 9, "encode"),
        ("https://<bucket>.s3.eu-west-1.amazonaws.com/a.png", "U2", 9, "full URL"),
        (f"{S3}{{name}}.png", "U2", 42, "full URL"),
        ("http://lumen.s3.eu-west-1.amazonaws.com/a.png", "U3", 1, "https://"),
        ("ftp://lumen.example/a.png", "U3", 1, "https://"),
        ("file:///home/a.png", "U3", 1, "https://"),
        ("data:image/png;base64,AAAA", "U3", 1, "https://"),
        ("s3://lumen/a.png", "U3", 1, "https://"),
        ("https://lumen.s3-website-eu-west-1.amazonaws.com/a.png", "U3", 9, "own https"),
        ("https://lumen.s3-website.eu-west-1.amazonaws.com/a.png", "U3", 9, "own https"),
        ("https://lumenacct.z6.web.core.windows.net/a.png", "U3", 9, "own https"),
        ("https://s3.console.aws.amazon.com/s3/object/lumen", "U3", 9, "object URL"),
        ("https://eu-west-1.console.aws.amazon.com/s3/object/lumen?prefix=a.png", "U3", 9, "object URL"),
        ("https://console.cloud.google.com/storage/browser/lumen", "U3", 9, "object URL"),
        ("https://me:pass@lumen.s3.eu-west-1.amazonaws.com/a.png", "U4", 9, "remove"),
        (f"{S3}a.png?X-Amz-Signature=aa", "U4", 47, "remove the query"),
        (f"{S3}a.png?versionId=1&X-Amz-Signature=aa", "U4", 47, "remove the query"),
        ("https://lumenacct.blob.core.windows.net/scans/a.png?sv=1&sig=aa", "U4", 52, "remove the query"),
        ("https://storage.googleapis.com/lumen/a.png?X-Goog-Signature=aa", "U4", 43, "remove the query"),
        ("https://files.example.org/a.png?id=4", "U4", 32, "%3F"),
        (f"{S3}a.png?", "U4", 47, "%3F"),
        (f"{S3}a#1.png", "U5", 43, "%23"),
        (f"{S3}100%.png", "U6", 45, "%25"),
        (f"{S3}a%2", "U6", 43, "%25"),
        (f"{S3}ä.png", "U6", 42, "%C3%A4"),
        (f"{S3}a\\b.png", "U6", 43, "%5C"),
        (f"{S3}ab%C3%A4c%E4.png", "U6", 51, "UTF-8"),
        (S3, "U7", 41, "key"),
        (S3.rstrip("/"), "U7", 40, "key"),
        (f"{S3}raw/", "U7", 45, "key"),
        (f"{S3}raw%2F", "U7", 47, "key"),
        ("https://s3.eu-west-1.amazonaws.com/lumen", "U7", 40, "key"),
        ("https://lumenacct.blob.core.windows.net/scans/", "U7", 46, "key"),
        ("https://lu.s3.eu-west-1.amazonaws.com/a.png", "U8", 9, "3 to 63"),
        ("https://Lumen.s3.eu-west-1.amazonaws.com/a.png", "U8", 9, "a-z"),
        ("https://lu_men.s3.eu-west-1.amazonaws.com/a.png", "U8", 9, "a-z"),
        ("https://10.1.2.3.s3.eu-west-1.amazonaws.com/a.png", "U8", 9, "IP address"),
        ("https://s3.eu-west-1.amazonaws.com/Lumen/a.png", "U8", 36, "a-z"),
        ("https://s3.eu-west-1.amazonaws.com/lu..men/a.png", "U8", 36, "a-z"),
        ("https://s3.eu-west-1.amazonaws.com//a.png", "U8", 36, "a-z"),
        ("https://s3-accelerate.amazonaws.com/lumen/a.png", "U8", 9, "3 to 63"),
        ("https://lumen.s3.euwest1.amazonaws.com/a.png", "U8", 9, "REGION"),
        ("https://lumen.s3.eu-west-1.amazonaws.com:8443/a.png", "U8", 9, "REGION"),
        ("https://lumen.s3.cn-north-1.amazonaws.com/a.png", "U8", 9, ".cn"),
        ("https://lumen.s3.eu-west-1.amazonaws.com.cn/a.png", "U8", 9, ".cn"),
        ("https://lab-1111.s3-accesspoint.eu-west-1.amazonaws.com/a.png", "U8", 9, "REGION"),
        ("https://lu.storage.googleapis.com/a.png", "U8", 9, "3 to 222"),
        ("https://storage.cloud.google.com/Lumen/a.png", "U8", 34, "a-z"),
        ("https://lumen-acct.blob.core.windows.net/scans/a.png", "U8", 9, "3 to 24"),
        ("https://lumenacct.blob.core.windows.net/my--scans/a.png", "U8", 41, "a-z"),
        ("https://Lumen.obs.eu-de.otc.t-systems.com/a.png", "U8", 9, "3 to 63"),
        (MULTI_REGION, "U9", 9, "ACCOUNT:accesspoint/ALIAS"),
        (f"{MULTI_REGION}/", "U9", 9, "ACCOUNT:accesspoint/ALIAS"),
        (f"{MULTI_REGION.replace('111122223333', '')}/a.png", "U9", 9, "ACCOUNT:accesspoint/ALIAS"),
        (f"{MULTI_REGION.replace('q7.mrap', '')}/a.png", "U9", 9, "ACCOUNT:accesspoint/ALIAS"),
        ("arn:aws:s3:eu-west-1:111122223333:accesspoint/lab/a.png", "U9", 1, "ACCOUNT:accesspoint/ALIAS"),
        (f"{MULTI_REGION}/raw/", "U7", len(MULTI_REGION) + 5, "key"),
        (f"{S3}{'a' * 16_384}", "U11", 16_385, "shorter"),
    ],
)
def test_what_is_refused_says_where_and_what_to_do(url: str, code: str, column: int, hint: str) -> None:
    found = fault(url)

    assert (found.code, found.column) == (code, column)
    assert hint in found.hint


@pytest.mark.parametrize(
    "url",
    [
        f"{S3}a.png?X-Amz-Credential=hush&X-Amz-Signature=hush",
        f"{S3}a b.png?X-Amz-Signature=hush",
        f"{S3}a.png?X-Amz-Signature=hush#hush",
        f"{S3}hush/?X-Amz-Signature=hush",
        "https://me:hush@lumen.s3.eu-west-1.amazonaws.com/a.png",
        "hush:hush@lumen.example/a.png",
        "http://me:hush@lumen.example/a.png?sig=hush",
        "https://hush:hush/a.png?sig=hush",
        "https://lumenacct.blob.core.windows.net/scans/a.png?sv=2024&sig=hush",
        "https://lumenacct.blob.core.windows.net/HUSH/a.png?sig=hush",
        f"{MULTI_REGION}/a.png?X-Amz-Signature=hush",
    ],
)
def test_a_secret_of_a_url_is_not_repeated(url: str) -> None:
    found = fault(url)

    assert "hush" not in f"{found} {found.hint} {found!r} {found.__cause__} {found.__context__}".lower()
