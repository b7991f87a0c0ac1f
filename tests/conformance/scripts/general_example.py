"""Encord's page "Task Agents (SDK)", the general example: every task goes on along one pathway.

As published but for the hashes and the key, which are arguments here; `get_project` was given an unquoted
placeholder.
"""

from encord.user_client import EncordUserClient
from encord.workflow import AgentStage


def main(user_client: EncordUserClient, project_hash: str) -> None:
    """Send every task at the stage "Agent 1" to the review."""
    # Specify the Project that contains the Task agent.
    project = user_client.get_project(project_hash)

    # Specify the Task Agent
    agent_stage = project.workflow.get_stage(name="Agent 1", type_=AgentStage)

    for task in agent_stage.get_tasks():
        # Now you have the agent task containing the data hash

        # Insert you custom logic here

        # When the custom logic is completed, the task can be moved forward to the selected pathway
        task.proceed(pathway_name="continue to Review")
