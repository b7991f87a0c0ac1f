"""The hash by which a second run finds what the first one wrote."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.labels.proposals import Answer, label_hash

PROPOSAL = Answer("Animal", "Cat", 0.9, frame=3)


def test_the_hash_is_the_same_in_every_run_and_version() -> None:
    """Labels saved by an earlier release must still be found."""
    assert label_hash("classify:Animal", "row", PROPOSAL) == "kdTcp2PX"


@given(st.text(), st.floats(0, 1))
def test_neither_the_answer_nor_the_confidence_changes_it(answer: str, confidence: float) -> None:
    other = Answer("Animal", answer, confidence, frame=3)

    assert label_hash("agent", "row", other) == label_hash("agent", "row", PROPOSAL)


@pytest.mark.parametrize(
    ("agent", "row", "proposal"),
    [
        ("other", "row", PROPOSAL),
        ("agent", "other", PROPOSAL),
        ("agent", "row", Answer("Other", "Cat", 0.9, frame=3)),
        ("agent", "row", Answer("Animal", "Cat", 0.9, frame=4)),
    ],
)
def test_agent_row_classification_and_frame_tell_labels_apart(agent: str, row: str, proposal: Answer) -> None:
    assert label_hash(agent, row, proposal) != label_hash("agent", "row", PROPOSAL)


@given(st.text(), st.text(), st.text())
def test_it_is_eight_characters_of_url_safe_base64(agent: str, row: str, title: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{8}", label_hash(agent, row, Answer(title, "x", 1.0)))


def test_ten_thousand_frames_have_ten_thousand_hashes() -> None:
    hashes = {label_hash("agent", "row", Answer("Animal", "Cat", 1.0, frame)) for frame in range(10_000)}

    assert len(hashes) == 10_000
