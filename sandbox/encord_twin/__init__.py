"""A local stand-in of the Encord platform that the unmodified `encord` SDK talks to.

`platform/` remembers what exists and keeps the rules; it knows nothing of HTTP. `protocol/` is how requests look
on the wire: each is verified (`signatures`), perhaps spoilt (`faults`) and logged (`exchange`), and goes by
`legacy` or `rest` to a handler, which translates it for the rules. `world` describes what is there from the start
and `building` makes it so; `outbound/` is what the platform sends of its own accord; `admin` and `state` are for
whoever runs the twin.
"""

from .building import build
from .outbound.editor_calls import BrowserCall, EditorAnswer, WorkflowCall
from .platform.media_facts import MediaKind
from .platform.objects import MemoryObjects, ObjectSource, S3Objects, Unreadable
from .platform.records import StageType
from .platform.settings import Settings
from .protocol.faults import Fault
from .server import Twin, serve
from .storage_specs import AudioSpec, DatasetSpec, FolderSpec, IntegrationSpec, ItemSpec, PartSpec
from .world import (
    NotifySpec,
    OntologySpec,
    ProjectSpec,
    StageSpec,
    World,
    WorldIds,
)

__all__ = [
    "AudioSpec",
    "BrowserCall",
    "DatasetSpec",
    "EditorAnswer",
    "Fault",
    "FolderSpec",
    "IntegrationSpec",
    "ItemSpec",
    "MediaKind",
    "MemoryObjects",
    "NotifySpec",
    "ObjectSource",
    "OntologySpec",
    "PartSpec",
    "ProjectSpec",
    "S3Objects",
    "Settings",
    "StageSpec",
    "StageType",
    "Twin",
    "Unreadable",
    "WorkflowCall",
    "World",
    "WorldIds",
    "build",
    "serve",
]
