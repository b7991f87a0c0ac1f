"""Whose objects URLs are of: every form of import-formats §6."""

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from encord_lambda.registration.manifests import addresses
from encord_lambda.registration.manifests.addresses import Address, BadAddress, recognised
from encord_lambda.registration.manifests.manifest import object_url

REGIONS = ("eu-central-1", "us-east-1", "ap-southeast-5", "us-gov-west-1", "cn-north-1", "cn-northwest-1")
ALIAS = "q7examplealias"
POINT = "lab-111122223333.s3-accesspoint"
MULTI_REGION = f"arn:aws:s3::111122223333:accesspoint/{ALIAS}.mrap"
TWINS = {
    "virtual-hosted": "https://lumen-media.s3.eu-central-1.amazonaws.com/raw/c.mp4",
    "legacy": "https://lumen-media.s3.amazonaws.com/raw/c.mp4",
    "dash": "https://lumen-media.s3-eu-central-1.amazonaws.com/raw/c.mp4",
    "path": "https://s3.eu-central-1.amazonaws.com/lumen-media/raw/c.mp4",
    "path, dash": "https://s3-eu-central-1.amazonaws.com/lumen-media/raw/c.mp4",
    "path, legacy": "https://s3.amazonaws.com/lumen-media/raw/c.mp4",
    "dual-stack": "https://lumen-media.s3.dualstack.eu-central-1.amazonaws.com/raw/c.mp4",
    "path, dual-stack": "https://s3.dualstack.eu-central-1.amazonaws.com/lumen-media/raw/c.mp4",
    "FIPS": "https://lumen-media.s3-fips.eu-central-1.amazonaws.com/raw/c.mp4",
    "FIPS, dual-stack": "https://lumen-media.s3-fips.dualstack.eu-central-1.amazonaws.com/raw/c.mp4",
    "accelerate": "https://lumen-media.s3-accelerate.amazonaws.com/raw/c.mp4",
    "accelerate, dual-stack": "https://lumen-media.s3-accelerate.dualstack.amazonaws.com/raw/c.mp4",
    "port": "https://lumen-media.s3.eu-central-1.amazonaws.com:443/raw/c.mp4",
    "capitals": "HTTPS://lumen-media.S3.eu-central-1.AmazonAWS.com/raw/c.mp4",
    "escapes": "https://lumen-media.s3.eu-central-1.amazonaws.com/r%61w%2Fc%2emp4",
}


@pytest.mark.parametrize("url", TWINS.values(), ids=TWINS)
def test_an_object_of_s3_has_one_spelling_whatever_host_it_is_asked_from(url: str) -> None:
    found = recognised(url)

    assert (found.provider, found.bucket, found.key) == ("s3", "lumen-media", "raw/c.mp4")
    assert found.region in ("eu-central-1", "")
    assert found.canonical == "https://lumen-media.s3.amazonaws.com/raw/c.mp4"
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("url", "provider", "bucket", "region"),
    [
        ("https://a.b.s3.eu-west-1.amazonaws.com/k.png", "s3", "a.b", "eu-west-1"),
        ("https://s3.eu-west-1.amazonaws.com/a.b/k.png", "s3", "a.b", "eu-west-1"),
        ("https://lumen.s3.us-gov-east-1.amazonaws.com/k.png", "s3", "lumen", "us-gov-east-1"),
        ("https://lumen.s3-fips-us-gov-west-1.amazonaws.com/k.png", "s3", "lumen", "us-gov-west-1"),
        ("https://lumen.s3.cn-north-1.amazonaws.com.cn/k.png", "s3", "lumen", "cn-north-1"),
        ("https://s3.cn-northwest-1.amazonaws.com.cn/lumen/k.png", "s3", "lumen", "cn-northwest-1"),
        (f"https://{POINT}.eu-west-1.amazonaws.com/k.png", "s3", POINT, "eu-west-1"),
        (f"https://{POINT}.cn-north-1.amazonaws.com.cn/k.png", "s3", POINT, "cn-north-1"),
        (f"https://{MULTI_REGION}.s3-accesspoint.amazonaws.com/k.png", "s3", f"{ALIAS}.mrap", ""),
        (f"{MULTI_REGION}/k.png", "s3", f"{ALIAS}.mrap", ""),
        (f"https://{ALIAS}.mrap.accesspoint.s3-global.amazonaws.com/k.png", "s3", f"{ALIAS}.mrap", ""),
        ("https://storage.cloud.google.com/lumen_stills/k.png", "gcs", "lumen_stills", ""),
        ("https://storage.googleapis.com/lumen_stills/k.png", "gcs", "lumen_stills", ""),
        ("https://lumen_stills.storage.googleapis.com/k.png", "gcs", "lumen_stills", ""),
        ("https://lumenacct.blob.core.windows.net/scans/k.png", "azure", "lumenacct/scans", ""),
        ("https://lumenacct.blob.core.usgovcloudapi.net/scans/k.png", "azure", "lumenacct/scans", ""),
        ("https://lumenacct.blob.core.chinacloudapi.cn/$root/k.png", "azure", "lumenacct/$root", ""),
        ("https://lumen-obs.obs.eu-de.otc.t-systems.com/k.png", "otc", "lumen-obs", "eu-de"),
        ("https://obs.eu-nl.otc.t-systems.com/lumen-obs/k.png", "otc", "lumen-obs", "eu-nl"),
    ],
)
def test_each_cloud_is_known_by_its_host(url: str, provider: str, bucket: str, region: str) -> None:
    found = recognised(url)

    assert (found.provider, found.bucket, found.region, found.key) == (provider, bucket, region, "k.png")
    assert found.warnings == ()


