"""moto's AWS on loopback. All its servers in one process have one state, whoever started them: empty it before use."""

import functools
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto import backends
from moto.server import ThreadedMotoServer

from encord_lambda.aws.signed_requests import SignedRequests
from encord_lambda.settings import Aws

_NEW_CLIENT = boto3.client
# moto's server looks through its own folders for these at every request.
backends.list_of_moto_modules = functools.cache(lambda listed=backends.list_of_moto_modules: frozenset(listed()))


@contextmanager
def local_aws() -> Iterator[str]:
    """The endpoint, for as long as the block runs."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def emptied(endpoint: str) -> str:
    """The endpoint, where nothing of an earlier test is left."""
    request = urllib.request.Request(f"{endpoint}/moto-api/reset", method="POST")  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        assert answer.status == 200
    return endpoint


@functools.cache
def client_at(endpoint: str) -> Callable[..., Any]:
    """In the place of `boto3.client` where the environment leads to this endpoint: it makes each client once.

    Making one takes longer than most tests' calls of it.
    """
    assert endpoint
    return functools.cache(_NEW_CLIENT)


def requests_to(endpoint: str) -> SignedRequests:
    """Signed requests to a server on this machine."""
    secret = {"aws_secret_access_key": "testing", "aws_session_token": "token"}
    return SignedRequests(
        Aws(aws_default_region="eu-west-1", aws_access_key_id="testing", aws_endpoint_url=endpoint, **secret)
    )
