"""Any items that Encord would take, for property tests."""

from typing import Final

from hypothesis import strategies as st
from pydantic import JsonValue

from encord_lambda.registration.manifests import items, media_rules
from encord_lambda.registration.manifests.items import Item, Strict
from encord_lambda.registration.manifests.manifest import Manifest, object_url

CHARACTERS: Final = st.characters(exclude_categories=["Cc", "Cs"])
KEYS: Final = st.text(st.sampled_from("abc é(+)日"), min_size=1, max_size=8)
URLS: Final = st.builds(object_url, st.just("media"), st.just("eu-west-1"), KEYS)
TITLES: Final = st.text(CHARACTERS, min_size=1, max_size=20).filter(str.strip)
NAMES: Final = st.text(CHARACTERS, max_size=6).filter(lambda name: not name.startswith("$") and name != "token")
SCALARS: Final[st.SearchStrategy[JsonValue]] = (
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
)  # fmt: skip
EMBEDDINGS: Final = st.lists(st.floats(-1, 1), min_size=1, max_size=4)
VALUES: Final = st.recursive(SCALARS, lambda inner: st.dictionaries(NAMES, inner, max_size=3), max_leaves=5)
OBJECTS: Final = st.dictionaries(NAMES, VALUES | EMBEDDINGS, max_size=3)
COUNTS: Final = st.integers(1, 2**50)
POSITIVE: Final = st.floats(min_value=0.001, max_value=1e9)
TAGS: Final = st.fixed_dictionaries({tag: st.none() | OBJECTS for tag in sorted(media_rules.DICOM_TAGS)})


def _or_none[T](strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.none() | strategy


def built[M: Strict](model: type[M], **fields: st.SearchStrategy[object]) -> st.SearchStrategy[M]:
    """Models of these fields, of which none is made up as `st.builds` does for those that have an alias."""
    return st.fixed_dictionaries(fields).map(lambda values: model.model_validate(values))


def _single(model: type[Item], **more: st.SearchStrategy[object]) -> st.SearchStrategy[Item]:
    return built(
        model, object_url=URLS, title=_or_none(TITLES), client_metadata=_or_none(OBJECTS), **more
    )  # fmt: skip


IMAGE_METADATA: Final = built(
    items.ImageMetadata, mime_type=st.just("image/png"), file_size=COUNTS, height=COUNTS, width=COUNTS
)
VIDEO_METADATA: Final = built(
    items.VideoMetadata,
    fps=POSITIVE,
    duration=POSITIVE,
    width=COUNTS,
    height=COUNTS,
    file_size=COUNTS,
    mime_type=st.just("video/mp4"),
)
AUDIO_METADATA: Final = built(
    items.AudioMetadata,
    duration=POSITIVE,
    file_size=COUNTS,
    mime_type=st.just("audio/wav"),
    sample_rate=COUNTS,
    bit_depth=COUNTS,
    codec=st.just("pcm"),
    num_channels=COUNTS,
)
TEXT_METADATA: Final = built(items.TextMetadata, file_size=COUNTS, mime_type=st.just("application/json"))
PDF_METADATA: Final = built(items.PdfMetadata, file_size=COUNTS, num_pages=COUNTS)
DICOM_METADATA: Final = built(items.DicomMetadata, tags=TAGS)
CHANNELS: Final = built(items.Channel, label=_or_none(TITLES), color=st.sampled_from([None, "#3366ff"]))
SETTINGS: Final = built(items.TimeSeriesSettings, channels=st.dictionaries(NAMES, CHANNELS, max_size=2))


def _group(images: st.SearchStrategy[items.GroupImage]) -> st.SearchStrategy[Item]:
    return built(
        items.ImageGroup,
        title=TITLES,
        client_metadata=_or_none(OBJECTS),
        create_video=st.booleans(),
        images=st.lists(images, min_size=1, max_size=12).map(tuple),
    )


def _series(files: st.SearchStrategy[items.DicomFile]) -> st.SearchStrategy[Item]:
    return built(
        items.DicomSeries,
        title=TITLES,
        client_metadata=_or_none(OBJECTS),
        dicom_files=st.lists(files, min_size=1, max_size=12).map(tuple),
    )


SINGLES: Final[list[st.SearchStrategy[Item]]] = [
    _single(items.Video, video_metadata=_or_none(VIDEO_METADATA)),
    _single(items.Image, image_metadata=_or_none(IMAGE_METADATA)),
    _single(items.Nifti),
    _single(items.Audio, audio_metadata=_or_none(AUDIO_METADATA)),
    _single(items.Text, text_metadata=_or_none(TEXT_METADATA)),
    _single(items.Pdf, pdf_metadata=_or_none(PDF_METADATA)),
    built(items.Scene, title=TITLES, scene=OBJECTS.filter(bool), client_metadata=_or_none(OBJECTS)),
]
IN_FILES: Final = st.one_of(
    *SINGLES, _group(built(items.GroupImage, url=URLS)), _series(built(items.DicomFile, url=URLS))
)
"""What an upload file can carry."""
ANY: Final = st.one_of(
    *SINGLES,
    _group(built(items.GroupImage, url=URLS, title=_or_none(TITLES), image_metadata=_or_none(IMAGE_METADATA))),
    _series(built(items.DicomFile, url=URLS, title=_or_none(TITLES), dicom_metadata=_or_none(DICOM_METADATA))),
    _single(items.TimeSeries, settings=_or_none(SETTINGS)),
    built(
        items.ItemGroup,
        title=TITLES,
        client_metadata=_or_none(OBJECTS),
        image_items=st.lists(st.uuids(), min_size=1, max_size=3, unique=True).map(tuple),
        create_video=st.booleans(),
        video_url_prefix=_or_none(URLS),
    ),
)


def manifests(of: st.SearchStrategy[Item]) -> st.SearchStrategy[Manifest]:
    """Manifests of a few such items."""
    return st.builds(Manifest.of, st.lists(of, min_size=1, max_size=6), upsert_metadata=st.booleans())
