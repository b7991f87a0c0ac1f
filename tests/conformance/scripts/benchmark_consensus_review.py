"""Encord's guide "Benchmark QA", `compare_labels.py`: the annotators of a consensus against the ground truth.

As published but for the hashes and the key, which are arguments here. The script ends in two comments, "Code for
comparing labels goes here" and "For each label branch compare labels"; what stands in their place compares the
answers to the radio question "Animal" and then rejects the task, as the guide says all tasks here must be: what
came to this stage was a test of people and does not become production data. Unused imports are gone.
"""

from encord import EncordUserClient, Project
from encord.objects import Classification, Option
from encord.workflow import ConsensusReviewStage


def answer_of(project: Project, data_hash: str, branch: str) -> str | None:
    """The title of the radio question's answer on a branch, if there is one."""
    [label_row] = project.list_label_rows_v2(data_hashes=[data_hash], branch_name=branch)
    label_row.initialise_labels()
    animal = project.ontology_structure.get_child_by_title(title="Animal", type_=Classification)
    instances = label_row.get_classification_instances(animal)
    answer = instances[0].get_answer() if instances else None
    return answer.title if isinstance(answer, Option) else None


def main(user_client: EncordUserClient, project_hash: str, benchmark_project_hash: str) -> dict[str, dict[str, bool]]:
    """Whether each annotator was right, by data title and e-mail address; every task is rejected."""
    # Get Production Project
    project = user_client.get_project(project_hash)
    benchmark = user_client.get_project(benchmark_project_hash)

    # The review stage of the Consensus block compares labels on the Benchmark dataset
    stage = project.workflow.get_stage(name="Consensus 1", type_=ConsensusReviewStage)

    verdicts: dict[str, dict[str, bool]] = {}
    for task in stage.get_tasks():
        truth = answer_of(benchmark, str(task.data_hash), "main")

        # For each label branch compare labels
        verdicts[task.data_title] = {
            option.annotator: answer_of(project, str(task.data_hash), option.label_branch_name) == truth
            for option in task.options
        }
        task.reject()
    return verdicts
