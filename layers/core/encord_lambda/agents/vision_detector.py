"""A language model as a detector: it draws objects as the ontology does, and answers their attributes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from encord_lambda.agents import detector_reply, vision_reply, wording
from encord_lambda.agents.agent import Picture, Question, Reply, Tools, Usage
from encord_lambda.agents.boxes import Found, bounds
from encord_lambda.agents.detector import Detected
from encord_lambda.agents.interviewing import Interviewer, take_steps
from encord_lambda.agents.material import Material
from encord_lambda.agents.naming import Seen, named
from encord_lambda.agents.prompting import own, prompt
from encord_lambda.config_prelabel import VisionDetector
from encord_lambda.errors import Reject, Retry
from encord_lambda.labels.object_reading import Told
from encord_lambda.labels.object_schema import geometry, looks, things
from encord_lambda.labels.ontology import Object
from encord_lambda.labels.steps import nested_answers, plan

MOST: Final = 20
"""Things a model is asked for at once."""
SHORT, LONG = 1000, 4000
"""Tokens that so many things take: 45 for a box or a point, up to 200 with an outline of 12 points or attributes."""


def detect(configured: VisionDetector, objects: Sequence[Object], picture: Picture, tools: Tools) -> Seen:
    """What the model sees of these objects, with the answers to their attributes.

    One call, unless the ontology is too large for a schema's limits: then objects are asked for in several calls, and
    an object's attributes that are too large even alone are asked of each thing of it that was found.

    Raises:
        Trouble: As the model does.
        Retry: No seconds are left before all was asked.
        Misconfigured: A language model cannot draw an object.
        Reject: An answer about where things are is malformed, or none of its things can be used.
    """
    asking = _Asking(configured.model, picture, tools, own(configured.prompt, tools.prompts))
    whole = {one.title: one for one in objects}
    seen = Seen()
    for together in looks(objects):
        here = asking.look(together)
        bare = [one.title for one in together if one != whole[one.title]]
        seen += asking.look_closer(here, {title: whole[title] for title in bare})
    return seen


@dataclass(frozen=True, slots=True)
class _Asking:
    """Which model is asked about which picture."""

    model: str
    picture: Picture
    tools: Tools
    own_prompt: str | None

    def look(self, objects: Sequence[Object]) -> Seen:
        """Ask for objects, all in one call."""
        if self.tools.time_left() <= 0:
            raise Retry("the function's time ran out before all objects were asked for")
        drawings = wording.drawings(objects)
        words = prompt("detect", self.own_prompt, objects=wording.objects(objects), drawings=drawings, most=str(MOST))
        question = Question(
            self.model,
            words,
            (self.picture,),
            things(objects),
            reply_tokens=LONG if any(geometry(one).several or one.asked for one in objects) else SHORT,
            accepts=partial(self._read, objects),
        )
        reply = self.tools.language_model.ask(question)
        detected = self._read(objects, reply)
        return named(detected, {one.title: one.title for one in objects}, {one.title: one for one in objects})

    def _read(self, objects: Sequence[Object], reply: Reply) -> Detected:
        told = list(vision_reply.detections(objects, reply.text))
        return detector_reply.usable(self.model, told, reply.usage)

    def look_closer(self, seen: Seen, objects: Mapping[str, Object]) -> Seen:
        """Ask the attributes of each thing that is of these objects; where the answer cannot be used, it has none."""
        found, usage, misanswered = [], seen.usage, seen.misanswered
        for one in seen.found:
            answered, spent = one, Usage()
            if one.title in objects:
                try:
                    answered, spent = self._answered(one, objects[one.title])
                except Reject:
                    misanswered += len(objects[one.title].asked)
            found.append(answered)
            usage += spent
        return replace(seen, found=tuple(found), usage=usage, misanswered=misanswered)

    def _answered(self, one: Found, drawn: Object) -> tuple[Found, Usage]:
        box = bounds(one.shape)
        where = f"from {box.x:.2f}, {box.y:.2f} to {box.x + box.width:.2f}, {box.y + box.height:.2f}"
        given = f"{one.title}: there is one {where}, in fractions of the image; answer for this one alone"
        steps = plan(drawn.asked, rated=False, given=(given,))
        asked = Interviewer((self.model,), "classify")
        interview = take_steps(steps, self.model, Material("the image", (self.picture,)), asked, self.tools)
        told = Told.sorted(drawn, nested_answers(interview.sayings))
        return replace(one, static=told.static, dynamic=told.dynamic), interview.usage
