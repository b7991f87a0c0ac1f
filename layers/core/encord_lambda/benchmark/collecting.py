"""Reading what waits for review: it is kept, then sent off."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from encord_lambda.benchmark.desk import Desk, Reviews, Task
from encord_lambda.benchmark.kept_units import reserve
from encord_lambda.benchmark.reviewed import ReviewedUnit
from encord_lambda.config_benchmark import Benchmark
from encord_lambda.dispatch.claims import State, TaskKey
from encord_lambda.errors import Skip, Trouble
from encord_lambda.outcomes import Outcome, Postponed, Skipped


@dataclass(frozen=True, slots=True)
class Collected[T: Task]:
    """What came of it."""

    count: int
    """Tasks that were read."""
    without_truth: Sequence[T]


def collected[T: Task](
    benchmark: Benchmark, desk: Desk[T], known: Iterable[UUID]
) -> Generator[Outcome, None, Collected[T]]:
    """Read the tasks that have changed since they were kept, as far as time allows; `known` are those kept.

    Raises:
        Trouble: The project or the stage is not there, or Encord, S3 or DynamoDB cannot be had.
    """
    known, count, without_truth = set(known), 0, list[T]()
    for tasks in desk.reviews.waiting():
        if desk.time_left() < reserve(len(known) + count):
            yield postponed(benchmark, "the rest of the reviews is read by the next run: this one's time is short")
            break
        kept = desk.records.read(benchmark.name, [task.data_hash for task in tasks if task.data_hash in known])
        unread = [task for task in tasks if not _is_kept(task, kept)]
        found = desk.reviews.read(unread) if unread else {}
        units = [unit for unit in found.values() if isinstance(unit, ReviewedUnit)]
        worked = _worked(desk, unread)
        units = [unit.model_copy(update={"worked": worked.get(unit.data, ())}) for unit in units]
        desk.records.keep(benchmark.name, [unit.with_earlier(kept.get(unit.data)) for unit in units])
        yield from _sent_off(benchmark, desk.reviews, tasks, found)
        count += len(units)
        without_truth += [task for task in unread if isinstance(found.get(task.data_hash), Skip)]
    return Collected(count, without_truth)


def postponed(benchmark: Benchmark, reason: str) -> Postponed:
    """What is told of a benchmark that the next run tries again."""
    return Postponed(f"benchmark {benchmark.name}", reason)


def _is_kept(task: Task, kept: Mapping[UUID, ReviewedUnit]) -> bool:
    unit = kept.get(task.data_hash)
    return unit is not None and not unit.withdrawn and unit.updated_at == task.updated_at


def _worked[T: Task](desk: Desk[T], tasks: Sequence[T]) -> dict[UUID, tuple[str, ...]]:
    """Titles of the live agent stages that are done with these tasks, by data unit.

    A claim with a reason does not tell: its agent may never have looked.
    """
    live = {title: stage for title, stage in desk.reviews.agent_stages.items() if title in desk.stages.live}
    claims = desk.claims.read([TaskKey(stage, task.uuid) for stage in live.values() for task in tasks])
    done = {key for key, claim in claims.items() if claim.state is State.DONE and not claim.reason}
    return {
        task.data_hash: tuple(title for title, stage in live.items() if TaskKey(stage, task.uuid) in done)
        for task in tasks
    }


def _sent_off[T: Task](
    benchmark: Benchmark, reviews: Reviews[T], tasks: Sequence[T], found: Mapping[UUID, ReviewedUnit | Trouble]
) -> Iterator[Outcome]:
    scored = []
    for task in tasks:
        match found.get(task.data_hash):
            case Skip() as why:
                yield Skipped(str(task.uuid), why.reason)
            case Trouble() as why:
                yield Postponed(str(task.uuid), why.reason)
            case _:
                scored.append(task)
    if benchmark.reject_when_scored:
        refused = reviews.reject(scored)
        yield from (Postponed(str(task), f"cannot be rejected: {why.reason}") for task, why in refused.items())
