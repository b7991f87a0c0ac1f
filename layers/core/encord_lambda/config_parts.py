"""What the models of pipeline.yaml are made of."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from encord_lambda.config_faults import spelt

Title = Annotated[str, StringConstraints(min_length=1)]
ModelName = Annotated[str, spelt(r"openai:\S+", "`openai:` and the name of a model, such as openai:gpt-4o-mini")]
PromptFile = Annotated[
    str,
    StringConstraints(max_length=200),
    spelt(r"prompts(/[\w-][\w.-]*)+", "the name of a file below prompts/, without spaces, such as prompts/animals.md"),
]
"""Beside pipeline.yaml; the functions may read nothing else there."""
Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Part(BaseModel):
    """A part of pipeline.yaml: frozen, and a misspelt key is an error."""

    # Not one by one at import, but with what they are parts of, once: half as long, at cold starts somebody waits for.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
