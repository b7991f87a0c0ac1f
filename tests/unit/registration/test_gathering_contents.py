"""What is in a directory when it is complete, and what becomes of it."""

import pytest

from encord_lambda.config_registration import Grouping
from encord_lambda.registration.directories import completing, planning
from tests.fakes.gathering import JPEG, World, etag, picture, scan


def test_only_what_belongs_is_part_of_a_group() -> None:
    """Those that do not count are no reason to refuse the others, as media of another type are."""
    world = World(Grouping(kind="image_group"), {"metadata": {"from": ["sidecar"]}})
    for name in ("1.jpg", "2.jpg", ".DS_Store", "1.jpg.metadata.json", "below/3.jpg", "_COMPLETE"):
        world.put(f"runs/3/{name}", JPEG if name.endswith("jpg") else b"{}")

    world.tell_all()
    world.run()

    assert world.parts() == [["runs/3/1.jpg", "runs/3/2.jpg"]]


def test_objects_of_another_registration_are_no_part_of_a_directory() -> None:
    world = World(Grouping(kind="image_group"))
    other = world.registration.model_copy(update={"prefix": "runs/3/log-", "group": Grouping()})
    world.pipeline = world.pipeline.model_copy(update={"registrations": [world.registration, other]})
    for name in ("1.jpg", "log-1.exe", "log-1.jpg", "_COMPLETE"):
        world.put(f"runs/3/{name}", JPEG if name != "_COMPLETE" else b"")

    world.tell_all()
    world.run()

    assert world.parts() == [["runs/3/1.jpg"]]


def test_series_of_a_directory_are_registered_beside_a_file_that_cannot_be_read() -> None:
    world = World(Grouping(kind="dicom_series", by="series"))
    world.put("runs/3/a", scan(uid="1", number=2))
    world.put("runs/3/b", scan(uid="2", number=1))
    world.put("runs/3/c.dcm", scan(series="1.2"))
    world.put("runs/3/d.dcm", scan()[:140])
    world.put("runs/3/_COMPLETE", b"")

    world.tell_all()
    world.run()

    assert world.parts() == [["runs/3/b", "runs/3/a"], ["runs/3/c.dcm"]]
    assert [reason for (key, _), reason in world.refused.items() if key == "runs/3/d.dcm"] == [
        ["its DICOM header is damaged"]
    ]


def test_files_of_two_studies_are_no_series() -> None:
    world = World(Grouping(kind="dicom_series"))
    world.put("runs/3/a.dcm", scan(uid="1"))
    world.put("runs/3/b.dcm", scan(study="2", uid="2"))
    world.put("runs/3/_COMPLETE", b"")

    world.tell_all()
    world.run()

    assert world.parts() == []
    assert [key for key, _ in world.refused] == ["runs/3/a.dcm", "runs/3/b.dcm"]


def test_sizes_are_probed_where_that_is_wanted() -> None:
    world = World(Grouping(kind="image_sequence"), {"metadata": {"probe": True}})
    world.put("runs/3/1.jpg", picture(8, 6))
    world.put("runs/3/2.jpg")
    world.put("runs/3/3.jpg", picture(4, 3))
    world.put("runs/3/_COMPLETE", b"")
    world.tell_all()
    world.run()
    assert "4 x 3 pixels, and runs/3/1.jpg 8 x 6" in str(world.refused)

    world.put("runs/3/3.jpg", picture(8, 6))
    world.tell_all()
    world.run()

    assert world.parts() == [["runs/3/1.jpg", "runs/3/2.jpg", "runs/3/3.jpg"]]


def test_where_encord_may_not_read_files_a_part_that_cannot_be_probed_is_refused() -> None:
    world = World(Grouping(kind="image_group"), {"metadata": {"strict": True}})
    world.put("runs/3/1.jpg", picture(8, 6))
    world.put("runs/3/2.jpg")
    world.put("runs/3/_COMPLETE", b"")

    world.tell_all()
    world.run()

    assert (world.parts(), world.refused["runs/3/2.jpg", etag(JPEG)]) == ([], ["its size cannot be told"])


def test_a_dicom_header_is_fetched_once_though_it_is_probed_as_well() -> None:
    world = World(Grouping(kind="dicom_series"), {"metadata": {"probe": True}})
    world.put("runs/3/a.dcm", scan(uid="1"))
    world.put("runs/3/b.dcm", scan(uid="2"))
    world.put("runs/3/_COMPLETE", b"")

    world.tell_all()
    world.run()

    assert world.parts() == [["runs/3/a.dcm", "runs/3/b.dcm"]]
    assert len(world.fetched) == len(set(world.fetched))
    assert {key for key, _, _ in world.fetched} == {"runs/3/a.dcm", "runs/3/b.dcm"}


def test_tags_that_all_parts_have_are_those_of_the_whole() -> None:
    world = World(Grouping(kind="image_group"), {"metadata": {"from": ["tags"]}})
    world.put("runs/3/1.jpg")
    world.put("runs/3/2.jpg")
    world.put("runs/3/_COMPLETE", b"")

    world.tell_all()
    world.run()

    [[item]] = world.submitted.values()
    assert (item.client_metadata or {})["site"] == "north"
    assert "of" not in (item.client_metadata or {})


def test_a_directory_that_is_too_full_is_refused_without_a_look_at_each(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(Grouping(kind="image_group"))
    monkeypatch.setattr(planning, "MOST_LISTED", 5)
    monkeypatch.setattr(completing, "MOST_LISTED", 5)
    for number in range(6):
        world.put(f"runs/3/{number}.jpg")
    world.put("runs/3/_COMPLETE", b"")
    world.tell_all()
    world.run()

    assert world.parts() == []
    assert len(world.refused) == 6
    assert "more than 5 objects: use several directories" in str(world.refused)
