"""Upload jobs: registering many files takes a while, and each may fail alone.

Units are read a few at a time; what was read is registered on the loop, in the manifest's order.
"""

import asyncio
import logging
from itertools import batched
from uuid import uuid4

import anyio

from . import datasets, storage, unit_reading
from .holdings import Dataset, Folder, Integration, Item
from .job_state import Job, UnitError
from .manifests import Manifest, Unit
from .refusals import Invalid
from .store import Store
from .unit_reading import Unfit

AT_ONCE = 8


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
    dataset: Dataset | None = None,
) -> Job:
    """Create a job and let it run on. With a dataset, what is registered is linked there."""
    if len(manifest.units) > store.settings.units_per_job:
        raise Invalid(f"at most {store.settings.units_per_job} data units at one time")
    job = Job(uuid4(), folder, integration, manifest, ignore_errors, file_name, dataset)
    store.jobs[job.uuid] = job
    job.work = asyncio.create_task(_run(store, job))
    job.work.add_done_callback(_report)
    return job


async def wait(job: Job, seconds: float) -> None:
    """Return when the job is over or the time is up, whichever comes first."""
    with anyio.move_on_after(seconds):
        await job.over.wait()


async def _run(store: Store, job: Job) -> None:
    """Do the job. Without `ignore_errors` the first failed unit ends it and cancels the units after it."""
    try:
        await anyio.sleep(store.settings.job_seconds)
        await _register(store, job)
        job.end("DONE")
    finally:
        job.end("ERROR")  # the twin itself broke: nobody shall poll for ever


def _report(work: asyncio.Task[None]) -> None:
    if not work.cancelled() and (error := work.exception()):
        logging.getLogger(__name__).error("an upload job broke", exc_info=error)


async def _register(store: Store, job: Job) -> None:
    for units in batched(job.manifest.units, AT_ONCE, strict=False):
        if job.over.is_set():
            return
        readings = await asyncio.gather(*(_read(store, job, unit) for unit in units))
        for unit, reading in zip(units, readings, strict=True):
            if not job.over.is_set():
                _settle(store, job, unit, reading)


def _known(job: Job, unit: Unit) -> Item | None:
    return job.folder.by_source.get(unit.source) if unit.source and job.manifest.skip_duplicate_urls else None


async def _read(store: Store, job: Job, unit: Unit) -> storage.NewItem | Unfit:
    """What to register, or why not; a file known already is not read again."""
    if _known(job, unit):
        return Unfit("the item with this URL was deleted while the job ran")
    try:
        return await unit_reading.read(store, job.integration, unit)
    except Unfit as unfit:
        return unfit


def _settle(store: Store, job: Job, unit: Unit, reading: storage.NewItem | Unfit) -> None:
    known = _known(job, unit)  # asked again: another job may have been faster
    if known is not None:
        _skip(store, job, unit, known)
    elif isinstance(reading, storage.NewItem):
        _done(store, job, storage.add_item(store, job.folder, job.integration, reading))
    else:
        job.errors.append(UnitError(unit, str(reading), uuid4()))
        if not job.ignore_errors:
            job.end("ERROR")


def _skip(store: Store, job: Job, unit: Unit, known: Item) -> None:
    if job.manifest.upsert_metadata:
        metadata = {**known.client_metadata, **unit.client_metadata}
        storage.update(store, known, storage.Changes(client_metadata=metadata))
    _done(store, job, known)


def _done(store: Store, job: Job, item: Item) -> None:
    job.items.append(item)
    datasets.mirror(store, job.folder, [item])
    if job.dataset is not None:
        datasets.link_items(store, job.dataset, [item], "SKIP")
