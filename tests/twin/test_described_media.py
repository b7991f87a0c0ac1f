"""What a world may say of its files, and what it may not."""

import pytest
from encord import EncordUserClient
from encord.exceptions import ResourceNotFoundError
from pydantic import ValidationError

from sandbox.encord_twin import FolderSpec, IntegrationSpec, ItemSpec, MediaKind, Twin, World, build, serve
from sandbox.encord_twin.platform.refusals import Invalid
from sandbox.encord_twin.platform.store import Store
from tests.twin.conftest import connect
from tests.twin.media_files import url
from tests.twin.media_worlds import parts


@pytest.mark.parametrize(
    ("described", "complaint"),
    [
        ({"url": "u", "title": "t", "frames": 3}, "image items have no frames"),
        ({"url": "u", "title": "t", "kind": MediaKind.PDF, "width": 3}, "pdf items have no width"),
        ({"title": "t"}, "need a url"),
        ({"title": "t", "kind": MediaKind.IMAGE_GROUP}, "need parts and no url"),
        ({"title": "t", "url": "u", "kind": "imageGroup", "parts": parts("a")}, "need parts and no url"),
        ({"title": "t", "url": "u", "kind": "dicomFile"}, "only ever a part"),
        ({"title": "t", "url": "u", "kind": "video", "fps": 0}, "greater than 0"),
        ({"title": "t", "url": "u", "lenght": 3}, "lenght"),
    ],
)
def test_a_description_that_does_not_fit_its_kind_is_refused(described: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        ItemSpec.model_validate(described)


def test_a_folder_hangs_below_another_and_reads_by_the_integration_it_names() -> None:
    item = ItemSpec(url=url("cat.mp4"), title="clip", kind=MediaKind.VIDEO)
    world = World(
        integrations=[IntegrationSpec(title="aws"), IntegrationSpec(title="blind", client_only=True)],
        folders=[
            FolderSpec(title="outer"),
            FolderSpec(title="inner", parent="outer", integration="blind", items=[item]),
        ],
    )
    with serve(world) as twin:
        inner = connect(twin).get_storage_folder(twin.ids.folders["inner"])
        [clip] = inner.list_items(get_signed_urls=True)

        assert inner.parent_uuid == twin.ids.folders["outer"]
        assert (clip.integration_hash, clip.get_signed_url()) == (twin.ids.integrations["blind"], None)


def test_a_folder_cannot_come_before_the_one_it_hangs_below() -> None:
    world = World(folders=[FolderSpec(title="inner", parent="outer"), FolderSpec(title="outer")])

    with pytest.raises(Invalid, match="outer"):
        build(store := Store(), world)

    assert store.folders == {}


def test_an_item_nobody_described_is_not_there(client: EncordUserClient, twin: Twin) -> None:
    with pytest.raises(ResourceNotFoundError):
        client.get_storage_item(twin.ids.folders["pets"])
