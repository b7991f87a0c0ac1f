"""Draw what detectors find, sorted by how far they are trusted (seeds 002 and 004)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import ClassVar

from encord_lambda.agents import linking, thresholds
from encord_lambda.agents.agent import DataUnit, Decision, Tools, Usage
from encord_lambda.agents.looking import look
from encord_lambda.agents.naming import Seen
from encord_lambda.agents.repertoire import repertoire
from encord_lambda.agents.showing import frames
from encord_lambda.agents.thresholds import Sorted
from encord_lambda.agents.watching import watch
from encord_lambda.config_prelabel import Prelabel
from encord_lambda.errors import Reject
from encord_lambda.labels.proposals import Owned, Thing

NAMED = 5
"""Labels without an object that the reason names; the others are only counted."""


@dataclass(frozen=True, slots=True)
class PrelabelAgent:
    """Shows each picture or sampled frame to detectors, and proposes the objects that are sure enough."""

    config: Prelabel
    stage: str
    looks: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """Who the labels are by: named after the stage, so that objects may be added and taken away."""
        return f"prelabel:{self.stage}"

    @property
    def owned(self) -> Owned:
        """Titles of the objects it draws."""
        return Owned(objects=tuple(sorted(set(self.config.classes.values()))))

    def decide(self, unit: DataUnit, tools: Tools) -> Decision:
        """Objects, and `accepted`, `review` or `nothing`, by the worst of them.

        A frame that is damaged or that a detector refuses is left out and counted.

        Raises:
            Trouble: As the tools do, and as `watch`; but Reject only if no frame at all could be looked at.
            Misconfigured: As `repertoire`, or the ontology draws an object otherwise than the detector.
        """
        objects = repertoire(self.config, unit.ontology)
        tally = _Tally(self.config)
        shown = frames(unit, self.config.frames, tools)
        looked = watch(shown, lambda picture: look(self.config, objects, picture, tools), tools.time_left)
        with closing(looked) as each:
            for number, seen in each:
                tally.add(number, seen)
        return tally.decision()


@dataclass(slots=True)
class _Tally:
    """What the frames of a data unit came to so far."""

    config: Prelabel
    found: dict[int, Sorted] = field(default_factory=dict)
    bad: list[str] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    misanswered: int = 0
    usage: Usage = field(default_factory=Usage)

    def add(self, number: int, seen: Seen | Reject) -> None:
        """Note what a frame came to."""
        if isinstance(seen, Reject):
            self.bad.append(seen.reason)
            return
        self.found[number] = thresholds.sort(seen.found, self.config)
        self.unknown += seen.unknown
        self.refused += seen.refused
        self.misanswered += seen.misanswered
        self.usage += seen.usage

    def decision(self) -> Decision:
        """What all of them came to.

        Raises:
            Reject: No frame could be looked at.
        """
        if not self.found:
            raise Reject(self._nothing_seen())
        kept = {number: one.kept for number, one in self.found.items()}
        confidences = [one.confidence for boxes in kept.values() for one in boxes]
        things = tuple(linking.things(kept, self.config.link))
        return Decision(
            proposals=things,
            answer=thresholds.answer(self._count("accepted"), self._count("review")),
            reason="; ".join([*self._words(), *self._too_long(things)]),
            confidence=min(confidences, default=None),
            usage=self.usage,
        )

    def _too_long(self, things: Sequence[Thing]) -> Iterator[str]:
        """What was not interpolated, though it should have been."""
        long = sum(linking.is_long(one.placements) for one in things)
        if self.config.link and self.config.link.interpolate and long:
            yield f"{long} objects span more than {linking.LONGEST:,} frames and are not interpolated"

    def _nothing_seen(self) -> str:
        if len(self.bad) > 1:
            return f"none of {len(self.bad)} frames could be looked at; the first: {self.bad[0]}"
        return self.bad[0] if self.bad else "there are no frames to look at"

    def _count(self, pile: str) -> int:
        return sum(len(getattr(one, pile)) for one in self.found.values())

    def _words(self) -> Iterator[str]:
        dropped = sum(one.dropped for one in self.found.values())
        frames = f" on {len(self.found)} frames" if len(self.found) > 1 else ""
        yield f"{self._count('accepted')} accepted, {self._count('review')} for review, {dropped} dropped{frames}"
        if self.unknown:
            known = ", ".join(f"{count} '{label[:40]}'" for label, count in self.unknown.most_common(NAMED))
            more = len(self.unknown) - NAMED
            yield f"no object for {known}{f' and {more} other labels' if more > 0 else ''}"
        if self.refused:
            yield f"{self.refused} unusable or too small"
        if self.misanswered:
            yield f"{self.misanswered} attributes answered as the ontology does not allow, and left out"
        if self.bad:
            yield f"{len(self.bad)} of {len(self.bad) + len(self.found)} frames left out; the first: {self.bad[0]}"
