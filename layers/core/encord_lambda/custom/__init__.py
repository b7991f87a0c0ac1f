"""All that an agent of your own needs (docs/custom-agents.md): import from here, and from nowhere below."""

from encord_lambda.agents.agent import Decision, Picture, Usage
from encord_lambda.custom.given import Given, decoded
from encord_lambda.custom.scripting import scripted
from encord_lambda.errors import Misconfigured, Reject, Retry
from encord_lambda.labels.ontology import Attribute, Classification, Object, Ontology, Option
from encord_lambda.labels.proposals import Answer, Choice, Label, Placement, Proposal, Thing
from encord_lambda.labels.shapes import Bitmask, Box, Point, Polygon, Polyline, RotatedBox, Shape

__all__ = [
    "Answer",
    "Attribute",
    "Bitmask",
    "Box",
    "Choice",
    "Classification",
    "Decision",
    "Given",
    "Label",
    "Misconfigured",
    "Object",
    "Ontology",
    "Option",
    "Picture",
    "Placement",
    "Point",
    "Polygon",
    "Polyline",
    "Proposal",
    "Reject",
    "Retry",
    "RotatedBox",
    "Shape",
    "Thing",
    "Usage",
    "decoded",
    "scripted",
]
