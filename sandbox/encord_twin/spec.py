"""What all parts of a world's description have in common."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Spec(BaseModel):
    """Strict and frozen: a misspelt key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(Spec):
    """A thing with a title and, if it must be a certain one, a UUID."""

    title: str
    uuid: UUID | None = None
