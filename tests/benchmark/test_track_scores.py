"""Objects followed through a video, beside trying all assignments of tracks."""

from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encord_lambda.benchmark.submissions import Unit
from encord_lambda.labels.shapes import Box, Shape
from tests.benchmark.drawn import FAR, SQUARE, moved, score, thing, track
from tests.benchmark.labelled import unit

FRAMES = 6
TRACKS = st.lists(
    st.dictionaries(st.integers(0, FRAMES - 1), st.sampled_from([0, 0.1, 0.2, 0.6, 1.5]), min_size=1),
    min_size=1,
    max_size=3,
)


def video() -> Unit:
    return unit(frames=FRAMES)


def test_a_track_that_is_cut_in_two_is_half_a_track() -> None:
    """Each box is right on its frame; but of four frames, only three are the same one's."""
    whole = track("Cat", dict.fromkeys(range(4), SQUARE))
    parts = [track("Cat", dict.fromkeys(range(3), SQUARE)), track("Cat", {3: SQUARE})]

    found = score([whole], parts, of=video())

    assert found.total.f1(0.5) == 1
    tracks = found.tracks["Cat"]
    assert (tracks.given, tracks.truth, tracks.matched) == (2, 1, 1)
    assert (tracks.idf1, tracks.temporal_iou) == (0.75, 0.75)


def test_identities_that_are_exchanged_halfway_keep_what_was_right() -> None:
    """Of twelve drawings, the ones before the exchange are each other's for as long as they can be."""
    true = [track("Cat", dict.fromkeys(range(6), SQUARE)), track("Cat", dict.fromkeys(range(6), FAR))]
    exchanged = [
        track("Cat", {at: SQUARE if at < 4 else FAR for at in range(6)}),
        track("Cat", {at: FAR if at < 4 else SQUARE for at in range(6)}),
    ]
    assert score(true, exchanged, of=video()).tracks["Cat"].idf1 == pytest.approx(8 / 12)


def test_temporal_overlap_is_of_frames_where_either_is_drawn() -> None:
    late = track("Cat", dict.fromkeys(range(2, 6), SQUARE))
    found = score([track("Cat", dict.fromkeys(range(4), SQUARE))], [late], of=video()).tracks["Cat"]
    assert found.idf1 == pytest.approx(0.5)
    assert found.temporal_iou == pytest.approx(2 / 6)


def test_tracks_of_different_objects_are_not_each_others() -> None:
    given = [track("Dog", dict.fromkeys(range(3), SQUARE)), track("Cat", {5: SQUARE})]
    found = score([track("Cat", {0: SQUARE})], given, of=video())
    assert found.all_tracks.idf1 == 0
    assert (found.tracks["Dog"].given, found.tracks["Cat"].given, found.tracks["Cat"].truth) == (1, 1, 1)
    assert (found.tracks["Dog"].drawings_given, found.tracks["Cat"].drawings_given) == (3, 1)
    assert found.all_tracks.temporal_iou is None


def test_a_picture_has_no_tracks() -> None:
    found = score([thing(SQUARE)], [thing(SQUARE)])
    assert found.tracks == {}
    assert found.all_tracks.idf1 is None


@settings(max_examples=40)
@given(TRACKS, TRACKS)
def test_no_other_assignment_of_tracks_has_more_frames(
    mine: list[dict[int, float]], true: list[dict[int, float]]
) -> None:
    """Tracks on a row of places, all of the same cat; ones 0.4 of a box apart are not the same."""
    given, truth = ([track("Cat", boxes(one, 0.001 * rank)) for rank, one in enumerate(side)] for side in (mine, true))
    found = score(truth, given, of=video()).tracks["Cat"]

    common = Counter(
        {
            (one, other): sum(at in right and abs(right[at] - shift) < 0.3 for at, shift in said.items())
            for one, said in enumerate(mine)
            for other, right in enumerate(true)
        }
    )
    everywhere = permutations([*range(len(true)), *[-1] * len(mine)], len(mine))
    best = max(sum(common[pair] for pair in enumerate(one)) for one in everywhere)
    assert found.drawings_matched == best
    assert found.idf1 == pytest.approx(2 * best / sum(map(len, (*mine, *true))))


def boxes(shifts: dict[int, float], little: float) -> dict[int, Shape]:
    return {frame: moved(Box(0.2 + little, 0.2, 0.2, 0.2), shift) for frame, shift in sorted(shifts.items())}
