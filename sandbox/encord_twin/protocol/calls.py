"""What a handler is given: a verified request, with readers that refuse what is malformed."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel
from starlette.datastructures import QueryParams

from ..platform.json_values import Json, JsonObject
from ..platform.refusals import Invalid
from ..platform.store import Store


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Moment = Annotated[datetime, AfterValidator(_aware)]  # the SDK passes on what its user wrote, naive or not


class Payload(BaseModel):
    """A v2 request body: camelCase on the wire, keys the twin does not use are left alone."""

    model_config = ConfigDict(alias_generator=to_camel, frozen=True)


def parsed[T](kind: type[T], content: object) -> T:
    """Read JSON-like content as `kind`, or raise `Invalid` naming the first problem."""
    try:
        return TypeAdapter(kind).validate_python(content)
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(str(part) for part in problem["loc"])
        raise Invalid(f"{place or 'request'}: {problem['msg']}") from error


@dataclass(frozen=True)
class Call:
    """A v2 request by a known user."""

    store: Store
    user: str
    path: Mapping[str, str]
    query: QueryParams
    content: Any

    def uuid(self, name: str) -> UUID:
        """The UUID at this place of the path."""
        return parsed(UUID, self.path[name])

    def body[T](self, kind: type[T]) -> T:
        """The JSON body as `kind`."""
        return parsed(kind, self.content)

    def uuids(self, name: str) -> frozenset[UUID] | None:
        """A repeated query parameter of UUIDs, None if it is not there."""
        return parsed(frozenset[UUID], frozenset(self.query.getlist(name))) or None

    def flag(self, name: str) -> bool:
        """A boolean query parameter; the SDK writes them `True` and `False`."""
        return self.query.get(name, "").lower() == "true"

    def page_size(self) -> int:
        """How many results the client wants at once."""
        size = parsed(int, self.query.get("pageSize", "100"))
        if not 1 <= size <= 1000:
            raise Invalid("pageSize must be between 1 and 1000")
        return size


@dataclass(frozen=True)
class LegacyCall:
    """A legacy request by a known user about one project or dataset."""

    store: Store
    user: str
    resource: UUID
    uid: Any
    payload: JsonObject

    def uids(self) -> list[UUID]:
        """The hashes of a multi request."""
        return parsed(list[UUID], self.uid)


@dataclass(frozen=True)
class UserCall:
    """A legacy request by a known user about no project or dataset in particular."""

    store: Store
    user: str
    payload: JsonObject


type Handler = Callable[[Call], Json | Awaitable[Json]]
type LegacyHandler = Callable[[LegacyCall], Json | Awaitable[Json]]
type UserHandler = Callable[[UserCall], Json]
