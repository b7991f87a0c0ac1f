"""Seed 001's agent, as it is written for encord-agents' AWS wrapper: its prompt, its model, its classification.

But for one thing: OpenAI's SDK is imported when it is first asked, as ours is, so that no test ping pays for it.
"""

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from encord.objects import Classification, LabelRowV2
from encord_agents.aws import Depends, editor_agent
from encord_agents.aws.dependencies import dep_asset
from pydantic import BaseModel, Field

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionContentPartParam

INSTRUCTION = """
You are an image analysis expert. Your task is to extract the most relevant description of the image content provided.

You are expected to only respond in the form of the following JSON schema.
```json
{schema}
```

Ensure that you do not wrap the object in a list. Only a single object conforming to the JSON schema is allowed.
"""
REQUEST = "Please build a JSON object with respect to this visual data. Follow the JSON schema provided."


class Description(BaseModel):
    """What the model answers."""

    description: str = Field(min_length=25, max_length=1000, description="A detailed description of the scene")


@editor_agent()
def lambda_handler(label_row: LabelRowV2, asset: Annotated[Path, Depends(dep_asset)]) -> None:
    """Describe the picture, and save that."""
    question = label_row.ontology_structure.get_child_by_title("Scene description", type_=Classification)
    instance = question.create_instance()
    instance.set_answer(_described(asset).description)
    instance.set_for_frames(0)
    label_row.add_classification_instance(instance)
    label_row.save()


def _described(asset: Path) -> Description:
    from openai import OpenAI

    url = f"data:image/jpeg;base64,{base64.b64encode(asset.read_bytes()).decode()}"
    content: list[ChatCompletionContentPartParam] = [
        {"type": "image_url", "image_url": {"url": url, "detail": "auto"}},
        {"type": "text", "text": REQUEST},
    ]
    completion = OpenAI().chat.completions.create(
        model="gpt-4o",
        messages=[
            {"role": "system", "content": INSTRUCTION.format(schema=Description.model_json_schema())},
            {"role": "user", "content": content},
        ],
        response_format={"type": "json_object"},
        max_tokens=1000,
    )
    return Description.model_validate_json(completion.choices[0].message.content or "")
