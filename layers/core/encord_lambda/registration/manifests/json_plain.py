"""The items that need no second look: nearly all of a file. What is not taken here is explained by `json_items`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from encord_lambda.registration.manifests import client_rules, media_rules
from encord_lambda.registration.manifests.addresses import PLAIN, BadAddress, recognised
from encord_lambda.registration.manifests.characters import CONTROL
from encord_lambda.registration.manifests.items import Item
from encord_lambda.registration.manifests.json_shapes import Kind, Letter

_LOOKED_INTO: Final = frozenset({"time_series", "image_groups_from_items", "scenes"})
"""Lists whose items are rare."""
_NUMBERED_BESIDE: Final = frozenset({"title", "clientMetadata", "createVideo"})


class Plain:
    """Takes the items of one list that are plainly in order."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._valid: Callable[[object], Item] = TypeAdapter(kind.model).validator.validate_python
        self._keys = kind.keys
        self._is_video = kind.section == "videos"
        self._may_be_plain = kind.section not in _LOOKED_INTO

    def item(self, raw: object, letter: Letter | None) -> Item | None:
        """The item, or None if it must be looked into. `raw` is used up."""
        if type(raw) is not dict or not self._may_be_plain:
            return None
        try:
            if _is_simple(raw):
                return self._valid(raw)
            return self._valid(raw) if self._is_sound(raw, letter) else None
        except ValidationError:
            return None

    def _is_sound(self, raw: dict[str, Any], letter: Letter | None) -> bool:
        if "externalFileType" in raw and (letter != "B" or raw.pop("externalFileType") != self._kind.external_type):
            return False
        if self._kind.members and not self._with_members(raw, letter):
            return False
        if not raw.keys() <= self._keys:
            return False
        kind = self._kind
        if not kind.members and not _is_address(raw.get("objectUrl")):
            return False
        title = raw.get("title")
        if title is not None and not _is_title(title):
            return False
        if kind.section == "images" and raw.pop("createVideo", False) is not False:
            return False
        if (metadata := raw.get("clientMetadata")) and not _is_client_metadata(metadata, self._is_video):
            return False
        media = raw.get(kind.media_key)
        return not media or self._is_media(media)

    def _with_members(self, raw: dict[str, Any], letter: Letter | None) -> bool:
        """Whether the files of a group or series are in order; numbered URLs are put into a list."""
        members = self._kind.members
        if letter == "B":
            given = raw.get(members)
            return isinstance(given, list) and all(map(self._is_member, given))
        if members in raw:
            return False
        urls: list[object] = [raw.pop(key, None) for key in _numbers(len(raw.keys() - _NUMBERED_BESIDE))]
        raw[members] = [{"url": url} for url in urls]
        return all(map(_is_address, urls))

    def _is_member(self, member: object) -> bool:
        if type(member) is not dict or not member.keys() <= {"url", "title", self._kind.media_key}:
            return False
        title, media = member.get("title"), member.get(self._kind.media_key)
        return (
            _is_address(member.get("url"))
            and (title is None or _is_title(title))
            and (media is None or self._is_media(media))
        )

    def _is_media(self, media: object) -> bool:
        """The rest is told by the model, which takes each field in one of its spellings alone."""
        if not isinstance(media, Mapping):
            return False
        tags = media.get("tags", {})
        if self._kind.media_key == "dicomMetadata":
            return isinstance(tags, dict) and not media_rules.missing_tags(tags) and not client_rules.unwritable(tags)
        mime_type = media.get("mime_type", media.get("mimeType"))
        return mime_type is None or (
            isinstance(mime_type, str)
            and not media_rules.contradicts(self._kind.section, self._kind.mime_family, mime_type)
            and not client_rules.unwritable(media)
        )


def _is_simple(raw: dict[str, Any]) -> bool:
    """Whether it is a plain URL with a title or without: what most items are. Not so for groups, which have no such."""
    size, url = len(raw), raw.get("objectUrl")
    if size > 2 or type(url) is not str or not PLAIN.match(url):
        return False
    title = raw.get("title")
    return size == 1 or (type(title) is str and title.isprintable())


def _numbers(count: int) -> Sequence[str]:
    return [f"objectUrl_{number}" for number in range(count)]


def _is_address(url: object) -> bool:
    if type(url) is not str:
        return False
    if PLAIN.match(url):
        return True
    try:
        return not recognised(url).warnings
    except BadAddress:
        return False


def _is_title(title: object) -> bool:
    return isinstance(title, str) and not title.isspace() and (title.isprintable() or not CONTROL.search(title))


def _is_client_metadata(metadata: object, is_video: bool) -> bool:
    return isinstance(metadata, dict) and not any(client_rules.faults(metadata, is_video=is_video))
