"""`kind: custom` of pipeline.yaml: a Python function of the user's own (docs/custom-agents.md)."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from encord_lambda.config_faults import spelt
from encord_lambda.config_parts import Part, Title

AgentModule = Annotated[
    str,
    spelt(r"[a-z][a-z0-9_]{0,63}", "the name of a file in layers/agents/, without .py: small letters, digits and `_`"),
]
"""A module of the layer `agents`; never a path, so that nothing from elsewhere is imported."""
Scalar = str | int | Annotated[float, Field(allow_inf_nan=False)] | bool
"""What an option can be."""


class Custom(Part):
    """Have the function `decide` of the layer `agents` look at the data unit; see [custom agents](custom-agents.md)."""

    kind: Literal["custom"]
    run: AgentModule
    """Name of a file in `layers/agents/`, without `.py`."""
    classifications: list[Title] = []
    """Titles of the classifications that it answers. A run replaces what an earlier one answered."""
    objects: list[Title] = []
    """Titles of the objects that it draws. A run replaces what an earlier one drew."""
    options: dict[Title, Scalar] = {}
    """Handed to the function as they are."""

    @model_validator(mode="after")
    def _once(self) -> Self:
        for what, titles in (("classification", self.classifications), ("object", self.objects)):
            if twice := next((title for title in titles if titles.count(title) > 1), None):
                raise ValueError(f"the {what} '{twice}' stands twice")
        return self
