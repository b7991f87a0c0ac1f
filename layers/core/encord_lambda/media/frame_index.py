"""Which packet of a video holds which frame, and where decoding has to start to reach it.

Frames are numbered as FFmpeg brings them out, from 0 in the order they are shown: Encord's servers take them from
FFmpeg "one by one", and every label has such a number (docs.encord.com, "Supported videos"). Neither frame rate
nor duration is asked, so a variable rate, a first time stamp other than 0 or a container's rounding shift nothing.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from encord_lambda.agents.sampling import Sampling
from encord_lambda.errors import Reject


class Packet(NamedTuple):
    """What the index needs of a packet; times are in ticks of the stream's clock."""

    pts: int
    """When its frame is shown."""
    seek_time: int
    """What the container must be asked for to land on it."""
    is_key: bool
    is_shown: bool
    """False for what an edit list cuts away: decoded where others build on it, but no frame of the video."""


class Start(NamedTuple):
    """A packet that decoding may start from."""

    place: int
    """Its place in the file, counted from 0: packets are stored as they must be decoded, not as they are shown."""
    pts: int
    seek_time: int


class FrameIndex:
    """The frames of a video by number, 24 bytes each. It knows time stamps only, no pictures."""

    def __init__(self, packets: Iterable[Packet], tick: Fraction) -> None:
        """Index all packets of one stream, given in the order they are stored; `tick` is in seconds."""
        self._tick = tick
        self._starts: list[Start] = []
        keys, shown, places = set[int](), array("q"), array("q")
        for place, packet in enumerate(packets):
            if packet.is_key or place == 0:
                self._starts.append(Start(place, packet.pts, packet.seek_time))
            if packet.is_shown:
                shown.append(packet.pts)
                places.append(place)
                keys |= {packet.pts} if packet.is_key else set()
        order = sorted(range(len(shown)), key=shown.__getitem__)
        self._shown = array("q", map(shown.__getitem__, order))
        self._places = array("q", map(places.__getitem__, order))
        self._key_times = sorted(keys)
        times = Counter(start.pts for start in self._starts)
        self._starts_at = {start.pts: start for start in self._starts if times[start.pts] == 1}

    def __len__(self) -> int:
        return len(self._shown)

    def place(self, number: int) -> int:
        """The place of the packet that holds a frame."""
        return self._places[number]

    def number(self, pts: int | None, least: int = 0) -> int | None:
        """The number, `least` or more, of a frame shown at `pts`; None if there is no such frame.

        Two frames with one time stamp come out of the decoder in the order they are stored:
        >>> FrameIndex([Packet(5, 5, True, True), Packet(5, 5, False, True)], Fraction(1, 30)).number(5, least=1)
        1
        """
        if pts is None:
            return None
        number = max(bisect_left(self._shown, pts), least)
        return number if number < len(self) and self._shown[number] == pts else None

    def first(self, start: Start) -> int:
        """The number of the first frame that can be decoded from a start."""
        return bisect_left(self._shown, start.pts) if start.place else 0

    def start(self, number: int) -> Start:
        """The last packet from which the frame can be decoded: a key packet stored before it and not shown after it.

        A frame shown before a key frame but stored after it is built on the group before, too (an "open" group).
        """
        last = bisect_right(self._starts, self._places[number], key=lambda start: start.place)
        before = reversed(self._starts[:last])
        return next((start for start in before if start.pts <= self._shown[number]), self._starts[0])

    def start_at(self, pts: int | None) -> Start | None:
        """The packet shown at `pts` if decoding may start from it and no other such packet is shown then."""
        return None if pts is None else self._starts_at.get(pts)

    def due(self, every: Sampling) -> list[int]:
        """The numbers of the frames to look at, in order, each once.

        Raises:
            Reject: They are more than `every.most`.
        """
        numbers = list(self._points(every))
        if every.key_frames_first and self._key_times:
            numbers = sorted({self._nearest_key(number) for number in numbers})
        if len(numbers) > every.most:
            raise Reject(
                f"{len(numbers):,} frames of the video would be looked at, but `frames: most` is {every.most:,}: "
                "in pipeline.yaml sample it less often, or raise `most`"
            )
        return numbers

    def _points(self, every: Sampling) -> Iterable[int]:
        if every.every_frames:
            return range(0, len(self), every.every_frames)
        return self._spread(every.spread) if every.spread else self._by_time(every)

    def _spread(self, parts: int) -> Iterator[int]:
        """The middle frame of each of so many equal parts; every frame if there are fewer."""
        parts = min(parts, len(self))
        return ((2 * part + 1) * len(self) // (2 * parts) for part in range(parts))

    def _by_time(self, every: Sampling) -> Iterator[int]:
        """The first frame at or after every multiple of the step, counted from the first frame."""
        step = Fraction(str(every.every_seconds)) / self._tick  # as written: 0.1 is a tenth, not the nearest float
        due = Fraction(0)
        for number, pts in enumerate(self._shown):
            passed = pts - self._shown[0]
            if passed >= due:
                yield number
                due = (passed // step + 1) * step

    def _nearest_key(self, number: int) -> int:
        pts = self._shown[number]
        after = bisect_left(self._key_times, pts)
        around = self._key_times[max(after - 1, 0) : after + 1]
        return bisect_left(self._shown, min(around, key=lambda time: abs(time - pts)))
