"""Uploads as S3 tells of them, through both functions; pipelines for them; and what they come to in Encord."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import NamedTuple
from uuid import UUID

import pytest

from encord_lambda.registration.directories import completeness, completing, gathering
from encord_lambda.registration.manifests.manifest import object_url
from encord_lambda.registration.upload_jobs import receipts
from encord_lambda.registration.upload_jobs.receipts import Summary
from functions.register_uploads.handler import lambda_handler as register_uploads
from sandbox.encord_twin import DatasetSpec, FolderSpec, IntegrationSpec, World
from tests.functions.upload_stack import RECORDS, REGION, UPLOADS, Stack, batch, context, kept, upload_stack
from tests.twin.conftest import connect
from tests.twin.worlds import pets

DATASETS = ("pets", "more")
_sequence = count(1)


class Stored(NamedTuple):
    """An item as Encord has it."""

    id: UUID
    kind: str
    files: tuple[str, ...]


def world() -> World:
    """A folder for uploads, two datasets, and an integration beside the usual one that lets Encord read nothing."""
    return pets().model_copy(
        update={
            "integrations": [IntegrationSpec(title="aws"), IntegrationSpec(title="strict", client_only=True)],
            "folders": [FolderSpec(title="pets")],
            "datasets": [DatasetSpec(title=title) for title in DATASETS],
            "projects": [],
        }
    )


@contextmanager
def shared_stack(endpoint: str) -> Iterator[Stack]:
    """A stack for many tests, in which a directory is complete as soon as its marker is there."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((completeness, "SETTLING"), (gathering, "NOTED"), (completing, "NOTED")):
            patch.setattr(module, name, timedelta(0))
        with upload_stack(patch, endpoint, world=world()) as built:
            yield built


def configure(stack: Stack, **registrations: Mapping[str, object]) -> None:
    """A pipeline with these registrations, called as their prefixes without the slash."""
    ids = stack.twin.ids
    usual = {
        "integration": "aws",
        "folder": str(ids.folders["pets"]),
        "datasets": [str(dataset) for dataset in ids.datasets.values()],
    }
    entries = [{"prefix": f"{name}/", **usual, **more} for name, more in registrations.items()]
    stack.configure(json.dumps({"version": 1, "registrations": entries}))


def put(stack: Stack, files: Mapping[str, bytes], metadata: Mapping[str, str] | None = None) -> list[str]:
    """Put objects, and give EventBridge's words of it."""
    return [
        event(
            "Object Created",
            key,
            size=len(body),
            etag=stack.s3.put_object(Bucket=UPLOADS, Key=key, Body=body, Metadata=dict(metadata or {}))["ETag"].strip(
                '"'
            ),
        )
        for key, body in files.items()
    ]


def delete(stack: Stack, key: str) -> str:
    """Delete an object, and give EventBridge's word of it."""
    stack.s3.delete_object(Bucket=UPLOADS, Key=key)
    return event("Object Deleted", key)


def event(kind: str, key: str, **found: object) -> str:
    """EventBridge's word of an object, later than those before."""
    of = {"key": key, "sequencer": f"{next(_sequence):018X}", **found}
    detail = {"bucket": {"name": UPLOADS}, "object": of}
    return json.dumps({"source": "aws.s3", "detail-type": kind, "region": REGION, "detail": detail})


def register(*bodies: str) -> None:
    """Have register_uploads work on one batch, of which nothing stays."""
    assert kept(register_uploads(batch(*bodies), context())) == []


def url(key: str) -> str:
    """As Encord knows an uploaded object."""
    return object_url(UPLOADS, REGION, key)


def stored(stack: Stack, prefix: str = "") -> dict[str, Stored]:
    """The items whose names begin with `prefix`."""
    items = [item for item in stack.folder.list_items() if item.name.startswith(prefix)]
    return {
        item.name: Stored(
            item.uuid,
            item.item_type.value,
            (item.url,) if item.url else tuple(part.url or "" for part in item.get_child_items()),
        )
        for item in items
    }


def linked(stack: Stack, dataset: str, prefix: str = "") -> list[str]:
    """Titles of the data units of a dataset."""
    rows = connect(stack.twin).get_dataset(stack.twin.ids.datasets[dataset]).data_rows
    return sorted(row.title for row in rows if row.title.startswith(prefix))


def day(stack: Stack, prefix: str) -> Summary:
    """The sums of a registration's day."""
    there = stack.s3.list_objects_v2(Bucket=RECORDS, Prefix="receipts/")["Contents"]
    [key] = [one["Key"] for one in there if one["Key"].endswith(f"/{receipts.slug(prefix)}/day.json")]
    return Summary.model_validate_json(stack.s3.get_object(Bucket=RECORDS, Key=key)["Body"].read())


def beside(stack: Stack, manifest: str) -> Summary:
    """The receipt beside an uploaded import manifest."""
    body = stack.s3.get_object(Bucket=UPLOADS, Key=f"{manifest}.receipt.json")["Body"].read()
    return Summary.model_validate_json(body)


def sums(summary: Summary) -> Sequence[int]:
    """Submitted, registered, existing, failed, pending."""
    return summary.submitted, summary.registered, summary.existing, summary.failed, summary.pending
