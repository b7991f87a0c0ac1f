"""Is this a label row? Always its structure, and on request everything the ontology says of labels."""

from typing import Protocol

from . import data_units, label_answers, label_shapes
from .data_units import Place
from .holdings import DataRow
from .json_values import JsonObject
from .records import Ontology
from .refusals import Corrupted, Featureless, Invalid, OutOfRange, Unanswered


class Labels(Protocol):
    """The labels of a row, about to be saved or saved; `labels` is per data unit."""

    @property
    def object_answers(self) -> JsonObject: ...  # noqa: D102
    @property
    def classification_answers(self) -> JsonObject: ...  # noqa: D102
    @property
    def object_actions(self) -> JsonObject: ...  # noqa: D102
    @property
    def labels(self) -> JsonObject: ...  # noqa: D102


class OntologyCheck:
    """What an ontology demands of labels; made once for many rows."""

    def __init__(self, ontology: Ontology) -> None:
        self._objects = {one["featureNodeHash"]: one for one in ontology.editor.get("objects", [])}
        self._classifications = {one["featureNodeHash"]: one for one in ontology.editor.get("classifications", [])}

    def problem(self, row: DataRow, content: Labels) -> Invalid | None:
        """The first shape, coordinate, answer or range the ontology or the data does not allow."""
        try:
            self._check(row, content)
        except Invalid as refusal:
            return refusal
        except (AttributeError, KeyError, TypeError, ValueError) as error:  # clients may send any JSON as labels
            return Corrupted(f"the labels are not as the platform writes them: {error!r}")
        return None

    def _check(self, row: DataRow, content: Labels) -> None:
        last = _last_frame(row)
        objects = data_units.objects_on(row, content.labels)
        for thing in objects:
            label_shapes.check(thing, _feature(self._objects, thing, f"object {thing['objectHash']}")["shape"])
        drawn = {str(thing["objectHash"]): thing for thing in objects}
        heard = {key: answer for key, answer in content.object_answers.items() if "featureHash" in answer}
        for key, thing in (drawn | heard).items():
            asked = _feature(self._objects, thing, f"object {key}").get("attributes", [])
            _check_answers(asked, key, content, last)
        for key, answer in content.classification_answers.items():
            what = f"classification {key}"
            asked = _feature(self._classifications, answer, what)["attributes"]
            label_answers.check(asked, answer.get("classifications", []), what)
            _check_range(answer, last, what)


def check_structure(row: DataRow, content: Labels, features: frozenset[str]) -> None:
    """Refuse labels on units or frames that are not there, without (readable) answers, or of unknown features."""
    objects = data_units.objects_on(row, content.labels)
    if any(thing.get("objectHash") not in content.object_answers for thing in objects):
        raise Unanswered("an object has no entry in object_answers")
    for key, answer in content.classification_answers.items():
        label_answers.check_readable(answer.get("classifications"), f"classification {key}")
    used = [str(thing.get("featureHash")) for thing in objects]
    used += [str(answer.get("featureHash")) for answer in content.classification_answers.values()]
    # Sound and text have their objects here alone; those of pictures carry no feature of their own.
    used += [str(answer["featureHash"]) for answer in content.object_answers.values() if "featureHash" in answer]
    if strange := set(used) - features:
        raise Featureless(f"the ontology has no feature {min(strange)}")


def _check_answers(asked: list[JsonObject], key: str, content: Labels, last: int | None) -> None:
    what = f"object {key}"
    label_answers.check(asked, content.object_answers[key].get("classifications", []), what)
    actions = content.object_actions.get(key, {}).get("actions", [])
    label_answers.check_known(asked, actions, what)
    for action in actions:
        _check_range(action, last, what)


def _feature(known: dict[str, JsonObject], label: JsonObject, what: str) -> JsonObject:
    hash_ = str(label.get("featureHash"))
    if hash_ not in known:
        raise Featureless(f"{what}: {hash_} is not a feature for this kind of label")
    return known[hash_]


def _last_frame(row: DataRow) -> int | None:
    """The last frame of the whole row; None for sound and text, which are measured otherwise."""
    units = data_units.data_units(row)
    if any(unit.place is Place.NOWHERE for unit in units):
        return None
    return sum(unit.frames for unit in units) - 1


def _check_range(label: JsonObject, last: int | None, what: str) -> None:
    for start, end in label.get("range") or []:
        if not 0 <= start <= end or (last is not None and end > last):
            raise OutOfRange(f"{what} is on frames {start} to {end}, but the last one is {last}")
