"""A data unit made up for a test of a custom agent."""

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from PIL import Image

from encord_lambda.agents.agent import DataUnit, Facts, Picture, Question, Reply, Tools
from encord_lambda.config_custom import Custom, Scalar
from encord_lambda.custom.given import Given
from encord_lambda.labels.ontology import Ontology
from encord_lambda.labels.proposals import Label

_EMPTY: Final = Ontology(())


def scripted(
    *images: Image.Image,
    title: str = "image.png",
    metadata: Mapping[str, object] = {},
    options: Mapping[str, Scalar] = {},
    ontology: Ontology = _EMPTY,
    labels: tuple[Label, ...] = (),
    answers: tuple[Mapping[str, object], ...] = (),
) -> Given:
    """A picture, or a group of several, as an agent is given it; no network, no Encord.

    `answers` are what `ask` returns, one after the other.
    """
    kind = "img_group" if len(images) > 1 else "image"
    urls = tuple(map(str, range(len(images))))
    unit = DataUnit(
        title,
        "0",
        ontology,
        Facts(UUID(int=0), kind, 0.5, metadata, UUID(int=0)),
        pictures=urls if len(urls) > 1 else (),
        labels=lambda: labels,
    )
    tools = Tools(_ScriptedModel(map(json.dumps, answers)), _Shown(images))
    return Given.about(unit, Custom(kind="custom", run="scripted", options=dict(options)), tools)


@dataclass(frozen=True, slots=True)
class _Shown:
    """Pictures by their number."""

    images: tuple[Image.Image, ...]

    def read(self, url: str) -> Picture:
        image, buffer = self.images[int(url)], io.BytesIO()
        image.save(buffer, "PNG", compress_level=1)
        return Picture(buffer.getvalue(), "image/png", *image.size)


@dataclass(frozen=True, slots=True)
class _ScriptedModel:
    """Says what it is told to."""

    answers: Iterator[str]

    def ask(self, _question: Question) -> Reply:
        text = next(self.answers, None)
        if text is None:
            raise LookupError("the agent asks more often than there are `answers`")
        return Reply(text)