@pytest.mark.parametrize(
    "url",
    [
        "https://minio.lab.example:9000/media/k.png",
        "https://10.1.2.3/media/k.png",
        "https://d111111abcdef8.cloudfront.net/media/k.png",
        "https://x1.execute-api.eu-west-1.amazonaws.com/media/k.png",
    ],
)
def test_any_other_https_host_is_its_own_bucket(url: str) -> None:
    found = recognised(url)

    assert (found.provider, found.bucket, found.key) == ("other", url.split("/")[2], "media/k.png")
    assert found.canonical == url


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("https://storage.cloud.google.com/lumen/a%28b.png", "https://lumen.storage.googleapis.com/a(b.png"),
        (
            f"{MULTI_REGION.replace('aws', 'aws-us-gov', 1)}.s3-accesspoint.amazonaws.com/a.png",
            f"https://{ALIAS}.mrap.accesspoint.s3-global.amazonaws.com/%61.png",
        ),
        ("https://Files.example.org:443/%7ea/%c3%a4.png", "https://files.example.org/~a/%C3%A4.png"),
        ("https://lumen.obs.eu-de.otc.t-systems.com/a.png", "https://obs.eu-de.otc.t-systems.com/lumen/a.png"),
    ],
)
def test_two_spellings_of_an_object_are_equal(one: str, same: str) -> None:
    assert recognised(one).canonical == recognised(same).canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://lumen.s3.amazonaws.com/a.png", "https://lumen.s3.amazonaws.com/a.png?versionId=3HL4"),
        ("https://lumen.s3.amazonaws.com/a.png", "https://lumen.s3.cn-north-1.amazonaws.com.cn/a.png"),
        ("https://lumen.s3.amazonaws.com/a.png", "https://lumen.s3.us-gov-west-1.amazonaws.com/a.png"),
        ("https://lumen.s3.amazonaws.com/a.png", "https://storage.googleapis.com/lumen/a.png"),
        ("https://files.example.org/a/b.png", "https://files.example.org/a%2Fb.png"),
        ("https://files.example.org/a.png", "https://files.example.org:8443/a.png"),
        ("https://one.blob.core.windows.net/scans/a.png", "https://two.blob.core.windows.net/scans/a.png"),
        ("https://lumen.s3.amazonaws.com/a//b.png", "https://lumen.s3.amazonaws.com/a/b.png"),
    ],
)
def test_two_objects_are_told_apart(one: str, other: str) -> None:
    assert recognised(one).canonical != recognised(other).canonical


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://lumen.obs.eu-de.otc.t-systems.com/9+(4).jpg", ["'+'"]),
        ("https://lumen.s3.eu-west-1.amazonaws.com//a.png", ["'//'"]),
        ("https://lumen.s3.eu-west-1.amazonaws.com/a//b.png", ["'//'"]),
        ("https://lumen.s3.eu-west-1.amazonaws.com/a/../b.png", ["'..'"]),
        ("https://lumen.s3.eu-west-1.amazonaws.com/a/%2E/b.png", ["'..'"]),
        (f"https://{MULTI_REGION.replace('111122223333', '123123123')}/a.png", ["9"]),
        (f"https://{MULTI_REGION.replace('111122223333', '123123123')}//a+b/./c.png", ["9", "'+'", "'//'", "'..'"]),
        ("https://lumen.s3.eu-west-1.amazonaws.com/a..b/.c.png", []),
        ("https://lumen.s3.eu-west-1.amazonaws.com/(a)!'*,@=&;:$.png", []),
    ],
)
def test_what_may_be_meant_otherwise_is_taken_with_a_warning(url: str, words: list[str]) -> None:
    warnings = recognised(url).warnings

    assert len(warnings) == len(words)
    assert all(word in said for word, said in zip(words, warnings, strict=True))


KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
BUCKETS = st.from_regex(r"[a-z0-9][a-z0-9-]{1,20}[a-z0-9]", fullmatch=True)


@given(bucket=BUCKETS, region=st.sampled_from(REGIONS), key=KEYS)
@example(bucket="media", region="eu-west-1", key="/")
@example(bucket="media", region="eu-west-1", key="day 1/a+b#?%&\x00\n\u2028ü.jpg")
@example(bucket="media", region="eu-west-1", key="a/./../b")
def test_the_url_we_write_is_read_as_what_it_was_written_for(bucket: str, region: str, key: str) -> None:
    assume(not key.endswith("/") and not re.search(r"(^|/)\.\.\.(/|$)", key))

    found = recognised(object_url(bucket, region, key))

    assert (found.provider, found.bucket, found.region, found.key) == ("s3", bucket, region, key)
    assert recognised(found.canonical).canonical == found.canonical


def read(text: str) -> Address | BadAddress:
    try:
        return recognised(text)
    except BadAddress as fault:
        return fault


HOSTS = (
    *(url.partition("raw/c.mp4")[0] for url in TWINS.values()),
    f"{MULTI_REGION}/",
    "https://storage.googleapis.com/lumen/",
    "https://lumen.storage.googleapis.com/",
    "https://acct.blob.core.windows.net/scans/",
    "https://lumen.obs.eu-de.otc.t-systems.com/",
    f"https://{POINT}.eu-west-1.amazonaws.com/",
    "https://Files.example.org:8443/",
)
PIECES = ("a", "/", ".", "..", "%2F", "%2f", "%2e", "%C3%A4", "%E4", "+", "(", "?versionId=1", "?sig=x", "#", " ", "ü")


@given(st.sampled_from(HOSTS), st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
def test_the_one_spelling_is_its_own(host: str, rest: str) -> None:
    found = read(host + rest)
    if isinstance(found, BadAddress):
        return

    again = recognised(found.canonical)

    assert (again.canonical, again.provider, again.bucket) == (found.canonical, found.provider, found.bucket)
    assert again.key == found.key or found.provider == "other"


@given(st.one_of(st.text(), st.sampled_from([*HOSTS, "https://", "s3://"]).flatmap(lambda h: st.text().map(h.__add__))))
def test_any_text_is_an_address_or_a_bad_one_at_a_place_of_it(text: str) -> None:
    found = read(text)

    if isinstance(found, BadAddress):
        assert 1 <= found.column <= max(1, len(text))
        assert re.fullmatch("U([1-9]|11)", found.code)
        assert found.hint


@given(st.from_regex(addresses.PLAIN, fullmatch=True))
@example("https://abc.s3.eu-west-1.amazonaws.com/a/.b/c..d/....")
def test_a_plain_url_needs_no_further_look(url: str) -> None:
    plain = addresses.PLAIN.match(url)
    assert plain

    # GIVEN another spelling of it, which is looked at in full
    found = recognised(url.replace("https://", "HTTPS://"))

    # THEN that finds what the plain one says
    assert found == recognised(url)
    assert (found.bucket, found.region, found.key) == (plain["bucket"], plain["region"], plain["key"])
    assert (found.provider, found.warnings) == ("s3", ())


@pytest.mark.parametrize(
    "url",
    [
        "https://a.b.s3.eu-west-1.amazonaws.com/a.png",
        "https://media.s3.cn-north-1.amazonaws.com/a.png",
        "https://media.s3.us-gov-west-1.amazonaws.com/a.png",
        "https://media.s3.eu-west-1.amazonaws.com/a//b.png",
        "https://media.s3.eu-west-1.amazonaws.com/a/../b.png",
        "https://media.s3.eu-west-1.amazonaws.com/a/.../b.png",
        "https://media.s3.eu-west-1.amazonaws.com/a%20b.png",
        "https://media.s3.eu-west-1.amazonaws.com/a/",
        "https://media.s3.eu-west-1.amazonaws.com/a.png\n",
        "https://media.s3.eu-west-1.amazonaws.com/" + "a" * 16_384,
    ],
)
def test_what_needs_a_look_is_not_plain(url: str) -> None:
    assert not addresses.PLAIN.match(url)
