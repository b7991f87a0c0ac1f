"""Legacy: upload jobs that register files and link them to a dataset at once."""

from uuid import UUID

from pydantic import BaseModel

from ..platform import jobs, manifests
from ..platform.holdings import DataRow, Dataset
from ..platform.job_state import Job
from ..platform.json_values import Json, JsonObject
from ..platform.refusals import Invalid, Missing
from .calls import LegacyCall, Payload, parsed
from .rest_uploads import progress_json, unit_error_json


class Upload(Payload):
    """Payload of a start; camelCase, though the protocol is not. The typed items are for uploads of local files."""

    files: JsonObject | None = None
    integration_id: UUID | None = None
    folder_uuid: UUID | None = None
    ignore_errors: bool = False
    file_name: str | None = None


class Polling(BaseModel):
    """Payload of a poll."""

    process_hash: UUID
    timeout_seconds: float = 0


async def start(call: LegacyCall) -> Json:
    """Start an upload job and let it run on; files go to the folder named, or to the one the dataset mirrors."""
    body = parsed(Upload, call.payload)
    dataset = call.store.dataset(call.resource)
    if body.files is None:
        raise Invalid("the twin takes no local files: send `files`")
    if body.integration_id not in call.store.integrations:
        raise Invalid(f"no cloud integration {body.integration_id}")
    job = jobs.start(
        call.store,
        call.store.folder(_target(dataset, body)),
        call.store.integrations[body.integration_id],
        manifests.from_file(body.files),
        ignore_errors=body.ignore_errors,
        file_name=body.file_name,
        dataset=dataset,
    )
    return {"process_hash": str(job.uuid)}


async def poll(call: LegacyCall) -> Json:
    """A job's state, held back until it is over or the client's patience or ours ends."""
    body = parsed(Polling, call.payload)
    job = call.store.jobs.get(body.process_hash)
    if job is None or job.dataset is None or job.dataset.uuid != call.resource:
        raise Missing(f"no upload job {body.process_hash} for dataset {call.resource}")
    await jobs.wait(job, min(body.timeout_seconds, call.store.settings.longest_poll))
    return {
        **progress_json(job),
        "dataHashesWithTitles": [_row_json(row) for row in _rows(job, job.dataset)],
        "dataUnitErrors": [unit_error_json(error) for error in job.errors],
    }


def _target(dataset: Dataset, body: Upload) -> UUID:
    if dataset.backing_folder is not None and body.folder_uuid is not None:
        raise Invalid("the dataset mirrors a folder: name no other one")
    folder = dataset.backing_folder or body.folder_uuid
    if folder is None:
        raise Invalid("the dataset mirrors no folder: name one to keep the files in")
    return folder


def _rows(job: Job, dataset: Dataset) -> list[DataRow]:
    registered = {item.uuid for item in job.items}
    return [row for row in dataset.rows.values() if row.item.uuid in registered]


def _row_json(row: DataRow) -> JsonObject:
    return {"dataHash": str(row.data_hash), "title": row.item.name, "backingItemUuid": str(row.item.uuid)}
