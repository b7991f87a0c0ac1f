"""What the models of pipeline.yaml are made of."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Title = Annotated[str, StringConstraints(min_length=1)]
ModelName = Annotated[str, StringConstraints(pattern=r"^openai:\S+$")]
PromptFile = Annotated[str, StringConstraints(pattern=r"^prompts/[\w-][\w.-]*(/[\w-][\w.-]*)*$", max_length=200)]
"""Beside pipeline.yaml; the functions may read nothing else there."""
Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Part(BaseModel):
    """A part of pipeline.yaml: frozen, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")
