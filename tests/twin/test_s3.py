"""The command line, with objects in a local S3."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Literal

import boto3
import httpx
import pytest
from encord.orm.storage import DataUploadImage, DataUploadItems

from sandbox.encord_twin import S3Objects, serve
from tests.fakes.local_aws import emptied, local_aws
from tests.twin.conftest import connect
from tests.twin.worlds import BUCKET, jpeg, pets

REGION: Literal["eu-west-1"] = "eu-west-1"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with local_aws() as started:
        yield started


@pytest.fixture
def picture(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    s3 = boto3.client("s3", endpoint_url=emptied(endpoint), region_name=REGION)
    s3.create_bucket(Bucket="pets", CreateBucketConfiguration={"LocationConstraint": REGION})
    body = jpeg(64, 48)
    s3.put_object(Bucket="pets", Key="day 1/a+b (1).jpg", Body=body)
    return body


def test_objects_are_read_from_s3_by_their_canonical_urls(endpoint: str, picture: bytes) -> None:
    good, missing = f"{BUCKET}/day%201/a%2Bb%20%281%29.jpg", f"{BUCKET}/day%201/gone.jpg"
    with serve(pets(), objects=S3Objects(endpoint, REGION)) as twin:
        client = connect(twin)
        folder = client.get_storage_folder(twin.ids.folders["pets"])
        images = [DataUploadImage(object_url=url, title=url) for url in (good, missing)]
        job = folder.add_private_data_to_folder_start(
            str(twin.ids.integrations["aws"]), DataUploadItems(images=images), ignore_errors=True
        )

        result = folder.add_private_data_to_folder_get_result(job, timeout_seconds=10)

        [item] = folder.list_items(get_signed_urls=True)
        assert (item.width, item.height, item.url) == (64, 48, good)
        assert result.errors == [f"{missing} could not be read: NoSuchKey"]
        assert httpx.get(item.get_signed_url() or "", trust_env=False).content == picture


def test_the_command_line_says_where_it_listens_and_stops_on_sigterm(endpoint: str) -> None:
    command = [sys.executable, "-m", "sandbox.encord_twin", "--s3-endpoint", endpoint, "--region", REGION]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        url = line.removeprefix("encord twin ready on ").strip()
        ready = httpx.get(f"{url}/_twin/ready", trust_env=False).json()
        process.send_signal(signal.SIGTERM)

        assert (ready, process.wait(timeout=10)) == ({"ready": True}, 0)
