"""A call of an editor agent, as it comes in, and as the message that it becomes if nobody can wait for its end."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from encord_lambda.config_editor import AgentName
from encord_lambda.dispatch.messages import Message

MOST_OBJECTS: Final = 5_000
LAST_FRAME: Final = 100_000_000
ObjectHash = Annotated[str, Field(min_length=1, max_length=100)]


def _whole(number: object) -> object:
    """JSON has one kind of number: 1.0 is the integer 1 to JavaScript and to JSON Schema."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


class EditorCall(BaseModel):
    """One agent, called on one frame; keys we do not know are Encord's to add."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, serialize_by_alias=True, defer_build=True)

    project: UUID = Field(alias="projectHash")
    data: UUID = Field(alias="dataHash")
    frame: Annotated[int | None, BeforeValidator(_whole)] = Field(
        default=0, ge=0, le=LAST_FRAME, description="Counted from 0; null is 0."
    )
    objects: list[ObjectHash] | None = Field(
        default=None, alias="objectHashes", max_length=MOST_OBJECTS, description="Hashes of the selected objects."
    )

    @property
    def selected(self) -> tuple[str, ...]:
        """Hashes of the selected objects, each once."""
        return tuple(dict.fromkeys(self.objects or ()))


class CallMessage(Message):
    """A call that was let in, for an agent that was too slow to be waited for; no larger than the call was.

    Who called, and with which token or signature, is not in it: that was settled before.
    """

    model_config = ConfigDict(strict=True, defer_build=True)

    agent: AgentName
    call: EditorCall

    @property
    def subject(self) -> str:
        """Which call it is, for people."""
        return f"call of {self.agent} on frame {self.call.frame or 0} of {self.call.data}"
