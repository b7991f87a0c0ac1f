"""`editor_agents` of pipeline.yaml: agents that are called on one frame, by the Label Editor or by a workflow."""

from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from encord_lambda.config_classify import Classify, Describe
from encord_lambda.config_custom import Custom
from encord_lambda.config_faults import PlacedError, spelt
from encord_lambda.config_parts import ModelName, Part, Title
from encord_lambda.config_prelabel import PerObject, limit

AgentName = Annotated[str, spelt(r"[a-z0-9][a-z0-9-]*", "a name of small letters, digits and hyphens")]
SECRETS: Final = "encord-lambda/editor-agents/"
"""Beginning of the names of all signing secrets: template.yaml lets the function read no others."""
SecretName = Annotated[
    str, spelt(rf"{SECRETS}[\w.-]{{1,100}}", f"the name of a secret in Secrets Manager below {SECRETS}")
]
Digest = Annotated[str, spelt("[0-9a-f]{64}", "a SHA-256 digest: 64 hexadecimal digits in small letters")]
Pathway = Annotated[Title, Field(max_length=256)]
"""Encord drops a longer name and takes the default pathway."""
FAULTY: Final = "faulty"
FAULTLESS: Final = "faultless"


class Called(Part):
    """Who may call an editor agent: with neither a token nor a signing secret, everybody who knows the address.

    With a token or a secret, a call must have one of the two: the token at the end of its address, or Encord's
    signature.
    """

    projects: list[UUID] = []
    """Projects it serves, besides those of `stages`."""
    token_sha256: Digest | None = None
    """SHA-256 digest of a token that must stand at the end of the address: `/agents/<name>/<token>`."""
    signing_secret: SecretName | None = None
    """Name of the secret in Secrets Manager that holds the signing secret which Encord shows for this agent, below
    `encord-lambda/editor-agents/`. A call that is signed is checked with it."""


class Deciding(Called):
    """Who may call it, and which way a task takes whose workflow called it."""

    pathways: dict[Title, Pathway] = {}
    """For signed calls from a workflow: answer → name of the pathway; `otherwise` takes every answer not named. An
    answer without a pathway leaves the task to the workflow's default one."""

    def pathway(self, answer: str | None) -> str | None:
        """The pathway for an answer; None is the workflow's default one."""
        return self.pathways.get(answer or "otherwise") or self.pathways.get("otherwise")


class EditorDescribe(Describe, Called):
    """`describe`, called from the Label Editor: about the frame that is open there, but of a PDF about the whole."""


class EditorClassify(Classify, Deciding):
    """`classify`, called from the Label Editor: about the frame that is open there, but of a PDF about the whole."""


class EditorAttributes(Called):
    """Ask `model` for attributes of the objects that the annotator selected, looking at each where it is drawn.

    What is answered already stands; whoever wants another answer clears it first.
    """

    kind: Literal["attributes"]
    model: ModelName
    attributes: list[Title] = Field(min_length=1)
    """Titles of the attributes, as the objects have them in the ontology; an object is asked for those that it has."""


class EditorValidate(Deciding):
    """Check the labels of the whole data unit, or of the selected objects, and tell the annotator what is wrong.

    Nothing is written and no model is asked. The answers are `faultless` and `faulty`.
    """

    kind: Literal["validate"]
    answered: list[Title] = []
    """Classifications that must be answered, somewhere in the data unit."""
    required_attributes: bool = True
    """Whether objects must have an answer to each attribute that the ontology requires."""
    smallest: PerObject | None = None
    """Least width and height of an object, as a fraction of the picture's: a number, or one per object. Points and
    lines have neither."""
    largest: PerObject | None = None
    """Greatest width and height of an object, as a fraction of the picture's: a number, or one per object."""
    overlap: PerObject | None = None
    """How far two of the same object may overlap on a frame (intersection over union of the upright boxes around
    them): a number, or one per object."""

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        titles = (self.smallest or {}).keys() | (self.largest or {}).keys()
        for title in sorted(titles):
            least, most = limit_for(self.smallest, title), limit_for(self.largest, title)
            if least is not None and most is not None and most < least:
                raise PlacedError(f"largest is below smallest for '{title}': no object could be right", "largest")
        return self


class EditorCustom(Custom, Deciding):
    """`custom`, called from the Label Editor: the function is given the open frame and the selected objects."""


EditorAgent = Annotated[
    EditorDescribe | EditorClassify | EditorAttributes | EditorValidate | EditorCustom, Field(discriminator="kind")
]


def limit_for(limits: dict[str, float] | None, title: str) -> float | None:
    """The limit for an object: its own, else the default; None where there is neither."""
    return None if limits is None or not limits.keys() & {title, "default"} else limit(limits, title)
