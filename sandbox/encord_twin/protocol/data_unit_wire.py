"""The data units of a label row as the SDK parses them. Links, sizes and titles never come from what was saved."""

from ..platform.data_units import DataUnit, Place, data_units, slices
from ..platform.holdings import DataRow, Item
from ..platform.json_values import JsonObject
from ..platform.media_facts import Facts, MediaKind
from ..platform.objects import Unreadable, locate
from ..platform.records import LabelRow
from ..platform.store import Store

EMPTY: JsonObject = {"objects": [], "classifications": []}


def units_json(store: Store, labels: LabelRow, *, sign: bool) -> JsonObject:
    """All units of a row by their hashes, with the labels last saved on each."""
    units = data_units(labels.row)
    return {str(unit.hash): _unit(store, labels, unit, sign=sign) for unit in units}


def images_json(row: DataRow) -> list[JsonObject] | None:
    """The frames of a group as listings describe them; None for other kinds, as the SDK expects."""
    if row.item.facts.kind.data_type != "img_group":
        return None
    return [
        {
            "index": unit.sequence,
            "title": unit.item.name,
            "file_type": unit.item.facts.mime_type,
            "height": unit.item.facts.height,
            "width": unit.item.facts.width,
            "image_hash": str(unit.hash),
        }
        for unit in data_units(row)
    ]


def object_key(url: str | None) -> str | None:
    """The opaque link the platform shows instead of a URL when nobody asked for a signed one."""
    try:
        return None if url is None else "/".join(locate(url))
    except Unreadable:
        return url


def _unit(store: Store, labels: LabelRow, unit: DataUnit, *, sign: bool) -> JsonObject:
    item, facts = unit.item, unit.item.facts
    grouped = labels.row.item.facts.kind.data_type == "img_group"
    content: JsonObject = {
        "data_hash": str(unit.hash),
        "data_title": item.name,
        "data_type": facts.mime_type,
        "data_sequence": str(unit.sequence) if grouped else unit.sequence,
        **_measures(facts),
        "labels": _labels(unit, labels.labels.get(str(unit.hash), {})),
    }
    if facts.kind is MediaKind.DICOM_SERIES:
        return content | {"metadata": _series_json(facts)}  # a series has no single link
    return content | {"data_link": (store.signed_url(item) if sign else None) or object_key(item.url)}


def _measures(facts: Facts) -> JsonObject:
    """Size, time and sampling; what a kind does not have is left out, as the SDK leaves it out on saving."""
    measures: JsonObject = {"width": facts.width, "height": facts.height, "data_duration": facts.duration}
    if facts.audio is not None:
        measures |= {
            "audio_codec": facts.audio.codec,
            "audio_sample_rate": facts.audio.sample_rate,
            "audio_bit_depth": facts.audio.bit_depth,
            "audio_num_channels": facts.audio.channels,
        }
    return {key: value for key, value in (measures | {"data_fps": facts.fps}).items() if value is not None}


def _labels(unit: DataUnit, saved: JsonObject) -> JsonObject:
    if unit.place is Place.FLAT:
        return saved or EMPTY
    if unit.item.facts.kind is not MediaKind.DICOM_SERIES:
        return saved
    described = {str(number): _slice_json(part, place) for number, part, place in slices(unit.item)}
    return {frame: saved.get(frame, EMPTY) | {"metadata": metadata} for frame, metadata in described.items()}


def _series_json(facts: Facts) -> JsonObject:
    assert facts.dicom is not None
    return {"patient_id": facts.dicom.patient, "study_uid": facts.dicom.study, "series_uid": facts.dicom.series}


def _slice_json(part: Item, place: int | None) -> JsonObject:
    assert part.facts.dicom is not None
    return {
        "dicom_instance_uid": part.facts.dicom.instance,
        "multiframe_frame_number": place,
        "file_uri": object_key(part.url),
        "width": part.facts.width,
        "height": part.facts.height,
    }
