"""Encord's page "Task Agents (SDK)", `prelabel_video.py`: boxes on every frame of a video, then to the annotators.

As published but for the hash, which is an argument here, and one bug: the environment variable with the key was
set by a shell's assignment in the middle of the Python file. The random numbers come from a seeded generator.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from encord.objects.coordinates import BoundingBoxCoordinates
from encord.objects.ontology_labels_impl import LabelRowV2
from encord.project import Project
from encord_agents.core.data_model import Frame
from encord_agents.tasks import Depends, Runner
from encord_agents.tasks.dependencies import dep_video_iterator
from numpy.typing import NDArray


# === BEGIN MOCK MODEL === #
@dataclass
class ModelPrediction:
    """A box on a frame, its class by number, and how sure the model is."""

    label: int
    coords: BoundingBoxCoordinates
    conf: float


def fake_predict(image: NDArray[np.uint8], rng: random.Random) -> list[ModelPrediction]:
    """Ten boxes anywhere."""
    assert image.ndim == 3
    return [
        ModelPrediction(
            label=rng.choice(range(3)),
            coords=BoundingBoxCoordinates(
                top_left_x=rng.random() * 0.5,
                top_left_y=rng.random() * 0.5,
                width=rng.random() * 0.5,
                height=rng.random() * 0.5,
            ),
            conf=rng.random() + 0.5,
        )
        for _ in range(10)
    ]


# === END MOCK MODEL === #


def main(project_hash: str) -> None:
    """Label and route every task at the stage "Pre-Labeling Agent"."""
    runner = Runner(project_hash=project_hash)
    rng = random.Random(7)  # noqa: S311  # boxes, not secrets

    @runner.stage(stage="Pre-Labeling Agent")
    def run_something(
        lr: LabelRowV2,
        project: Project,
        frames: Annotated[Iterable[Frame], Depends(dep_video_iterator)],
    ) -> str:
        ontology = project.ontology_structure

        # Create an object instance for each frame in the video and save the labels.
        for frame in frames:
            outputs = fake_predict(frame.content, rng)
            for output in outputs:
                ins = ontology.objects[output.label].create_instance()
                ins.set_for_frames(frames=frame.frame, coordinates=output.coords, confidence=output.conf)

                lr.add_object_instance(ins)

        lr.save()
        # Return the name of the stage the task should progress to
        return "Annotate 1"

    runner()
