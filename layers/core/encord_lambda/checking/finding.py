"""What a check has to say about a place of pipeline.yaml."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from encord_lambda.errors import Misconfigured
from encord_lambda.yaml_places import Step

type Place = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault, or a remark on what is right but may not be meant."""

    place: Place
    text: str
    is_remark: bool = False


def refusal(look_up: Callable[[], object]) -> str | None:
    """Why a look-up is refused, if it is."""
    try:
        look_up()
    except Misconfigured as trouble:
        return trouble.reason
    return None


def quoted(names: Iterable[str]) -> str:
    """Names for a person to choose from."""
    return ", ".join(f"'{name}'" for name in names) or "none"
