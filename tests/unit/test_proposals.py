"""The hash by which a second run finds what the first one wrote."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.labels.proposals import Written, label_hash, object_hash, object_mark

LABEL = ("agent", "row", "Animal", 3)


def test_the_hash_is_the_same_in_every_run_and_version() -> None:
    """Labels saved by an earlier release must still be found."""
    assert label_hash("classify:Animal", "row", "Animal", 3) == "kdTcp2PX"


@pytest.mark.parametrize(
    "other",
    [
        ("other", "row", "Animal", 3),
        ("agent", "other", "Animal", 3),
        ("agent", "row", "Other", 3),
        ("agent", "row", "Animal", 4),
    ],
)
def test_agent_row_classification_and_frame_tell_labels_apart(other: tuple[str, str, str, int]) -> None:
    assert label_hash(*other) != label_hash(*LABEL)


@given(st.text(), st.text(), st.text())
def test_it_is_eight_characters_of_url_safe_base64(agent: str, row: str, title: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{8}", label_hash(agent, row, title, 0))


def test_ten_thousand_frames_have_ten_thousand_hashes() -> None:
    hashes = {label_hash("agent", "row", "Animal", frame) for frame in range(10_000)}

    assert len(hashes) == 10_000


THING = ("prelabel:Cat", "row", "Cat", "0:0")


def test_an_objects_hash_is_the_same_in_every_run_and_version_and_begins_with_whose_it_is() -> None:
    assert object_hash(*THING) == "vrrMZG-5"
    assert object_mark(*THING[:3]) == "vrrM"


@pytest.mark.parametrize("place", range(4))
def test_agent_row_title_and_key_tell_objects_apart(place: int) -> None:
    other = [*THING]
    other[place] += "'"

    assert object_hash(*other) != object_hash(*THING)
    assert (object_mark(*other[:3]) == object_mark(*THING[:3])) is (place == 3)


@pytest.mark.parametrize(
    ("written", "changed"),
    [
        (Written(), False),
        (Written(added=1), True),
        (Written(replaced=1), True),
        (Written(standing="Cat", kept=1, outside=1), False),
    ],
)
def test_a_row_is_saved_only_where_it_was_changed(written: Written, changed: bool) -> None:
    assert written.changed is changed
