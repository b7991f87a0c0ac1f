"""Upload jobs: registering many files takes a while, and each may fail alone.

Files are read in threads, a few at a time; what was read is registered on the loop, in the manifest's order.
"""

import asyncio
from itertools import batched
from uuid import uuid4

import anyio
import anyio.to_thread

from . import media, objects, storage
from .holdings import Folder, Integration, Item
from .job_state import Job, UnitError
from .manifests import Manifest, Unit
from .media_facts import Facts
from .store import Store

AT_ONCE = 8
LONGEST_NAME = 300


def cancel(job: Job) -> int:
    """Stop a running job and say how many units that spared; what is registered stays."""
    spared = 0 if job.over.is_set() else job.unfinished
    job.end("CANCELLED")
    return spared


def start(
    store: Store,
    folder: Folder,
    integration: Integration,
    manifest: Manifest,
    *,
    ignore_errors: bool,
    file_name: str | None,
) -> Job:
    """Create a job; `run` does the work."""
    job = Job(uuid4(), folder, integration, manifest, ignore_errors, file_name)
    store.jobs[job.uuid] = job
    return job


async def wait(job: Job, seconds: float) -> None:
    """Return when the job is over or the time is up, whichever comes first."""
    with anyio.move_on_after(seconds):
        await job.over.wait()


async def run(store: Store, job: Job) -> None:
    """Do the job. Without `ignore_errors` the first failed unit ends it and cancels the units after it."""
    try:
        await anyio.sleep(store.settings.job_seconds)
        await _register(store, job)
        job.end("DONE")
    finally:
        job.end("ERROR")  # the twin itself broke: nobody shall poll for ever


async def _register(store: Store, job: Job) -> None:
    for units in batched(job.manifest.units, AT_ONCE, strict=False):
        if job.over.is_set():
            return
        readings = await asyncio.gather(*(_read(store, job, unit) for unit in units))
        for unit, reading in zip(units, readings, strict=True):
            if not job.over.is_set():
                _settle(store, job, unit, reading)


def _known(job: Job, unit: Unit) -> Item | None:
    return job.folder.by_url.get(unit.urls[0]) if unit.urls and job.manifest.skip_duplicate_urls else None


async def _read(store: Store, job: Job, unit: Unit) -> Facts | str | None:
    """The unit's media facts, the reason why there are none, or None for a file known already."""
    if unit.kind != "IMAGE":
        return f"{unit.kind} is not supported by the twin yet"
    if _known(job, unit):
        return None
    if len(unit.title) > LONGEST_NAME:
        return f"the name has {len(unit.title)} characters, at most {LONGEST_NAME} are allowed"
    if unit.facts is not None:
        return unit.facts
    return await anyio.to_thread.run_sync(_inspect, store.objects, unit.urls[0])


def _inspect(source: objects.ObjectSource, url: str) -> Facts | str:
    try:
        return media.inspect_image(source.read(url))
    except (objects.Unreadable, media.Undecodable) as error:
        return str(error)


def _settle(store: Store, job: Job, unit: Unit, reading: Facts | str | None) -> None:
    known = _known(job, unit)  # asked again: another job may have been faster
    if known is not None:
        _skip(store, job, unit, known)
    elif isinstance(reading, Facts):
        new = storage.NewItem(unit.urls[0], unit.title, reading, unit.client_metadata)
        job.items.append(storage.add_item(store, job.folder, job.integration, new))
    else:
        assert reading is not None, "nothing deletes items, so a known one is still there"
        job.errors.append(UnitError(unit, reading, uuid4()))
        if not job.ignore_errors:
            job.end("ERROR")


def _skip(store: Store, job: Job, unit: Unit, known: Item) -> None:
    if job.manifest.upsert_metadata:
        known.client_metadata = {**known.client_metadata, **unit.client_metadata}
        known.edited_at = store.now()
    job.items.append(known)
