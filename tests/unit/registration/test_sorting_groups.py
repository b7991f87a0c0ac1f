"""Uploads below a prefix whose registration groups the objects of a directory."""

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

import pytest

from encord_lambda.config import PipelineConfig
from encord_lambda.config_registration import Grouping, Registration
from encord_lambda.errors import Reject, Skip
from encord_lambda.registration.events import Head, Upload
from encord_lambda.registration.sorting import Instruction, Marker, Member, Verdict, sort
from tests.unit.registration.true_files import true_files

type Kind = Literal["image_group", "image_sequence", "dicom_series"]


def registration(kind: Kind, prefix: str = "runs/") -> Registration:
    return Registration(prefix=prefix, integration="aws", folder=UUID(int=1), group=Grouping(kind=kind))


def sorted_(kind: Kind, *keys: str, prefix: str = "runs/", size: int = 9) -> Mapping[str, Verdict]:
    """Verdicts by key; the objects are true to their names."""
    pipeline = PipelineConfig(version=1, registrations=[registration(kind, prefix)])
    uploads = [Upload("media", "eu-west-1", key, size) for key in keys]
    bodies = {f".{extension}": body for extension, body in true_files().items()}
    verdicts = sort(
        uploads,
        pipeline,
        lambda some, length: [Head(bodies["." + one.key.rpartition(".")[2]][:length], 9) for one in some],
    )
    return {upload.key: verdict for upload, verdict in verdicts.items()}


@pytest.mark.parametrize(
    ("kind", "name"), [("image_group", "a.jpg"), ("image_sequence", "a.png"), ("dicom_series", "a.dcm")]
)
def test_media_of_a_directory_are_members_of_it(kind: Kind, name: str) -> None:
    key = f"runs/day 1/{name}"

    member = sorted_(kind, key)[key]

    assert isinstance(member, Member)
    assert (member.directory, member.registration) == ("runs/day 1/", registration(kind))
    assert member.kind.extensions[0] == name[1:]


def test_the_marker_says_that_its_directory_is_complete_though_it_is_empty() -> None:
    assert sorted_("image_group", "runs/3/_COMPLETE", size=0) == {
        "runs/3/_COMPLETE": Marker(registration("image_group"), "runs/3/")
    }


def test_a_file_called_like_the_marker_is_none_where_nothing_is_grouped() -> None:
    pipeline = PipelineConfig(
        version=1, registrations=[Registration(prefix="runs/", integration="aws", folder=UUID(int=1))]
    )
    upload = Upload("media", "eu-west-1", "runs/3/_COMPLETE", 0)

    assert isinstance(sort([upload], pipeline, lambda *_: [])[upload], Reject)


@pytest.mark.parametrize(
    ("kind", "name", "reason"),
    [
        ("image_group", "a.pdf", "PDF in runs/3/, whose images become one image group: put it below a prefix"),
        ("image_group", "a.mp4", "MP4 in runs/3/, whose images become one image group"),
        ("image_sequence", "a.json", "JSON in runs/3/, whose images become one image sequence"),
        ("dicom_series", "a.jpg", "JPEG in runs/3/, whose DICOM files become a series"),
    ],
)
def test_media_of_another_kind_are_refused_naming_directory_and_kind(kind: Kind, name: str, reason: str) -> None:
    [verdict] = sorted_(kind, f"runs/3/{name}").values()

    assert isinstance(verdict, Reject)
    assert verdict.reason.startswith(reason)


def test_a_video_beside_a_sequence_is_taken_for_what_encord_made_of_it() -> None:
    [verdict] = sorted_("image_sequence", "runs/3/sequence.mp4").values()

    assert isinstance(verdict, Skip)
    assert "the one that Encord made" in verdict.reason


def test_a_prefix_that_is_a_directory_is_a_group_itself() -> None:
    [verdict] = sorted_("image_group", "runs/a.jpg").values()

    assert isinstance(verdict, Member)
    assert verdict.directory == "runs/"


@pytest.mark.parametrize(
    ("prefix", "key"), [("runs/r", "runs/r1.jpg"), ("", "a.jpg"), ("runs/r", "runs/r_COMPLETE.jpg")]
)
def test_an_object_without_a_directory_of_the_registration_is_refused(prefix: str, key: str) -> None:
    [verdict] = sorted_("image_group", key, prefix=prefix).values()

    assert isinstance(verdict, Reject)
    assert f"put it into a directory below '{prefix}'" in verdict.reason


def test_part_of_a_name_may_be_the_prefix_of_directories() -> None:
    [verdict] = sorted_("image_group", "runs/r1/a.jpg", prefix="runs/r").values()

    assert isinstance(verdict, Member)
    assert verdict.directory == "runs/r1/"


def test_import_manifests_are_instructions_here_too() -> None:
    assert sorted_("image_group", "runs/manifests/a.csv") == {
        "runs/manifests/a.csv": Instruction(registration("image_group"))
    }
