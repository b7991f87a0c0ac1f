"""Data rows of a dataset as the SDK parses them."""

from ..platform.data_units import data_units
from ..platform.holdings import DataRow, Item
from ..platform.json_values import JsonObject
from ..platform.media_facts import MediaKind
from ..platform.store import Store
from .data_unit_wire import object_key

AWS = 1


def row_json(row: DataRow, *, with_client_metadata: bool) -> JsonObject:
    """A row without links or images; those come only when one row is asked for."""
    item, facts = row.item, row.item.facts
    grouped = facts.kind.data_type == "img_group"
    return {
        "data_hash": str(row.data_hash),
        "data_type": (facts.kind.data_type or "").upper(),
        "data_title": item.name,
        **_file(item),
        "created_at": _stamp(row),
        "frames_per_second": facts.fps,
        "duration": facts.duration,
        "images_data": None,
        "client_metadata": item.client_metadata if with_client_metadata else None,
        "signed_url": None,
        "is_optimised_image_group": facts.kind is MediaKind.IMAGE_SEQUENCE if grouped else None,
        "backing_item_uuid": str(item.uuid),
    }


def images_json(store: Store, row: DataRow, *, sign: bool) -> list[JsonObject] | None:
    """The images of a group or sequence in order; None for other kinds."""
    if row.item.facts.kind.data_type != "img_group":
        return None
    return [
        {
            "image_hash": str(unit.hash),
            "title": unit.item.name,
            **_file(unit.item),
            "created_at": _stamp(row),
            "signed_url": store.signed_url(unit.item) if sign else None,
        }
        for unit in data_units(row)
    ]


def _file(item: Item) -> JsonObject:
    return {
        "last_edited_at": f"{item.edited_at:%Y-%m-%d %H:%M:%S}",
        "width": item.facts.width,
        "height": item.facts.height,
        "file_link": object_key(item.url),
        "file_size": item.facts.file_size,
        "file_type": item.facts.mime_type,
        "storage_location": AWS,
    }


def _stamp(row: DataRow) -> str:
    return f"{row.created_at:%Y-%m-%d %H:%M:%S}"
