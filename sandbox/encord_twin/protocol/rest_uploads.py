"""v2: upload jobs."""

from uuid import UUID

from ..platform import jobs, manifests
from ..platform.job_state import Job, UnitError
from ..platform.json_values import Json, JsonObject
from ..platform.refusals import Invalid
from .calls import Call, Payload, parsed


class Upload(Payload):
    """Body of an upload job's start."""

    data_items: JsonObject | None = None
    external_files: JsonObject | None = None
    integration_hash: UUID | None = None
    ignore_errors: bool = False
    file_name: str | None = None


async def start_job(call: Call) -> Json:
    """Start an upload job and let it run on; the answer is its UUID."""
    body = call.body(Upload)
    folder = call.store.folder(call.uuid("folder"))
    if body.integration_hash not in call.store.integrations:
        raise Invalid(f"no cloud integration {body.integration_hash}")
    integration = call.store.integrations[body.integration_hash]
    if body.data_items is not None:
        manifest = manifests.from_items(body.data_items)
    else:
        manifest = manifests.from_file(body.external_files or {})
    job = jobs.start(
        call.store, folder, integration, manifest, ignore_errors=body.ignore_errors, file_name=body.file_name
    )
    return str(job.uuid)


async def poll_job(call: Call) -> Json:
    """A job's state, held back until it is over or the client's patience or ours ends."""
    job = call.store.job(call.uuid("folder"), call.uuid("job"))
    patience = parsed(float, call.query.get("timeoutSeconds", "0"))
    await jobs.wait(job, min(patience, call.store.settings.longest_poll))
    return job_json(job)


def cancel_job(call: Call) -> Json:
    """Stop a job; what it registered stays."""
    job = call.store.job(call.uuid("folder"), call.uuid("job"))
    return {"unitsCancelledCount": jobs.cancel(job)}


def job_json(job: Job) -> JsonObject:
    """A job's state as the SDK parses it."""
    return {
        **progress_json(job),
        "itemsWithNames": [{"itemUuid": str(item.uuid), "name": item.name} for item in job.items],
        "unitErrors": [unit_error_json(error) for error in job.errors],
        "fileName": job.file_name,
    }


def progress_json(job: Job) -> JsonObject:
    """Status and counts; when the job is over, nothing is pending."""
    running = job.status == "PENDING"
    return {
        "status": job.status,
        "errors": [error.reason for error in job.errors],
        "unitsPendingCount": job.unfinished if running else 0,
        "unitsDoneCount": len(job.items),
        "unitsErrorCount": len(job.errors),
        "unitsCancelledCount": 0 if running else job.unfinished,
    }


def unit_error_json(error: UnitError) -> JsonObject:
    """Why one unit failed, with all its URLs."""
    return {
        "objectUrls": list(error.unit.urls),
        "error": error.reason,
        "subtaskUuid": str(error.subtask),
        "actionDescription": f"Registering {error.unit.name} {error.unit.title}".strip(),
    }
