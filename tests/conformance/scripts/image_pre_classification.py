"""Encord's guide "Pre-classification for images": a model sorts pictures to the specialists for each animal.

As published but for the hashes and the key, which are arguments here, and these bugs:

- `Classification`, `Option` and openai's parameter types were used and never imported;
- `openai.ChatCompletion.create` left openai with version 1: there is a client now, and `ResponseFormat` is
  called `ResponseFormatJSONObject`;
- the classification was assigned to one name and used by another, and so was its instance;
- the model's reply was lower-cased and then looked up among "Cat" and "Dog", so that every picture was "Other";
- the classification was put on no frame, which the SDK refuses to add to a row;
- labels were added to the row and never saved.
"""

import base64
import json

import requests
from encord.objects import Classification, Option
from encord.user_client import EncordUserClient
from encord.workflow import AgentStage
from openai import OpenAI
from openai.types.chat import (
    ChatCompletionContentPartImageParam,
    ChatCompletionSystemMessageParam,
    ChatCompletionUserMessageParam,
)
from openai.types.chat.chat_completion_content_part_image_param import ImageURL
from openai.types.shared_params import ResponseFormatJSONObject

PROMPT = """
You are an image analysis expert. You're working on a project that includes annotation of different pets images.
Your task is to assign one of the following tags to the image: "Cat", "Dog", "Other".

Reply in JSON format of the following structure: { "classification": Cat|Dog|Other }
"""


def get_classification_from_the_model(openai: OpenAI, media_content: str) -> str | None:
    """The model's word for a picture in base64, in lower case; None if the reply is not what was asked for."""
    completion = openai.chat.completions.create(
        model="gpt-4o-mini",
        messages=[
            ChatCompletionSystemMessageParam(role="system", content=PROMPT),
            ChatCompletionUserMessageParam(
                role="user",
                content=[
                    ChatCompletionContentPartImageParam(
                        image_url=ImageURL(url=f"data:image/jpeg;base64,{media_content}", detail="auto"),
                        type="image_url",
                    )
                ],
            ),
        ],
        response_format=ResponseFormatJSONObject(type="json_object"),
        max_tokens=1000,
    )

    raw_text_completion = completion.choices[0].message.content
    try:
        parsed_result = json.loads(raw_text_completion or "")
        return str(parsed_result["classification"]).lower()
    except Exception as e:  # noqa: BLE001 - the published script goes on with the next picture
        print(f"Failed to process the model response: {e}")  # noqa: T201
        return None


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

        # Mapping the response to the appropriate answer and pathway
        classification_mapping = {
            "cat": (cat_option, "Cat"),
            "dog": (dog_option, "Dog"),
        }

        # Create a classification instance if response is either cat or dog
        if model_response in classification_mapping:
            answer_option, pathway = classification_mapping[model_response]

            classification_instance = radio_classification.create_instance()
            classification_instance.set_answer(answer=answer_option)
            classification_instance.set_for_frames(0)
            label_row.add_classification_instance(classification_instance)
            label_row.save()

            task.proceed(pathway_name=pathway)
        else:
            task.proceed(pathway_name="Other")
