"""v2: upload jobs."""

import asyncio
import logging
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
    manifest = manifests.read(body.data_items or body.external_files or {})
    if len(manifest.units) > call.store.settings.units_per_job:
        raise Invalid(f"at most {call.store.settings.units_per_job} data units at one time")
    job = jobs.start(
        call.store,
        folder,
        call.store.integrations[body.integration_hash],
        manifest,
        ignore_errors=body.ignore_errors,
        file_name=body.file_name,
    )
    job.work = asyncio.create_task(jobs.run(call.store, job))
    job.work.add_done_callback(_report)
    return str(job.uuid)


def _report(work: asyncio.Task[None]) -> None:
    if not work.cancelled() and (error := work.exception()):
        logging.getLogger(__name__).error("an upload job broke", exc_info=error)


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
    """A job's state as the SDK parses it; when it is over, nothing is pending."""
    running = job.status == "PENDING"
    return {
        "status": job.status,
        "itemsWithNames": [{"itemUuid": str(item.uuid), "name": item.name} for item in job.items],
        "errors": [error.reason for error in job.errors],
        "unitsPendingCount": job.unfinished if running else 0,
        "unitsDoneCount": len(job.items),
        "unitsErrorCount": len(job.errors),
        "unitsCancelledCount": 0 if running else job.unfinished,
        "unitErrors": [_unit_error_json(error) for error in job.errors],
        "fileName": job.file_name,
    }


def _unit_error_json(error: UnitError) -> JsonObject:
    return {
        "objectUrls": list(error.unit.urls),
        "error": error.reason,
        "subtaskUuid": str(error.subtask),
        "actionDescription": f"Registering {error.unit.kind} {error.unit.title}".strip(),
    }
