"""encord-agents' sequential `Runner`: one invocation runs until no task waits."""

from encord_agents.tasks import Runner

from benchmarks.contenders.pet_agent import classify
from sandbox.scenario.world import AGENT_STAGE, PROJECT


def lambda_handler(event: object, context: object) -> None:  # noqa: ARG001
    """Label and route every task that waits."""
    runner = Runner(project_hash=str(PROJECT))
    runner.stage(AGENT_STAGE)(classify)
    runner()
