"""Labels on every kind of data, saved by the real SDK and read back by it."""

from dataclasses import replace
from uuid import UUID

import pytest
from encord.constants.enums import DataType
from encord.exceptions import CorruptedLabelError
from encord.objects import Classification, LabelRowV2, Object, ObjectInstance, Option
from encord.objects.coordinates import AudioCoordinates, BoundingBoxCoordinates, HtmlCoordinates, TextCoordinates
from encord.objects.frames import Range
from encord.objects.html_node import HtmlNode, HtmlRange
from encord.project import Project

from sandbox.encord_twin import Twin, World
from tests.twin.media_worlds import DATA_TYPES, menagerie

BOX = BoundingBoxCoordinates(height=0.2, width=0.3, top_left_x=0.1, top_left_y=0.1)
DRAWN = {
    "image": [0],
    "video": [3, 49],
    "group": [0, 2],
    "sequence": [1, 2],
    "series": [0, 2],
    "pdf": [2],
    "volume": [1],
}


@pytest.fixture
def world() -> World:
    return menagerie()


def row_of(project: Project, title: str, *, signed: bool = False) -> LabelRowV2:
    [row] = project.list_label_rows_v2(data_title_eq=title, include_images_data=True)
    row.initialise_labels(include_signed_url=signed)
    return row


def thing(project: Project, name: str) -> ObjectInstance:
    return project.ontology_structure.get_child_by_title(name, type_=Object).create_instance()


def draw(project: Project, row: LabelRowV2, frames: list[int]) -> None:
    box = thing(project, "Thing")
    box.set_for_frames(BOX, frames, confidence=0.75)
    row.add_object_instance(box)


def classify(project: Project, row: LabelRowV2, frames: list[int] | None = None) -> None:
    classification = project.ontology_structure.get_child_by_title("Animal", type_=Classification)
    instance = classification.create_instance(range_only=frames is None)
    instance.set_answer(classification.get_child_by_title("Cat", type_=Option))
    instance.set_for_frames(Range(0, 0) if frames is None else frames, confidence=0.5)
    row.add_classification_instance(instance)


@pytest.mark.parametrize(("title", "frames"), DRAWN.items())
def test_boxes_and_answers_come_back_on_the_frames_they_were_put_on(
    project: Project, title: str, frames: list[int]
) -> None:
    row = row_of(project, title)
    draw(project, row, frames)
    classify(project, row, frames)
    row.save()

    read = row_of(project, title)

    [box] = read.get_object_instances()
    assert [(one.frame, one.coordinates, one.confidence) for one in box.get_annotations()] == [
        (frame, BOX, 0.75) for frame in frames
    ]
    [answer] = read.get_classification_instances()
    assert [one.frame for one in answer.get_annotations()] == frames


def test_sound_keeps_its_objects_by_milliseconds_and_text_by_characters(project: Project) -> None:
    noise, word = thing(project, "Noise"), thing(project, "Word")
    noise.set_for_frames(AudioCoordinates(range=[Range(0, 400), Range(900, 1200)]), confidence=0.5)
    word.set_for_frames(TextCoordinates(range=[Range(3, 7)]))
    for title, instance in (("sound", noise), ("text", word)):
        row = row_of(project, title)
        row.add_object_instance(instance)
        classify(project, row)
        row.save()

    [read_noise] = row_of(project, "sound").get_object_instances()
    [read_word] = row_of(project, "text").get_object_instances()

    assert read_noise.range_list == [Range(0, 400), Range(900, 1200)]
    assert read_word.range_list == [Range(3, 7)]
    assert len(row_of(project, "sound").get_classification_instances()) == 1


def test_a_page_of_html_keeps_its_objects_by_node(twin: Twin, project: Project) -> None:
    page = twin.store.items[row_of(project, "text").backing_item_uuid or UUID(int=0)]
    page.facts = replace(page.facts, mime_type="text/html")
    span = HtmlRange(start=HtmlNode(xpath="/p[1]/text()", offset=1), end=HtmlNode(xpath="/p[2]/text()", offset=4))
    word = thing(project, "Word")
    word.set_for_frames(HtmlCoordinates(range=[span]))
    row = row_of(project, "text")
    row.add_object_instance(word)
    row.save()

    [read] = row_of(project, "text").get_object_instances()

    assert read.range_html == [span]


