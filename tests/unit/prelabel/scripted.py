"""Detectors that say what they are told to, and the tools they come in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from encord_lambda.agents.agent import Picture, Tools, Usage
from encord_lambda.agents.detector import Detected, Detection
from encord_lambda.config_prelabel import HttpDetector, RemoteDetector
from encord_lambda.errors import Trouble
from encord_lambda.labels.proposals import Box, Shape
from tests.fakes.stages import ScriptedModel, ScriptedPictures
from tests.unit.prelabel.drawn import HTTP

SECONDS = 0.25
type Says = Sequence[Detection] | Detected | Trouble


def seen(label: str = "cat", confidence: float = 0.99, x: float = 0.1, shape: Shape | None = None) -> Detection:
    """A square at the picture's upper edge, or another shape."""
    return Detection(label, confidence, shape or Box(x, 0.0, 0.2, 0.2))


def another(name: str) -> dict[str, object]:
    """The configuration of a further detector."""
    return HTTP | {"url": f"https://{name}.example"}


@dataclass
class ScriptedDetectors:
    """Says, by the picture's content, the detector's host or "host:content", what it sees; keeps what it was asked."""

    says: Mapping[str, Says]
    asked: list[tuple[str, bytes]] = field(default_factory=list)

    def detect(self, configured: RemoteDetector, picture: Picture) -> Detected:
        assert isinstance(configured, HttpDetector)
        name = configured.url.removeprefix("https://").partition(".")[0]
        self.asked.append((name, picture.content))
        content = picture.content.decode()
        said = next((self.says[key] for key in (f"{name}:{content}", content, name) if key in self.says), ())
        if isinstance(said, Trouble):
            raise said
        return said if isinstance(said, Detected) else Detected(tuple(said), Usage(SECONDS))


def tools(says: Mapping[str, Says] | Sequence[Detection], **troubles: Trouble) -> Tools:
    """Tools whose detector sees this; `troubles` are those of the pictures, by their URL."""
    by_name = says if isinstance(says, Mapping) else {"detector": says}
    return Tools(ScriptedModel(), ScriptedPictures(troubles), ScriptedDetectors(by_name))
