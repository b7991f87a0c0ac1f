"""Where the bytes behind object URLs come from: an S3 emulator, or a dictionary."""

import hashlib
import re
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import quote, unquote

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

S3_URL = re.compile(r"https://(?P<bucket>[^/]+?)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com/(?P<key>.+)")
WEEK = 7 * 24 * 60 * 60


class Unreadable(Exception):  # noqa: N818 - says what the object is
    """An object is not there or not ours to read; `str()` of it is the reason for the uploader."""


class ObjectSource(Protocol):
    """What an integration gives the platform: reading an object, and links for browsers and models."""

    def read(self, url: str) -> bytes:
        """The object's bytes; `Unreadable` if there are none to have. May block."""
        ...

    def signed_url(self, url: str) -> str:
        """A link that works without credentials; a path is relative to the twin itself."""
        ...


def locate(url: str) -> tuple[str, str]:
    """Bucket and decoded key of a canonical S3 URL; `Unreadable` for any other URL.

    >>> locate("https://b.s3.eu-west-1.amazonaws.com/a%20b.jpg")
    ('b', 'a b.jpg')
    """
    match = S3_URL.fullmatch(url)
    if match is None:
        raise Unreadable(f"{url} is not an S3 object URL this integration can read")
    return match["bucket"], unquote(match["key"])


class S3Objects:
    """Objects in a local S3 emulator, whatever host the canonical URL names."""

    def __init__(self, endpoint_url: str, region: str) -> None:
        self._client = boto3.client(
            "s3",
            endpoint_url=endpoint_url,
            region_name=region,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - emulators take any
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                proxies={},
                retries={"max_attempts": 2},
                max_pool_connections=16,
            ),
        )

    def read(self, url: str) -> bytes:
        """The object's bytes, in one GET."""
        bucket, key = locate(url)
        try:
            return self._client.get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError as error:
            raise Unreadable(f"{url} could not be read: {error.response['Error']['Code']}") from error
        except BotoCoreError as error:
            raise Unreadable(f"{url} could not be read: {error}") from error

    def signed_url(self, url: str) -> str:
        """A presigned GET at the emulator, made without a request, good for a week."""
        bucket, key = locate(url)
        return self._client.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=WEEK)


class MemoryObjects:
    """Objects in a dictionary from URL to bytes, which the twin serves itself."""

    def __init__(self, objects: Mapping[str, bytes] | None = None) -> None:
        self._objects = dict(objects or {})
        self._by_token = {_token(url): url for url in self._objects}

    def put(self, url: str, body: bytes) -> None:
        """Add or replace an object."""
        self._objects[url] = body
        self._by_token[_token(url)] = url

    def remove(self, url: str) -> None:
        """Delete an object; links to it stay and lead nowhere."""
        del self._objects[url], self._by_token[_token(url)]

    def read(self, url: str) -> bytes:
        """The object's bytes."""
        if url not in self._objects:
            raise Unreadable(f"{url} could not be read: NoSuchKey")
        return self._objects[url]

    def signed_url(self, url: str) -> str:
        """A path the twin answers."""
        return f"/signed/{_token(url)}/{quote(url.rsplit('/', 1)[-1], safe='%')}?X-Signature=twin"

    def behind(self, token: str) -> str | None:
        """The URL a signed path stands for."""
        return self._by_token.get(token)


def _token(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:32]
