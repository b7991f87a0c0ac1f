"""Encord's guide "Benchmark QA", `benchmark_routing.py`: ground truth goes to the consensus, the rest to production.

As published but for the hashes and the key, which are arguments here, and these bugs: a `Dataset` cannot be
iterated over, its rows can; and rows carry their hashes as text, where tasks carry a UUID, so that no task was
ever found among them.
"""

from uuid import UUID

from encord.user_client import EncordUserClient
from encord.workflow import AgentStage


def main(user_client: EncordUserClient, project_hash: str, benchmark_dataset_hash: str) -> None:
    """Route every task at the stage "Benchmark Task?"."""
    # Specify the Project that contains the Task agent.
    project = user_client.get_project(project_hash)

    # Specify the Task Agent
    agent_stage = project.workflow.get_stage(name="Benchmark Task?", type_=AgentStage)

    benchmark_dataset = user_client.get_dataset(benchmark_dataset_hash)
    benchmark_data_hashes = {UUID(data_row.uid) for data_row in benchmark_dataset.data_rows}

    for task in agent_stage.get_tasks():
        if task.data_hash in benchmark_data_hashes:
            task.proceed(pathway_name="YES")
        else:
            task.proceed(pathway_name="NO")