@pytest.mark.parametrize(("title", "data_type"), DATA_TYPES.items())
def test_row_and_listing_agree_on_type_size_and_time(project: Project, title: str, data_type: DataType) -> None:
    [listed] = project.list_label_rows_v2(data_title_eq=title)
    before = (listed.data_type, listed.number_of_frames, listed.fps, listed.duration, listed.audio_num_channels)

    listed.initialise_labels()

    after = (listed.data_type, listed.number_of_frames, listed.fps, listed.duration, listed.audio_num_channels)
    assert before == after
    assert listed.data_type == data_type


def test_frames_and_time_are_those_of_the_media(project: Project) -> None:
    rows = {row.data_title: row for row in project.list_label_rows_v2()}

    assert {title: row.number_of_frames for title, row in rows.items() if title != "sound"} == {
        "image": 1,
        "video": 50,
        "group": 3,
        "sequence": 3,
        "series": 3,
        "text": 1,
        "pdf": 3,
        "volume": 3,
    }
    assert (rows["video"].fps, rows["video"].duration) == (12.5, 4.0)
    sound = rows["sound"]
    assert (sound.audio_sample_rate, sound.audio_bit_depth, sound.audio_codec) == (16_000, 16, "pcm")
    assert (sound.duration, sound.number_of_frames) == (2.5, 40_000)


def test_the_images_of_a_group_have_hashes_titles_and_links_of_their_own(twin: Twin, project: Project) -> None:
    unsigned, signed = row_of(project, "group"), row_of(project, "group", signed=True)

    views = unsigned.get_frame_views()
    assert [view.image_title for view in views] == ["g0.jpg", "g1.jpg", "g2.jpg"]
    assert [view.data_link for view in views] == ["pets/g0.jpg", "pets/g1.jpg", "pets/g2.jpg"]
    assert [meta.image_hash for meta in unsigned.get_frames_metadata()] == [view.image_hash for view in views]
    assert len({view.image_hash for view in views}) == 3
    assert all((view.data_link or "").startswith(f"{twin.url}/signed/") for view in signed.get_frame_views())
    assert signed.data_link is None


def test_slices_of_a_series_say_which_file_they_are(project: Project) -> None:
    row = row_of(project, "series")
    draw(project, row, [1])
    row.save()

    read = row_of(project, "series")

    slices = [view.metadata for view in read.get_frame_views()]
    assert [one.file_uri for one in slices if one] == ["pets/0.dcm", "pets/1.dcm", "pets/2.dcm"]
    assert len({one.dicom_instance_uid for one in slices if one}) == 3
    assert (read.data_link, read.width, read.height) == (None, 320, 240)
    assert read.metadata is not None


def test_links_to_single_files_are_signed_on_request_only(twin: Twin, project: Project) -> None:
    for title in ("video", "sound", "text", "pdf"):
        assert (row_of(project, title, signed=True).data_link or "").startswith(f"{twin.url}/signed/")
        assert (row_of(project, title).data_link or "").startswith("pets/")


def test_a_feature_filter_reaches_into_every_frame(project: Project) -> None:
    row = row_of(project, "video")
    draw(project, row, [3, 4])
    row.save()

    row.initialise_labels(include_object_feature_hashes={"obj00002"}, overwrite=True)
    others = row.get_object_instances()
    row.initialise_labels(include_object_feature_hashes={"obj00001"}, overwrite=True)

    assert others == []
    assert [one.frame for one in row.get_object_instances()[0].get_annotations()] == [3, 4]


@pytest.mark.parametrize("frame", ["50", "first"])
def test_a_label_on_a_frame_that_is_not_there_is_refused(
    project: Project, frame: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = row_of(project, "video")
    draw(project, row, [49])
    content = row.to_encord_dict()
    [unit] = content["data_units"].values()
    unit["labels"] = {frame: unit["labels"]["49"]}

    monkeypatch.setattr(row, "to_encord_dict", lambda **_: content)

    with pytest.raises(CorruptedLabelError, match="frame"):
        row.save()


@pytest.mark.parametrize(("title", "reason"), [("image", "one picture"), ("sound", "object_answers")])
def test_labels_by_frame_are_refused_where_there_are_no_frames(
    project: Project, title: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = row_of(project, title)
    content = row.to_encord_dict()
    [unit] = content["data_units"].values()
    unit["labels"] = {"0": {"objects": [], "classifications": []}}
    monkeypatch.setattr(row, "to_encord_dict", lambda **_: content)

    with pytest.raises(CorruptedLabelError, match=reason):
        row.save()
