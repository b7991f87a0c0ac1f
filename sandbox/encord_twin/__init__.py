"""A local stand-in of the Encord platform that the unmodified `encord` SDK talks to.

A request enters in `app`, is verified (`signatures`), perhaps spoilt (`faults`) and logged (`exchange`), and
goes by `legacy` or `rest` to the handlers of its protocol (`legacy_*`, `rest_*`). Those translate the wire to
the rooms that know the rules: `workflow`, `label_rows`, `storage`, `jobs`, `datasets`. All of them work on
`records` in one `store`, which `world` describes from the start and `state` shows.
"""

from .building import build
from .faults import Fault
from .objects import MemoryObjects, ObjectSource, S3Objects, Unreadable
from .records import StageType
from .server import Twin, serve
from .settings import Settings
from .world import (
    DatasetSpec,
    FolderSpec,
    IntegrationSpec,
    ItemSpec,
    OntologySpec,
    ProjectSpec,
    StageSpec,
    World,
    WorldIds,
)

__all__ = [
    "DatasetSpec",
    "Fault",
    "FolderSpec",
    "IntegrationSpec",
    "ItemSpec",
    "MemoryObjects",
    "ObjectSource",
    "OntologySpec",
    "ProjectSpec",
    "S3Objects",
    "Settings",
    "StageSpec",
    "StageType",
    "Twin",
    "Unreadable",
    "World",
    "WorldIds",
    "build",
    "serve",
]
