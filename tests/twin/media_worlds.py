"""One item of every kind, in a project whose ontology can label all of them."""

from encord.constants.enums import DataType

from sandbox.encord_twin import (
    AudioSpec,
    DatasetSpec,
    FolderSpec,
    IntegrationSpec,
    ItemSpec,
    MediaKind,
    OntologySpec,
    PartSpec,
    ProjectSpec,
    World,
)
from tests.twin.worlds import ANIMAL, BUCKET, STAGES

DATA_TYPES = {
    "image": DataType.IMAGE,
    "video": DataType.VIDEO,
    "group": DataType.IMG_GROUP,
    "sequence": DataType.IMG_GROUP,
    "series": DataType.DICOM,
    "sound": DataType.AUDIO,
    "text": DataType.PLAIN_TEXT,
    "pdf": DataType.PDF,
    "volume": DataType.NIFTI,
}

SHAPES = {"Thing": "bounding_box", "Noise": "audio", "Word": "text"}
OBJECTS = [
    {
        "id": str(number),
        "name": name,
        "color": "#D33115",
        "shape": shape,
        "featureNodeHash": f"obj0000{number}",
        "required": False,
        "attributes": [],
    }
    for number, (name, shape) in enumerate(SHAPES.items(), start=1)
]


def parts(*names: str) -> list[PartSpec]:
    """Files of a group or series, each a little larger than the one before."""
    return [PartSpec(url=f"{BUCKET}/{name}", title=name, width=320, height=240) for name in names]


ITEMS = {
    "image": ItemSpec(url=f"{BUCKET}/cat.jpg", title="image"),
    "video": ItemSpec(url=f"{BUCKET}/cat.mp4", title="video", kind=MediaKind.VIDEO, frames=50, fps=12.5),
    "group": ItemSpec(title="group", kind=MediaKind.IMAGE_GROUP, parts=parts("g0.jpg", "g1.jpg", "g2.jpg")),
    "sequence": ItemSpec(title="sequence", kind=MediaKind.IMAGE_SEQUENCE, parts=parts("s0.jpg", "s1.jpg", "s2.jpg")),
    "series": ItemSpec(title="series", kind=MediaKind.DICOM_SERIES, parts=parts("0.dcm", "1.dcm", "2.dcm")),
    "sound": ItemSpec(
        url=f"{BUCKET}/purr.wav", title="sound", kind=MediaKind.AUDIO, duration=2.5, audio=AudioSpec(channels=2)
    ),
    "text": ItemSpec(url=f"{BUCKET}/cat.txt", title="text", kind=MediaKind.PLAIN_TEXT),
    "pdf": ItemSpec(url=f"{BUCKET}/cat.pdf", title="pdf", kind=MediaKind.PDF, frames=3),
    "volume": ItemSpec(url=f"{BUCKET}/cat.nii", title="volume", kind=MediaKind.NIFTI, frames=3),
}


def menagerie(*titles: str) -> World:
    """A project with these items, or one of every kind."""
    items = [ITEMS[title] for title in titles or ITEMS]
    return World(
        integrations=[IntegrationSpec(title="aws")],
        folders=[FolderSpec(title="media", items=items)],
        ontologies=[OntologySpec(title="Animals", editor={**ANIMAL, "objects": OBJECTS})],
        datasets=[DatasetSpec(title="media", folders=["media"])],
        projects=[ProjectSpec(title="Pets", ontology="Animals", datasets=["media"], stages=STAGES)],
    )
