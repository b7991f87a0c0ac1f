"""encord-agents' `QueueRunner` behind an SQS queue, as its documentation shows it for other queues."""

from collections.abc import Callable
from functools import cache

from encord_agents.tasks import QueueRunner
from encord_agents.tasks.models import TaskCompletionResult

from benchmarks.contenders.pet_agent import classify
from encord_lambda.dispatch import messages
from sandbox.scenario.world import AGENT_STAGE, PROJECT


def lambda_handler(event: object, context: object) -> messages.SqsReply:  # noqa: ARG001
    """Consume each message by itself; those that failed stay on the queue."""
    results = {one.messageId: consumer()(one.body) for one in messages.records(event)}
    done = {key: TaskCompletionResult.model_validate_json(result).success for key, result in results.items()}
    return messages.reply(key for key, success in done.items() if not success)


@cache
def runner() -> QueueRunner:
    """The runner; reads the project."""
    return QueueRunner(project_hash=str(PROJECT))


@cache
def consumer() -> Callable[[str | list[str]], str]:
    """What takes messages."""
    return runner().stage(AGENT_STAGE)(classify)
