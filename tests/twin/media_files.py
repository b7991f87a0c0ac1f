"""True files of every kind, and the upload of them."""

from functools import cache

from encord.orm.storage import DataUploadItems, UploadLongPollingState
from encord.storage import StorageFolder

from sandbox.artwork.papers import document, text
from sandbox.artwork.recordings import clip, sound
from sandbox.artwork.scans import series, volume
from sandbox.encord_twin import Twin
from tests.twin.worlds import BUCKET, jpeg


def url(name: str) -> str:
    """Where a file of this name is."""
    return f"{BUCKET}/{name}"


@cache
def files() -> dict[str, bytes]:
    """Small true files by URL, made once."""
    slices = {f"{number}.dcm": body for number, body in enumerate(series("Cat", 1, size=(48, 32), slices=3))}
    named = {
        "cat.jpg": jpeg(64, 48),
        "dog.jpg": jpeg(32, 24),
        "cat.mp4": clip("Cat", 1, size=(64, 48), frames=10, fps=5).body,
        "cat.wav": sound("Cat", 1, seconds=0.5),
        "cat.txt": text("Cat", 1),
        "cat.html": b"<p>purr</p>",
        "cat.pdf": document(["Cat", "Dog"], 1),
        "cat.nii": volume("Cat", 1, size=(48, 32), slices=3),
        **slices,
    }
    return {url(name): body for name, body in named.items()}


def upload(
    twin: Twin, folder: StorageFolder, content: DataUploadItems | dict[str, object], integration: str = "aws"
) -> UploadLongPollingState:
    """Run an upload job to its end; single failures do not stop it."""
    uuid = str(twin.ids.integrations[integration])
    job = folder.add_private_data_to_folder_start(uuid, content, ignore_errors=True)
    return folder.add_private_data_to_folder_get_result(job, timeout_seconds=10)
