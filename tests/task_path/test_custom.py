"""The quality gate that ships, on the task path: as the layer has it, configured in pipeline.yaml, from real pixels."""

import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from encord.workflow import AnnotationStage
from PIL import Image, ImageEnhance, ImageFilter

from encord_lambda.encord_platform.client import connect
from sandbox.artwork import draw
from sandbox.encord_twin import FolderSpec, ItemSpec, MemoryObjects, World
from sandbox.scenario.world import ANIMAL, PROJECT
from sandbox.template import ROOT
from tests.task_path.conftest import URL, TaskPath, pets
from tests.unit.custom import own

PIPELINE = f"""
version: 1
stages:
  - project: {PROJECT}
    stage: Agent 1
    agent: {{kind: custom, run: %s, classifications: [%s], options: {{%s}}}}
    pathways: {{good: Cat, otherwise: Other%s}}
"""
ANSWERS = """
from encord_lambda.custom import Answer, Decision

def decide(given):
    found = [label.content.answer for label in given.labels()]
    animal = given.options["animal"]
    return Decision((Answer("Animal", animal, 0.5),), "good", f"stood: {found}", None)
"""
SHOWN: dict[str, Callable[[Image.Image], Image.Image]] = {
    "good.jpg": lambda image: image,
    "blurred.jpg": lambda image: image.filter(ImageFilter.GaussianBlur(5)),
    "dark.jpg": lambda image: ImageEnhance.Brightness(image).enhance(0.15),
    "small.jpg": lambda image: image.resize((160, 120)),
}


@pytest.fixture
def seeded() -> tuple[World, MemoryObjects]:
    """A drawing, and three spoilt copies of it."""
    start, _ = pets(0)
    drawing = draw("Cat", 9_000_000).image
    objects = {URL + title: jpeg(spoil(drawing)) for title, spoil in SHOWN.items()}
    folder = FolderSpec(title="Pets", items=[ItemSpec(url=URL + title, title=title) for title in SHOWN])
    datasets = [start.datasets[0].model_copy(update={"folders": ["Pets"]})]
    return start.model_copy(update={"folders": [folder], "datasets": datasets}), MemoryObjects(objects)


@pytest.fixture(autouse=True)
def layer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[own.Write]:
    """The layer `agents` with what ships in it."""
    shutil.copytree(ROOT / "layers" / "agents", tmp_path / "own_agents")
    monkeypatch.syspath_prepend(str(tmp_path))
    own.forget()
    yield own.writer(tmp_path)
    own.forget()


def jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def pipeline(path: TaskPath, run: str, owns: str = "", options: str = "", more: str = "") -> None:
    path.pipeline(PIPELINE % (run, owns, options, more))


def back_at_the_agent(path: TaskPath) -> None:
    """Somebody moves every task back."""
    project = connect(path.twin.url, path.twin.key, "reviewer").get_project(PROJECT)
    agent = project.workflow.get_stage(name="Agent 1").uuid
    for task in project.workflow.get_stage(name="Annotate cats", type_=AnnotationStage).get_tasks():
        task.move(destination_stage_uuid=agent)


def reasons(caplog: pytest.LogCaptureFixture) -> dict[str, str]:
    """Pathways of the tasks that were routed, by the reason."""
    routed = [record for record in caplog.records if record.getMessage() == "Routed"]
    return {record.__dict__["reason"]: record.__dict__["pathway"] for record in routed}


def test_each_picture_takes_the_pathway_of_its_quality(path: TaskPath, caplog: pytest.LogCaptureFixture) -> None:
    pipeline(path, "quality_gate")
    path.sweep()

    assert path.run(path.received()) == []

    tasks = path.tasks()
    assert (tasks["Annotate cats"], tasks["Archive"]) == (["good.jpg"], ["blurred.jpg", "dark.jpg", "small.jpg"])
    assert {"160 x 120 pixels"} <= {reason.partition(",")[0] for reason in reasons(caplog)}


def test_options_of_pipeline_yaml_move_its_limits(path: TaskPath) -> None:
    pipeline(path, "quality_gate", options="smallest: 100, darkest: 1, clipped: 1, sharpness: 0")
    path.sweep()

    assert path.run(path.received()) == []

    assert path.tasks()["Annotate cats"] == sorted(SHOWN)


def test_options_that_mean_nothing_leave_the_messages_and_say_so(
    path: TaskPath, caplog: pytest.LogCaptureFixture
) -> None:
    pipeline(path, "quality_gate", options="sharpnes: 3")
    path.sweep()

    assert len(path.run(path.received())) == len(SHOWN)

    told = {getattr(record, "reason", "") for record in caplog.records}
    assert "pipeline.yaml: options.sharpnes: Extra inputs are not permitted" in told


def test_labels_are_written_shown_to_the_next_run_and_replaced_by_it(
    path: TaskPath, layer: own.Write, caplog: pytest.LogCaptureFixture
) -> None:
    layer("answers", ANSWERS)
    for animal in ("Cat", "Dog"):
        pipeline(path, "answers", ANIMAL, f"animal: {animal}")
        path.sweep()
        assert path.run(path.received()) == []
        back_at_the_agent(path)

    written = {title: row["classifications"] for title, row in path.answers().items()}
    assert {title: [one["answers"] for one in labels] for title, labels in written.items()} == {
        title: [{ANIMAL: "Dog"}] for title in SHOWN
    }
    assert set(reasons(caplog)) == {"stood: []", "stood: ['Cat']"}


def test_an_agent_that_fails_on_one_picture_fails_on_that_one_alone(
    path: TaskPath, layer: own.Write, caplog: pytest.LogCaptureFixture
) -> None:
    layer(
        "gate",
        """\
        from encord_lambda.custom import Decision

        def decide(given):
            if given.title == "dark.jpg":
                raise SystemExit(given.image().width // 0)
            return Decision((), "good", "", None)
        """,
    )
    pipeline(path, "gate", more=", failed: Other")
    path.sweep()

    assert path.run(path.received()) == []

    tasks = path.tasks()
    assert (tasks["Annotate cats"], tasks["Archive"]) == (["blurred.jpg", "good.jpg", "small.jpg"], ["dark.jpg"])
    assert reasons(caplog)["gate.py:5: ZeroDivisionError: integer division or modulo by zero"] == "Other"
