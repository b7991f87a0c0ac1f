"""Which projects, datasets or ontologies a listing wants; both protocols ask the same questions."""

from datetime import datetime
from typing import Protocol

from pydantic import ConfigDict

from .calls import Call, Moment, Payload, parsed
from .queries import matches_like

type Text = str | None


class Thing(Protocol):
    """What projects, datasets and ontologies have in common."""

    title: str
    created_at: datetime


class Described(Payload):
    """Conditions on title, description and age; None means any. Nothing is ever edited after its creation."""

    model_config = ConfigDict(populate_by_name=True)

    title_eq: Text = None
    title_like: Text = None
    desc_eq: Text = None
    desc_like: Text = None
    created_before: Moment | None = None
    created_after: Moment | None = None
    edited_before: Moment | None = None
    edited_after: Moment | None = None

    def accepts(self, thing: Thing, description: str = "") -> bool:
        """Whether a thing meets every condition; moments are inclusive."""
        before = [moment for moment in (self.created_before, self.edited_before) if moment]
        after = [moment for moment in (self.created_after, self.edited_after) if moment]
        return (
            self.title_eq in (None, thing.title)
            and (self.title_like is None or matches_like(self.title_like, thing.title))
            and self.desc_eq in (None, description)
            and (self.desc_like is None or matches_like(self.desc_like, description))
            and all(thing.created_at <= moment for moment in before)
            and all(thing.created_at >= moment for moment in after)
        )


def described(call: Call) -> Described:
    """The conditions in a query string; datasets say `description` where others say `desc`."""
    named = {name.replace("description", "desc"): value for name, value in call.query.items()}
    return parsed(Described, named)
