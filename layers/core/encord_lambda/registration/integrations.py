"""Which of Encord's cloud integrations pipeline.yaml means."""

from collections.abc import Sequence

from encord_lambda.errors import Misconfigured


def chosen(name: str, there_are: Sequence[tuple[str, str]]) -> str:
    """The id of the one integration (id, title) with this id or title.

    Raises:
        Misconfigured: None or several are called so.
    """
    found = [uuid for uuid, title in there_are if name in (uuid, title)]
    if len(found) == 1:
        return found[0]
    titles = ", ".join(sorted(title for _, title in there_are)) or "none"
    raise Misconfigured(f"{'several are' if found else 'none is'} called '{name}'; there are: {titles}")
