"""Encord's page "Task Agents (SDK)": the pre-classification script in its other wording, with `match`.

As published but for the hashes and the key, which are arguments here, and the bugs that `image_pre_classification`
lists, of which this wording lacks two: it compares lower case with lower case, and it saves. The call to the
model is the same in both, thus shared.
"""

import base64

import requests
from encord.objects import Classification, Option
from encord.user_client import EncordUserClient
from encord.workflow import AgentStage
from openai import OpenAI

from .image_pre_classification import get_classification_from_the_model


def main(user_client: EncordUserClient, project_hash: str, openai: OpenAI) -> None:
    """Label and route every task at the stage "Agent 1"."""
    project = user_client.get_project(project_hash)

    radio_classification = project.ontology_structure.get_child_by_title(title="Animal", type_=Classification)

    cat_option = radio_classification.get_child_by_title(title="Cat", type_=Option)

    dog_option = radio_classification.get_child_by_title(title="Dog", type_=Option)

    # Specify the Task Agent
    agent_stage = project.workflow.get_stage(name="Agent 1", type_=AgentStage)

    for task in agent_stage.get_tasks():
        # Got a task for the following data unit
        print(f"{task.data_hash} -> {task.data_title}")  # noqa: T201

        # Getting a label row for the data unit
        label_row = project.list_label_rows_v2(data_hashes=[task.data_hash])[0]
        label_row.initialise_labels(include_signed_url=True)

        # Downloading the media:
        media_response = requests.get(str(label_row.data_link))  # noqa: S113
        media_content = base64.b64encode(media_response.content).decode("utf-8")

        # Now we can send the media to OpenAI:
        model_response = get_classification_from_the_model(openai, media_content)

        # And interpret the result:
        match model_response:
            case "cat":
                # Create a classification instance
                classification_instance = radio_classification.create_instance()
                classification_instance.set_answer(answer=cat_option)
                classification_instance.set_for_frames(0)
                label_row.add_classification_instance(classification_instance)
                label_row.save()
                task.proceed(pathway_name="Cat")
            case "dog":
                # Create & save classification instance
                classification_instance = radio_classification.create_instance()
                classification_instance.set_answer(answer=dog_option)
                classification_instance.set_for_frames(0)
                label_row.add_classification_instance(classification_instance)
                label_row.save()
                task.proceed(pathway_name="Dog")
            case _:
                task.proceed(pathway_name="Other")
