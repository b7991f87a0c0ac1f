"""Who works with whom in the two functions that register. As `wiring`, it chooses adapters, and imports them late."""

import functools
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from encord_lambda import settings, wiring
from encord_lambda.registration import following, instructions, registering, removals
from encord_lambda.registration.directories import gathering
from encord_lambda.registration.directories.planning import Eyes
from encord_lambda.registration.manifests.splitting import split
from encord_lambda.registration.upload_jobs import advancing, entering

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

    from encord_lambda.config_registration import Registration
    from encord_lambda.encord_platform.storage import Storage
    from encord_lambda.outcomes import Outcome
    from encord_lambda.registration.manifests.items import Item


@functools.cache
def register_uploads() -> registering.Desk:
    """What `functions/register_uploads` works with."""
    from encord_lambda.aws.first_bytes import UploadedObjects
    from encord_lambda.encord_platform.unlinking import ItemUses

    here = settings.read(settings.RegisterUploads)
    objects, storage = UploadedObjects(_s3()), _storage(here)
    return registering.Desk(
        pipeline=wiring.pipeline_file(here),
        uploads=objects,
        describer=eyes(_s3()).describer,
        jobs=_jobs(here),
        groups=_groups(here),
        removals=removals.Desk(storage.folder, ItemUses(wiring.encord_client(here)), objects.exists),
    )


@functools.cache
def track_registrations() -> following.Desk:
    """What `functions/track_registrations` works with."""
    from encord_lambda.aws.uploaded_manifests import UploadedManifests

    here = settings.read(settings.TrackRegistrations)
    jobs = _jobs(here)
    return following.Desk(
        jobs=jobs,
        groups=_groups(here),
        manifests=instructions.Desk(wiring.pipeline_file(here), UploadedManifests(_s3()), jobs),
        inbox=wiring.inbox(here.registrations_queue_url, ""),
        draw=random.random,
    )


@functools.cache
def _jobs(here: settings.RegistrationSettings) -> advancing.Desk:
    import boto3

    from encord_lambda.aws.event_bus import EventBus
    from encord_lambda.aws.objects import Buckets, Objects
    from encord_lambda.aws.registrations import Registrations
    from encord_lambda.registration.upload_jobs.tallies import Accounts

    held = Registrations(_dynamodb(), here.registrations_table, lambda: datetime.now(UTC))
    records = Objects(_s3(), here.records_bucket)
    return advancing.Desk(
        encord=_storage(here),
        held=held,
        records=records,
        accounts=Accounts(held, records, Buckets(_s3())),
        queue=wiring.queue(here.registrations_queue_url),
        news=EventBus(boto3.client("events"), here.records_bucket),
    )


@functools.cache
def _groups(here: settings.RegistrationSettings) -> gathering.Desk:
    from encord_lambda.aws.gatherings import Gatherings
    from encord_lambda.aws.listing import S3Directories

    jobs = _jobs(here)

    def submit(items: "Sequence[Item]", registration: "Registration", cause: str, now: datetime) -> "Sequence[Outcome]":
        parts = split(items, registration.jobs)
        return [told for part in parts for told in entering.submit(part, registration, cause, jobs, now)]

    return gathering.Desk(
        pipeline=wiring.pipeline_file(here),
        groups=Gatherings(_dynamodb(), here.registrations_table),
        directories=S3Directories(_s3()),
        eyes=eyes(_s3()),
        records=jobs.records,
        queue=jobs.queue,
        refuse=jobs.accounts.refuse,
        submit=submit,
    )


def eyes(s3: "S3Client") -> Eyes:
    """What looks into uploaded objects."""
    from encord_lambda.aws.beside import ObjectsBeside
    from encord_lambda.aws.first_bytes import UploadedObjects
    from encord_lambda.aws.ranges import Ranges
    from encord_lambda.media import dicom_headers
    from encord_lambda.media.probe import Prober
    from encord_lambda.registration.describing import Describer

    return Eyes(UploadedObjects(s3).heads, Describer(ObjectsBeside(s3), Ranges(s3), Prober()), dicom_headers.instance)


@functools.cache
def _storage(here: settings.RegistrationSettings) -> "Storage":
    from encord_lambda.encord_platform.storage import Storage

    return Storage(wiring.encord_client(here))


@functools.cache
def _s3() -> "S3Client":
    import boto3

    return boto3.client("s3")


@functools.cache
def _dynamodb() -> "DynamoDBClient":
    import boto3

    from encord_lambda.aws.bulk import BULK

    return boto3.client("dynamodb", config=BULK)
