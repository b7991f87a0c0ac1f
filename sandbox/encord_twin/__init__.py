"""A local stand-in of the Encord platform that the unmodified `encord` SDK talks to.

The rooms, each importing only those before it, and `world` and its specs, which describe what is there from the start:

- `platform/` remembers what exists (`store`; its records are in `holdings`, `records` and `tasks`) and keeps the rules;
  it knows nothing of HTTP. Its `manifests/` reads what is to be uploaded, its `media/` what a file really is.
- `protocol/` is how requests look on the wire: each is verified (`signatures`), perhaps spoilt (`faults`) and logged
  (`exchange`, `request_log`), and goes by `legacy` or `rest` to the handler of that name, which translates it for the
  rules; what is answered is put together in the modules that end in `_wire`. `blobs` is where signed links lead.
- `outbound/` is what the platform sends of its own accord: notifications, and calls of custom agents.
- `pages/` is what a person sees in a browser.

`building` makes a described world be there, `admin` and `state` are for whoever runs the twin, and `app` and `server`
put all of it on a port.
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
