"""`encord-lambda check --encord`: what the file names is looked up in Encord, and every fault told at once."""

from pathlib import Path
from uuid import UUID

import pytest
from encord.orm.project import ProjectType
from encord.project import Project

from encord_lambda import cli
from sandbox.encord_twin import MemoryObjects, Twin, serve
from sandbox.encord_twin.protocol.request_log import Wanted
from sandbox.scenario import gold, library
from sandbox.scenario.agents import EVERY_AGENT, Archive, extended
from sandbox.scenario.library import LIBRARY
from sandbox.scenario.world import PIPELINE, world
from tests.cli.encord import DATASET, FOLDER, NOWHERE, OTHER_DATASET, PETS, SHELTER, key_file

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
GOOD = f"""\
version: 1
registrations:
  - {{prefix: pets/, integration: aws, folder: {FOLDER}, datasets: [{DATASET}]}}
stages:
  - project: {PETS}
    stage: Agent 1
    agent: {{kind: classify, model: openai:m, classification: [Animal, Scene]}}
    pathways: {{Cat: Cat, otherwise: Other}}
  - project: {PETS}
    stage: Twin
    agent: {{kind: route, rules: [{{dataset: {DATASET}, take: Go}}], otherwise: Go}}
editor_agents:
  scene: {{kind: describe, model: openai:m, classification: Scene, projects: [{PETS}]}}
"""
FAULTY = f"""\
version: 1
registrations:
  - prefix: pets/
    integration: gcp
    folder: {NOWHERE}
    datasets:
      - {DATASET}
      - {NOWHERE}
stages:
  - project: {NOWHERE}
    stage: Agent 1
    agent: {{kind: describe, model: openai:m, classification: Scene}}
    pathways: {{otherwise: Other}}
  - project: {PETS}
    stage: Agent 1
    agent:
      kind: classify
      model: openai:m
      classification:
        - Animal
        - Breed
    pathways:
      Cat: Cat
      Dogg: Other
      otherwise: Others
  - project: {PETS}
    stage: Annotate
    agent:
      kind: prelabel
      detector: {{kind: open_inference, url: "http://models", model: m}}
      classes:
        thing: Thing
        line: Line
        outline: Outline
        wing: Wing
      accept: 0.9
      review: 0.5
    pathways: {{otherwise: Other}}
  - project: {PETS}
    stage: Twin
    agent:
      kind: route
      rules:
        - dataset: {OTHER_DATASET}
          take: Go
        - type: video
          take: Stay
      otherwise: Go
  - project: {SHELTER}
    stage: Agent 2
    agent: {{kind: classify, model: openai:m, classification: Animal}}
    pathways: {{otherwise: Other}}
  - project: {SHELTER}
    stage: Agent 1
    agent: {{kind: describe, model: openai:m, classification: Animal}}
    pathways: {{otherwise: Other}}
editor_agents:
  scene:
    kind: describe
    model: openai:m
    classification: Scene
    projects:
      - {SHELTER}
      - {NOWHERE}
"""
GONE = f"Encord has no {{}} {NOWHERE} that this key may see (AuthorisationError)"
FAULTS = [
    ":4: registrations[0].integration: none is called 'gcp'; there are: aws",
    f":5: registrations[0].folder: Encord has no storage folder {NOWHERE} that this key may see",
    f":8: registrations[0].datasets[1]: {GONE.format('dataset')}",
    f":10: stages[0].project: {GONE.format('project')}",
    ":21: stages[1].agent.classification[1]: the ontology has 2 classifications titled 'Breed': rename all but one "
    "(they stand at 3 and 4)",
    ":24: stages[1].pathways.Dogg: the classification 'Animal' has no option 'Dogg'; there are: 'Cat', 'Dog', 'Bird'",
    ":25: stages[1].pathways.otherwise: the stage 'Agent 1' has no pathway 'Others'; there are: 'Cat', 'Other'",
    ":27: stages[2].stage: the stage 'Annotate' is no agent stage; the project's agent stages: 'Agent 1', 'Twin'",
    ":33: stages[2].agent.classes.line: the object 'Line' is of shape polyline; the agent's detectors answer with: "
    "bounding_box, rotatable_bounding_box",
    ":34: stages[2].agent.classes.outline: the object 'Outline' is of shape polygon; the agent's detectors answer",
    ":35: stages[2].agent.classes.wing: the ontology has no object titled 'Wing'; it has: 'Thing', 'Line', 'Outline'",
    f":44: stages[3].agent.rules[0].dataset: the project has no dataset {OTHER_DATASET}; there are: 'pets' {DATASET}",
    ":47: stages[3].agent.rules[1].take: the stage 'Twin' has no pathway 'Stay'; there are: 'Go'",
    ":50: stages[4].stage: the project has no stage titled 'Agent 2'; its agent stages: 'Agent 1', 'Twin'",
    ":55: stages[5].agent.classification: the classification 'Animal' is of type radio; this agent needs text",
    f":61: editor_agents.scene.classification: project {SHELTER}: the ontology has no classification titled 'Scene'",
    f":64: editor_agents.scene.projects[1]: {GONE.format('project')}",
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pipeline.yaml"


def check(file: Path, access: list[str], text: str | None = None) -> int:
    if text is not None:
        file.write_text(text)
    return cli.main(["check", str(file), "--encord", *access])


def test_what_encord_has_is_found_and_options_without_a_pathway_are_remarked(
    file: Path, access: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(file, access, GOOD) == 0

    output = capsys.readouterr()
    assert output.err == ""
    assert output.out.splitlines() == [
        f"{file}:8: stages[0].pathways: these options take `otherwise`: 'Dog', 'Bird'",
        f"{file}: 1 registration, 2 stages, 1 editor agent: all found in Encord",
    ]


def test_each_fault_is_told_with_its_line_its_key_and_what_there_is(
    file: Path, access: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(file, access, FAULTY) == 1

    output = capsys.readouterr()
    told = output.err.splitlines()
    assert len(told) == len(FAULTS)
    for line, fault in zip(told, FAULTS, strict=True):
        assert line.startswith(f"{file}{fault}")
    assert "all found" not in output.out


def test_the_documentation_shows_true_faults(
    tmp_path: Path, access: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    check(Path("pipeline.yaml"), access, FAULTY)

    shown = [line for line in OPERATIONS.read_text().splitlines() if line.startswith("pipeline.yaml:")]
    assert len(shown) == 2
    assert set(shown) <= set(capsys.readouterr().err.splitlines())


@pytest.mark.parametrize("sandboxs", [PIPELINE, EVERY_AGENT, LIBRARY], ids=lambda file: file.name)
def test_the_sandboxs_own_pipelines_are_found_in_the_sandbox(
    sandboxs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start = gold.extended(library.extended(extended(world("00" * 32), Archive((), (), ()))), ())
    with serve(start, objects=MemoryObjects()) as twin:
        status = check(sandboxs, ["--key-file", str(key_file(twin, tmp_path)), "--domain", twin.url])

    assert (status, capsys.readouterr().err) == (0, "")


def test_a_pathway_for_unsure_answers_without_a_limit_is_remarked(
    file: Path, access: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(file, access, GOOD.replace("otherwise: Other", "otherwise: Other, unsure: Other")) == 0

    remark = f"{file}:8: stages[0].pathways.unsure: nothing is unsure without the agent's `unsure_below`"
    assert remark in capsys.readouterr().out.splitlines()


def test_a_project_takes_two_requests_and_one_more_for_its_datasets(file: Path, access: list[str], twin: Twin) -> None:
    check(file, access, GOOD)

    asked = twin.log.select(Wanted())
    assert twin.log.count() == (2 + 1) + 1 + 1 + 1  # the project; folder, dataset, integrations
    assert {one.method for one in asked if not one.route.startswith("POST legacy")} == {"GET"}


def test_a_benchmarks_projects_are_looked_at(
    file: Path, access: list[str], twin: Twin, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"benchmarks:\n  - {{name: gold, production: {PETS}, stage: Annotate, ground_truth: {SHELTER}}}\n"

    assert check(file, access, f"version: 1\n{text}") == 1

    said = capsys.readouterr()
    assert said.err.splitlines() == [
        f"{file}:3: benchmarks[0].stage: the project has no consensus review titled 'Annotate'; its consensus reviews: "
        "none"
    ]
    assert "nobody has labelled anything in the project yet" in said.out
    assert "the ontology of the ground truth has no object 'Thing' (bounding_box)" in said.out
    assert twin.log.count() == 2 + (2 + 1)  # the production project, and the ground truth with its label rows


def test_an_option_titled_as_a_reserved_key_is_refused(
    file: Path, access: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    text = GOOD.replace("[Animal, Scene]", "Fate").replace("{Cat: Cat, otherwise", "{kept: Cat, otherwise")

    assert check(file, access, text) == 1

    [line] = capsys.readouterr().err.splitlines()
    assert "stages[0].agent.classification: the classification 'Fate' has an option 'failed', but `pathways`" in line


def test_a_project_the_key_may_not_see_is_as_good_as_none(
    file: Path, access: list[str], twin: Twin, capsys: pytest.CaptureFixture[str]
) -> None:
    twin.store.projects[PETS].members = {"somebody@twin.local"}

    assert check(file, access, GOOD) == 1

    faults = capsys.readouterr().err.splitlines()
    assert [fault.split(": ")[1] for fault in faults] == [
        "stages[0].project",
        "stages[1].project",
        "editor_agents.scene.projects[0]",
    ]
    assert "account is a member" in faults[0]


def test_a_project_without_a_workflow_is_a_fault_of_the_file(
    file: Path, access: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Project, "project_type", ProjectType.MANUAL_QA)

    assert check(file, access, GOOD) == 1

    first = capsys.readouterr().err.splitlines()[0]
    assert first == f"{file}:5: stages[0].project: project {PETS} has no workflow: name a workflow project"


def test_without_the_option_encord_is_not_asked(file: Path, twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCORD_SSH_KEY", twin.key)
    monkeypatch.setenv("ENCORD_DOMAIN", twin.url)
    file.write_text(FAULTY)

    assert cli.main(["check", str(file)]) == 0

    assert twin.log.count() == 0


def test_uuids_of_the_file_are_all_different() -> None:
    """So that no fault above is found by another thing of the same id."""
    assert len({PETS, SHELTER, FOLDER, DATASET, OTHER_DATASET, NOWHERE, UUID(int=0)}) == 7
