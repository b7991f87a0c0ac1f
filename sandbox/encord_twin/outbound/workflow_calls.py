"""Custom agents called by a workflow: signed, from the backend, and obeyed."""

import json
from dataclasses import replace

from ..platform import workflow
from ..platform.actions import Action
from ..platform.records import Pathway, Project, Stage, StageType
from ..platform.refusals import Invalid, Refused
from ..platform.store import Store
from ..platform.tasks import Task
from .courier import Courier, Undelivered
from .editor_calls import LONGEST, EditorAnswer, WorkflowCall, trace
from .signing import signature

AGENT = "custom-agent@twin.local"


async def from_workflow(store: Store, courier: Courier, call: WorkflowCall) -> EditorAnswer:
    """Call the agent for a waiting task and send the task along the pathway it names.

    Without a decision, or with one longer than 256 characters, the stage's first pathway is taken. After an error,
    or a decision that names no pathway, the task stays and the trouble says why.

    Raises:
        Refused: The data unit has no task that waits at an agent stage.
    """
    project = store.project(call.project)
    task, stage = _waiting(project, call)
    body = json.dumps(call.payload()).encode()
    headers = {"Content-Type": "application/json", "X-Cloud-Trace-Context": trace()}
    try:
        sent = await courier.send("POST", call.url, headers | signature(call.secret, body, store.now()), body)
    except Undelivered as trouble:
        return EditorAnswer(trouble=str(trouble))
    answer = EditorAnswer.of(sent)
    return answer if answer.trouble else _followed(store, project, stage, task, answer)


def _waiting(project: Project, call: WorkflowCall) -> tuple[Task, Stage]:
    task = project.tasks.get(call.data_hash)
    if task is None or project.stages[task.stage].type is not StageType.AGENT:
        raise Invalid(f"data unit {call.data_hash} has no task at an agent stage of project {project.title!r}")
    return task, project.stages[task.stage]


def _followed(store: Store, project: Project, stage: Stage, task: Task, answer: EditorAnswer) -> EditorAnswer:
    pathway = _chosen(stage, answer.decision)
    if pathway is None:
        return replace(answer, trouble=f"stage {stage.title!r} has no pathway {answer.decision!r}; the task stays")
    try:
        workflow.act(store, project, stage, [Action(task.uuid, "PATHWAY_ACTION", str(pathway.uuid))], AGENT)
    except Refused as refusal:  # it left while the agent was thinking
        return replace(answer, trouble=str(refusal))
    return replace(answer, pathway=pathway.title)


def _chosen(stage: Stage, decision: str | None) -> Pathway | None:
    if decision is None or len(decision) > LONGEST:
        return next(iter(stage.pathways), None)
    return next((pathway for pathway in stage.pathways if pathway.title == decision), None)
