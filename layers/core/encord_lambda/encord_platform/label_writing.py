"""The SDK's instances, made from proposals. A proposal is checked here once more: agents may be anybody's code."""

import math
from dataclasses import dataclass
from functools import partial

from encord.constants.enums import is_geometric
from encord.exceptions import OntologyError
from encord.objects import Classification, ClassificationInstance, LabelRowV2, Object, ObjectInstance
from encord.objects.frames import Range

from encord_lambda.agents.mask_layout import proportional, scaled
from encord_lambda.encord_platform.answering import Attribute, SdkAnswer, put_all, put_one
from encord_lambda.encord_platform.drawing import coordinates
from encord_lambda.errors import Reject
from encord_lambda.labels.clipping import inside
from encord_lambda.labels.ontology import SHAPES
from encord_lambda.labels.proposals import Answer, Placement, Thing, label_hash
from encord_lambda.labels.shapes import Bitmask, Shape


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes for one agent into one label row."""

    agent: str
    row: LabelRowV2

    @property
    def flat(self) -> bool:
        """Whether the row is a text or a sound, which has no frames: what is said about it is about the whole."""
        return not is_geometric(self.row.data_type)

    def frames(self, answer: Answer, question: Classification) -> tuple[int, int]:
        """First and last frame of an answer.

        Raises:
            Reject: The row has no such frames.
        """
        if question.is_global or self.flat:
            return 0, 0
        first, last = answer.frame, answer.frame if answer.last is None else answer.last
        self._check_frame(first)
        self._check_frame(last)
        if last < first:
            raise Reject(f"the frames {first} to {last} of '{answer.classification}' are no range")
        return first, last

    def identity(self, answer: Answer, question: Classification) -> str:
        """The hash of an answer's instance.

        Raises:
            Reject: As `frames`.
        """
        first, _ = self.frames(answer, question)
        return label_hash(self.agent, str(self.row.label_hash), answer.classification, first)

    def answer(self, answer: Answer, question: Classification) -> ClassificationInstance:
        """The instance of an answer; the same hash in every run.

        Raises:
            Reject: The ontology does not allow the answer, or the row has no such frames.
        """
        first, last = self.frames(answer, question)
        identity = self.identity(answer, question)
        instance = ClassificationInstance(question, classification_hash=identity, range_only=self.flat)
        put_one(answer.answer, question.attributes[0], instance.set_answer)
        for each in instance.get_all_static_answers():
            each.is_manual_annotation = False
        if question.is_global:
            instance.manual_annotation, instance.confidence = False, _certainty(answer.confidence)
        else:
            instance.set_for_frames(
                Range(first, last), confidence=_certainty(answer.confidence), manual_annotation=False
            )
        return instance

    def draw(self, thing: Thing, kind: Object, identity: str) -> ObjectInstance:
        """The instance of a thing whose placements `visible` returned.

        Raises:
            Reject: The ontology does not allow its shape or an answer, or a frame stands twice.
        """
        instance = ObjectInstance(kind, object_hash=identity)
        for each in thing.placements:
            instance.set_for_frames(
                coordinates(each.shape),
                each.frame,
                confidence=_certainty(each.confidence),
                manual_annotation=False,
            )
            dynamic = [one for one in kind.attributes if one.dynamic]
            put_all(each.answers, dynamic, partial(_set_at, instance, each.frame))
        static = [one for one in kind.attributes if not one.dynamic]
        put_all(thing.answers, static, partial(instance.set_answer, manual_annotation=False))
        return instance

    def visible(self, thing: Thing, kind: Object) -> tuple[Placement, ...]:
        """A thing's placements as far as they are in the picture.

        Raises:
            Reject: A shape is not of the object's kind or malformed, a mask is of a picture of other proportions, the
                row has no such frame, or it has no pictures.
        """
        if self.flat:
            raise Reject(f"'{self.row.data_title}' is no picture: nothing can be drawn on it")
        found = []
        for each in thing.placements:
            self._check_frame(each.frame)
            if (shape := inside(self._fitting(each, kind))) is not None:
                found.append(Placement(each.frame, shape, each.confidence, each.answers))
        return tuple(found)

    def _check_frame(self, frame: int) -> None:
        if not 0 <= frame < max(self.row.number_of_frames, 1):
            raise Reject(f"'{self.row.data_title}' has {self.row.number_of_frames} frames; there is no frame {frame}")

    def _fitting(self, placement: Placement, kind: Object) -> Shape:
        """The shape; of a mask that was found on the picture scaled down, the mask at the frame's own size."""
        shape: Shape = placement.shape
        if type(shape) is not SHAPES.get(kind.shape.value):
            raise Reject(f"'{kind.title}' is of shape {kind.shape.value}; a {type(shape).__name__} is not")
        if not isinstance(shape, Bitmask):
            return shape
        view = self.row.get_frame_view(placement.frame)
        if not proportional(shape, view.width, view.height):
            sizes = f"{shape.width} x {shape.height} pixels; the frame has {view.width} x {view.height}"
            raise Reject(f"a bitmask of '{kind.title}' has {sizes}")
        try:
            return scaled(shape, view.width, view.height)
        except ValueError as error:
            raise Reject(f"a bitmask of '{kind.title}' cannot be read: {error}") from None


def titled[T: (Classification, Object)](row: LabelRowV2, title: str, kind: type[T]) -> T:
    """The classification or object of the row's ontology with this title.

    Raises:
        OntologyError: There is none, or there are several.
    """
    every = [*row.ontology_structure.classifications, *row.ontology_structure.objects]
    found = [one for one in every if isinstance(one, kind) and one.title == title and not _archived(one)]
    if len(found) != 1:
        raise OntologyError(f"{len(found)} {kind.__name__.lower()}s are titled '{title}'")
    return found[0]


def _set_at(instance: ObjectInstance, frame: int, answer: SdkAnswer, attribute: Attribute) -> None:
    instance.set_answer(answer, attribute, frames=frame)


def _archived(feature: Classification | Object) -> bool:
    return feature.archived if isinstance(feature, Object) else feature.attributes[0].archived


def _certainty(confidence: float) -> float:
    if not (math.isfinite(confidence) and 0 <= confidence <= 1):
        raise Reject(f"a confidence of {confidence} is not within 0 and 1")
    return confidence
