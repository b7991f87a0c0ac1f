"""Drawings of cats, dogs and others, made from a seed: the sandbox's media and its model's training data.

`draw` gives one animal with its box, `draw_scene` several, `animal` a cut-out to move across video frames.
`spoil` makes a drawing hard to judge. `recordings`, `scans` and `papers` make true files of other kinds; who wants
them imports them from there, for they bring PyAV and pydicom along.
"""

from sandbox.artwork.scenes import KINDS, Drawing, Scene, animal, draw, draw_scene
from sandbox.artwork.spoiling import spoil

__all__ = ["KINDS", "Drawing", "Scene", "animal", "draw", "draw_scene", "spoil"]
