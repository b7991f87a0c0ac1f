"""Looking at many frames: several at a time, in order, and no longer than there is time."""

import threading
from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

import pytest

from encord_lambda.agents.agent import Picture, Usage
from encord_lambda.agents.naming import Seen
from encord_lambda.agents.sampling import Frame
from encord_lambda.agents.watching import AT_ONCE, IN_A_ROW, watch
from encord_lambda.errors import Deferred, Misconfigured, OverBudget, Reject, Retry

ALIVE = 30
"""Seconds after which a test gives up on another thread."""


def saw(number: int) -> Seen:
    """What is seen on a frame: as many refused detections as its number."""
    return Seen((), Counter(), number, Usage())


def in_time() -> float:
    return 60.0


@dataclass
class Film:
    """So many frames, whose pictures are their numbers; `troubles` are those of looking at them."""

    count: int
    troubles: dict[int, Exception] = field(default_factory=dict)
    damaged: tuple[int, ...] = ()
    looked: list[int] = field(default_factory=list)
    told: list[int] = field(default_factory=list)
    most_held: int = 0
    is_open: bool = True
    time_left: Callable[[], float] = in_time
    meanwhile: Callable[[int], object] = int
    """What happens while a frame is looked at."""

    def frames(self) -> Generator[Frame]:
        try:
            for number in range(self.count):
                self.most_held = max(self.most_held, number + 1 - len(self.told))
                picture = None if number in self.damaged else Picture(str(number).encode(), "image/jpeg")
                yield Frame(number, picture, self.count)
        finally:
            self.is_open = False

    def look(self, picture: Picture) -> Seen:
        number = int(picture.content)
        self.looked.append(number)
        self.meanwhile(number)
        if number in self.troubles:
            raise self.troubles[number]
        return saw(number)

    def watch(self) -> list[tuple[int, Seen | Reject]]:
        found = []
        for number, seen in watch(self.frames(), self.look, self.time_left):
            self.told.append(number)
            found.append((number, seen))
        return found


def test_frames_are_told_in_their_order_whichever_is_answered_first() -> None:
    last_of_four = threading.Event()
    film = Film(6, meanwhile=lambda number: last_of_four.set() if number else last_of_four.wait(ALIVE))

    assert film.watch() == [(number, saw(number)) for number in range(6)]
    assert not film.is_open


def test_several_are_looked_at_together() -> None:
    """None of them goes on before all of them have come."""
    meeting = threading.Barrier(AT_ONCE)
    film = Film(2 * AT_ONCE, meanwhile=lambda _: meeting.wait(ALIVE))

    assert [number for number, _ in film.watch()] == list(range(2 * AT_ONCE))


def test_no_more_pictures_are_held_than_are_looked_at_together() -> None:
    film = Film(50)
    film.watch()

    assert film.most_held == AT_ONCE


def test_what_cannot_be_looked_at_is_told_in_its_place() -> None:
    refused = Reject("too dark")
    first, second, third = (seen for _, seen in Film(3, {1: refused}, damaged=(2,)).watch())

    assert (first, second) == (saw(0), refused)
    assert isinstance(third, Reject)
    assert third.reason == "frame 2 is damaged"


def test_between_two_frames_it_stops_when_the_time_is_over() -> None:
    film = Film(300)
    film.time_left = lambda: 120.0 - len(film.told)

    with pytest.raises(Retry) as late:
        film.watch()

    assert late.value.reason == (
        "looked at 120 of 300 frames before the function's time ran out; "
        "what was answered is kept, so the next try goes on from there"
    )
    assert not film.is_open
    assert len(film.looked) < 120 + AT_ONCE


def test_it_waits_for_no_answer_when_the_time_is_over() -> None:
    """All frames are being looked at already; two are answered."""
    release = threading.Event()
    film = Film(AT_ONCE, meanwhile=lambda number: number < 2 or release.wait(ALIVE))
    film.time_left = lambda: 0.0 if len(film.told) == 2 else 60.0
    try:
        with pytest.raises(Retry, match=r"^looked at 2 of 4 frames"):
            film.watch()
    finally:
        release.set()
    assert not film.is_open


def test_a_detector_without_time_is_a_video_without_time() -> None:
    film = Film(2, {1: Retry("the function's time ran out before the model answered")})
    film.time_left = lambda: 0.0 if 1 in film.looked else 60.0

    with pytest.raises(Retry, match=r"^looked at [01] of 2 frames"):
        film.watch()


def test_who_does_not_take_all_frames_gives_them_back() -> None:
    film = Film(300)
    watching = watch(film.frames(), film.look, in_time)
    next(watching)
    watching.close()

    assert not film.is_open
    assert len(film.looked) <= AT_ONCE


def test_a_frame_in_passing_trouble_does_not_keep_the_others_from_being_looked_at() -> None:
    film = Film(20, {3: Retry("busy", after=7), 11: Retry("502", after=9)})

    with pytest.raises(Retry) as later:
        film.watch()

    assert sorted(film.looked) == list(range(20))
    assert film.told == [number for number in range(20) if number not in (3, 11)]
    assert (later.value.reason, later.value.after) == ("2 frames have to be looked at again; the first: busy", 9)


@pytest.mark.parametrize(("other", "counts"), [(Deferred("it rests"), False), (Retry("502"), True)])
def test_frames_that_nobody_was_asked_about_are_no_try(other: Retry, counts: bool) -> None:
    with pytest.raises(Retry) as later:
        Film(20, {3: Deferred("it rests", after=9), 11: other}).watch()

    assert (later.value.counts, later.value.after) == (counts, 9)


def test_the_trouble_of_one_frame_alone_is_passed_on_as_it_is() -> None:
    trouble = Retry("busy")

    with pytest.raises(Retry) as later:
        Film(20, {3: trouble}).watch()

    assert later.value is trouble


def test_a_detector_that_is_down_is_not_asked_about_every_frame() -> None:
    film = Film(300, {number: Retry("502") for number in range(10, 300)})

    with pytest.raises(Retry, match=rf"^{IN_A_ROW} frames have to be looked at again; the first: 502$"):
        film.watch()

    assert len(film.looked) < 10 + IN_A_ROW + AT_ONCE
    assert not film.is_open


def test_a_detector_that_is_down_now_and_then_is_asked_on() -> None:
    film = Film(60, {number: Retry("502") for number in range(60) if number % IN_A_ROW})

    with pytest.raises(Retry, match=r"^52 frames have to be looked at again"):
        film.watch()

    assert len(film.looked) == 60


@pytest.mark.parametrize("trouble", [Misconfigured("mend it"), OverBudget("spent"), ValueError("a fault of ours")])
def test_what_every_frame_would_meet_ends_it_at_once(trouble: Exception) -> None:
    film = Film(300, {5: trouble})

    with pytest.raises(type(trouble)) as met:
        film.watch()

    assert met.value is trouble  # and holds on to all that was under way, as a future does
    assert film.told == [0, 1, 2, 3, 4]
    assert len(film.looked) <= 5 + AT_ONCE
    assert not film.is_open
