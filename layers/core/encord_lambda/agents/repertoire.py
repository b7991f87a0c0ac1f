"""The objects that an agent may draw; known before anything is looked at, and to `encord-lambda check`."""

from typing import Final

from encord_lambda.config_prelabel import OpenInferenceDetector, Prelabel, VisionDetector
from encord_lambda.errors import Misconfigured
from encord_lambda.labels.object_schema import GEOMETRIES
from encord_lambda.labels.ontology import SHAPES, Object, Ontology

BOXES: Final = ("bounding_box", "rotatable_bounding_box")


def repertoire(config: Prelabel, ontology: Ontology) -> dict[str, Object]:
    """The objects that `classes` leads to, by their titles.

    Raises:
        Misconfigured: As `drawable`.
    """
    return {title: drawable(config, ontology, title) for title in dict.fromkeys(config.classes.values())}


def drawable(config: Prelabel, ontology: Ontology, title: str) -> Object:
    """The object with this title, which all of the agent's detectors can draw.

    Raises:
        Misconfigured: The ontology lacks it, its titles are ambiguous, a detector of such a kind cannot draw it, or two
            detectors cannot agree on it.
    """
    found, shapes = ontology.object(title), _answered(config)
    if found.shape not in shapes:
        raise Misconfigured(
            f"the object '{title}' is of shape {found.shape}; the agent's detectors answer with: {', '.join(shapes)}; "
            "those of kind http and sagemaker can answer with any shape"
        )
    if config.agree and found.shape == "point":
        raise Misconfigured(
            f"the object '{title}' is of shape point, which has no overlap that two detectors could `agree` on: "
            "leave `agree` out, or give points an agent of their own"
        )
    return found


def _answered(config: Prelabel) -> tuple[str, ...]:
    """The shapes of objects that all of the agent's detectors can fill."""
    if any(isinstance(one, OpenInferenceDetector) for one in config.detectors):
        return BOXES
    return tuple(GEOMETRIES if any(isinstance(one, VisionDetector) for one in config.detectors) else SHAPES)
