"""A video, and documents, that are in a test's hand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from encord_lambda.agents.agent import Document, Facts, Picture
from encord_lambda.agents.sampling import Frame, Sampling
from tests.fakes.units import DATASET, FACTS


def facts(data_type: str) -> Facts:
    return Facts(DATASET, data_type, 0.5, {}, FACTS.data)


@dataclass
class ScriptedVideo:
    """Sampled frames whose pictures' bytes are their names; None is a damaged one."""

    pictures: dict[int, str | None]
    asked: list[Sampling] = field(default_factory=list)
    opened: list[tuple[str, float]] = field(default_factory=list)
    """URLs, and how many seconds were left."""
    is_closed: bool = False

    def sample(self, url: str, every: Sampling, time_left: Callable[[], float]) -> Iterator[Frame]:
        self.opened.append((url, time_left()))
        self.asked.append(every)
        try:
            for number, name in self.pictures.items():
                picture = None if name is None else Picture(name.encode(), "image/jpeg")
                yield Frame(number, picture, len(self.pictures))
        finally:
            self.is_closed = True

    def read(self, url: str, number: int, time_left: Callable[[], float]) -> Picture:
        self.opened.append((url, time_left()))
        return Picture(str(self.pictures[number]).encode(), "image/jpeg")


class ScriptedDocuments:
    """Documents whose bytes are their URLs."""

    def pdf(self, url: str, pages: int) -> Document:
        return Document(url.encode(), "application/pdf", pages)

    def text(self, url: str) -> Document:
        return Document(url.encode(), "text/plain")
