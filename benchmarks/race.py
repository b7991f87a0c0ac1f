"""One contender's run: its own Encord and its own AWS, a queue filled where there is one, then the clock."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.encord_side import Asked, EncordSide, encord_side
from benchmarks.event_source import EventSource
from benchmarks.invoking import Instance, instance
from benchmarks.local_stack import Stack, deploy
from sandbox import ministack, template

LATENCY = 0.05  # seconds, of each answer of Encord's and the bucket's
FUNCTION = template.functions(template.load())["RunTasksFunction"]


@dataclass(frozen=True)
class Contender:
    """A module's handler and how its tasks reach it."""

    name: str
    module: str
    producer: str | None = None
    """The handler that fills the queue; None takes the tasks from Encord in one invocation."""
    batch: int = 1
    """Messages of an invocation."""


@dataclass(frozen=True)
class Run:
    """What a contender took for so many tasks."""

    tasks: int
    seconds: float
    """From its first invocation to the last reply."""
    asked: Asked
    listed: int
    """Requests that its producer made of Encord, apart from its own."""
    peak_mb: float
    cpu_seconds: float
    cold: float
    """Seconds until its handler was imported; billed once."""
    worked: float
    """Seconds in its handler; billed."""

    @property
    def per_second(self) -> float:
        """Tasks."""
        return self.tasks / self.seconds

    @property
    def gb_seconds_per_1000(self) -> float:
        """Billed for 1,000 tasks of an instance, with the memory that the template gives."""
        return (self.cold + self.worked * 1000 / self.tasks) * FUNCTION.memory / 1024


def run(contender: Contender, tasks: int, model: str) -> Run:
    """Run so many tasks to their end, and check that each was done."""
    log = ministack.ROOT / ".sandbox" / f"bench-{contender.module}-{contender.batch}.log"
    with encord_side(tasks, LATENCY) as encord, ministack.started(log=log) as endpoint:
        stack = deploy(endpoint, encord.at.twin, encord.at.key, model)
        listed = _produce(contender, stack, encord) if contender.producer else 0
        with instance(contender.module, stack.environment, _timeout(contender)) as worker:
            seconds = _clocked(contender, stack, tasks)(worker)
        asked = encord.asked()
        encord.audit(tasks)
    last = worker.last
    return Run(tasks, seconds, asked, listed, last.peak_mb, last.cpu_seconds, worker.cold, worker.worked)


def _produce(contender: Contender, stack: Stack, encord: EncordSide) -> int:
    """Fill the queue in a process of its own; answers the requests it took."""
    with instance(str(contender.producer), stack.environment, FUNCTION.timeout) as producer:
        producer.invoke({})
    listed = encord.asked().requests
    encord.forget()
    return listed


def _clocked(contender: Contender, stack: Stack, tasks: int) -> Callable[[Instance], float]:
    if contender.producer is None:
        return _alone
    source = EventSource(stack.sqs, stack.queue, contender.batch)
    source.wait_until_due(tasks)
    return source.feed


def _alone(worker: Instance) -> float:
    worker.invoke({})
    return worker.last.seconds


def _timeout(contender: Contender) -> float:
    """Who takes all tasks in one invocation has no end set, which is more than Lambda would give."""
    return FUNCTION.timeout if contender.producer else 3600.0
