"""Label rows on all their branches, with their labels: each can be had or not, whatever becomes of the others."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from encord.http.bundle import Bundle
from encord.objects import LabelRowV2
from encord.project import Project

from encord_lambda.encord_platform.client import translated
from encord_lambda.encord_platform.together import Request, bundled, together
from encord_lambda.errors import Reject, Trouble

MAIN: Final = "main"

type Branches = Mapping[str, LabelRowV2 | Trouble]
"""A data unit's label rows by branch, or what keeps them from being had."""


def opened(
    project: Project, data: Sequence[UUID], *, branches: bool = False, urls: bool = False
) -> dict[UUID, Branches]:
    """The label rows that were ever opened, with their labels, by data unit and branch."""
    if not data:
        return {}  # no data hashes mean all there are
    with translated(f"list {len(data)} label rows of project {project.project_hash}"):
        listed = project.list_label_rows_v2(data_hashes=list(data), include_all_label_branches=branches)
    begun = {UUID(row.label_hash): row for row in listed if row.label_hash}

    def add(key: UUID, bundle: Bundle) -> None:
        begun[key].initialise_labels(include_signed_url=urls, bundle=bundle, overwrite=True)

    refused = together(list(begun), _parsed(bundled(project, "read label rows", add)))
    found: dict[UUID, dict[str, LabelRowV2 | Trouble]] = {}
    for key, row in begun.items():
        found.setdefault(UUID(row.data_hash), {})[row.branch_name] = refused.get(key, row)
    return dict(found)


def row_on(rows: Branches, branch: str) -> LabelRowV2 | None:
    """None where it was never opened; raises what keeps it from being had."""
    row = rows.get(branch)
    if isinstance(row, Trouble):
        raise row
    return row


def _parsed(request: Request) -> Request:
    """The same, which refuses what the SDK cannot parse, as labels that a changed ontology does not know any more."""

    def parsed(keys: Sequence[UUID]) -> None:
        try:
            request(keys)
        except (ValueError, KeyError, TypeError) as error:
            raise Reject(f"cannot read label rows: the SDK says {type(error).__name__}: {error}") from None

    return parsed
