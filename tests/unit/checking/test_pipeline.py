"""What does not fit between a pipeline.yaml and Encord, decided without Encord."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.checking.finding import Finding
from encord_lambda.checking.pipeline import findings
from encord_lambda.checking.survey import FoundProject, FoundStage, Integration, Named, Survey, Unreachable
from encord_lambda.config import RESERVED, PipelineConfig
from encord_lambda.labels.ontology import Classification, Object, Ontology, Option

PETS, SHELTER, ZOO = UUID(int=1), UUID(int=2), UUID(int=3)
FOLDER, DATASET = UUID(int=4), UUID(int=5)
WAYS = ("Go", "Stay")
DRAWN = {"bounding_box", "rotatable_bounding_box", "polygon", "polyline", "point", "bitmask"}
TITLES = st.sampled_from(["Cat", "Dog", "cat", "Cat ", "other", *sorted(RESERVED)])


def ontology(*options: str, objects: Iterable[Object] = ()) -> Ontology:
    animal = Classification("Animal", "radio", tuple(Option(one) for one in options))
    return Ontology((animal, Classification("Scene", "text")), tuple(objects))


def project(found: Ontology | None = None) -> FoundProject:
    stages = (FoundStage("Agent 1", WAYS), FoundStage("Annotate", None))
    return FoundProject(found or ontology("Cat", "Dog"), stages, {DATASET: "pets"})


def survey(**projects: FoundProject | Unreachable) -> Survey:
    named = {"pets": PETS, "shelter": SHELTER, "zoo": ZOO}
    found = {named[name]: one for name, one in projects.items()}
    return Survey(found, {FOLDER: None}, {DATASET: None}, (Integration("1", "aws"), Integration("2", "gcp")))


def stage(agent: str, pathways: str = "{otherwise: Go}", project: UUID = PETS, title: str = "Agent 1") -> str:
    return f"{{project: {project}, stage: {title}, agent: {agent}, pathways: {pathways}}}"


def pipeline(*stages: str, rest: str = "") -> PipelineConfig:
    return PipelineConfig.parse("p.yaml", f"version: 1\nstages: [{', '.join(stages)}]\n{rest}")


def classify(pathways: str) -> PipelineConfig:
    return pipeline(stage("{kind: classify, model: openai:m, classification: Animal}", pathways))


def faults(config: PipelineConfig, found: Survey) -> list[Finding]:
    return [one for one in findings(config, found) if not one.is_remark]


def places(config: PipelineConfig, found: Survey) -> list[str]:
    return [".".join(map(str, one.place)) for one in faults(config, found)]


@given(st.sets(TITLES, min_size=1), st.sets(TITLES))
def test_keys_of_pathways_are_options_or_reserved_and_no_option_is_reserved(options: set[str], keys: set[str]) -> None:
    mapped = ", ".join(f'"{key}": Go' for key in sorted(keys | {"otherwise"}))
    config = classify(f"{{{mapped}}}")

    found = list(findings(config, survey(pets=project(ontology(*sorted(options))))))

    misspelt = {("stages", 0, "pathways", key) for key in keys - options - RESERVED}
    assert {one.place for one in found if not one.is_remark and "pathways" in one.place} == misspelt
    ambiguous = [one for one in found if one.place == ("stages", 0, "agent", "classification")]
    assert len(ambiguous) == len(options & RESERVED)
    left = options - keys - RESERVED
    assert [one.is_remark for one in found if one.place == ("stages", 0, "pathways")] == [True] * bool(left)


def test_a_misspelt_key_says_which_options_there_are() -> None:
    [fault] = faults(classify("{Cats: Go, otherwise: Go}"), survey(pets=project()))

    assert fault.text == "the classification 'Animal' has no option 'Cats'; there are: 'Cat', 'Dog'"


def test_a_custom_agent_may_answer_anything() -> None:
    config = pipeline(stage("{kind: custom, run: mine}", "{sharp: Go, otherwise: Stay}"))

    assert list(findings(config, survey(pets=project()))) == []


def test_what_a_custom_agent_writes_must_be_in_the_ontology() -> None:
    custom = "{kind: custom, run: mine, classifications: [Animal, Blur], objects: [Paw]}"

    assert places(pipeline(stage(custom)), survey(pets=project())) == [
        "stages.0.agent.classifications.1",
        "stages.0.agent.objects.0",
    ]


def test_two_agent_stages_of_one_title_are_refused() -> None:
    twins = replace(project(), stages=(FoundStage("Agent 1", WAYS), FoundStage("Agent 1", WAYS)))

    [fault] = faults(classify("{otherwise: Go}"), survey(pets=twins))

    assert fault == Finding(
        ("stages", 0, "stage"), "the project has 2 agent stages titled 'Agent 1': rename all but one"
    )


def test_an_annotation_stage_of_the_same_title_does_no_harm() -> None:
    twins = replace(project(), stages=(FoundStage("Agent 1", None), FoundStage("Agent 1", WAYS)))

    assert faults(classify("{otherwise: Go}"), survey(pets=twins)) == []


@pytest.mark.parametrize(
    ("detector", "shapes"),
    [
        ("{kind: http, url: 'http://d'}", DRAWN),
        ("{kind: sagemaker, endpoint: d}", DRAWN),
        ("{kind: vision, model: openai:m}", DRAWN - {"bitmask"}),
        ("{kind: open_inference, url: 'http://d', model: m}", {"bounding_box", "rotatable_bounding_box"}),
    ],
)
def test_classes_lead_to_objects_that_the_detector_can_draw(detector: str, shapes: set[str]) -> None:
    kinds = [*sorted(DRAWN), "skeleton"]
    classes = ", ".join(f"{kind}: {kind}" for kind in kinds)
    config = pipeline(
        stage(f"{{kind: prelabel, detector: {detector}, classes: {{{classes}}}, accept: 0.9, review: 0.5}}")
    )
    found = project(ontology("Cat", objects=[Object(kind, kind) for kind in kinds]))

    refused = {str(one.place[-1]) for one in faults(config, survey(pets=found))}

    assert refused == set(kinds) - shapes


EDITOR = "editor_agents: {{scene: {{kind: describe, model: 'openai:m', classification: Scene, projects: [{}]}}}}"
DESCRIBING = stage("{kind: route, rules: [], otherwise: Go}", "{}")
BARE = project(Ontology(()))


def test_an_editor_agent_needs_its_classification_in_every_project_it_names() -> None:
    config = pipeline(DESCRIBING, rest=EDITOR.format(f"{SHELTER}, {ZOO}"))

    assert places(config, survey(pets=project(), shelter=BARE, zoo=project())) == ["editor_agents.scene.classification"]
    assert places(config, survey(pets=project(), shelter=project(), zoo=Unreachable("gone"))) == [
        "editor_agents.scene.projects.1"
    ]


def test_a_stages_project_without_an_editor_agents_classification_is_remarked_if_another_has_it() -> None:
    config = pipeline(DESCRIBING, rest=EDITOR.format(SHELTER))

    [remark] = findings(config, survey(pets=BARE, shelter=project()))

    assert remark.is_remark
    assert remark.text.startswith(f"project {PETS}: the ontology has no classification titled 'Scene'")


def test_an_editor_agent_that_no_project_has_the_classification_for_is_a_fault() -> None:
    config = pipeline(DESCRIBING, rest=EDITOR.format(""))

    assert places(config, survey(pets=BARE)) == ["editor_agents.scene.classification"]


@pytest.mark.parametrize(("integration", "is_there"), [("aws", True), ("1", True), ("AWS", False), ("two", False)])
def test_an_integration_is_named_by_its_title_or_id_and_only_one_is_called_so(integration: str, is_there: bool) -> None:
    rest = f"registrations: [{{prefix: '', integration: '{integration}', folder: {FOLDER}, datasets: [{DATASET}]}}]"
    found = replace(survey(), integrations=(Integration("1", "aws"), Integration("2", "two"), Integration("3", "two")))

    expected = [] if is_there else ["registrations.0.integration"]
    assert places(PipelineConfig.parse("p.yaml", f"version: 1\n{rest}"), found) == expected


def test_each_thing_is_asked_for_once() -> None:
    rest = EDITOR.format(f"{SHELTER}, {PETS}")
    rest += f"\nregistrations: [{{prefix: a, integration: aws, folder: {FOLDER}, datasets: [{DATASET}, {DATASET}]}}]"
    route = f"{{kind: route, rules: [{{dataset: {DATASET}, take: Go}}], otherwise: Go}}"
    config = pipeline(DESCRIBING, stage(route, "{}", ZOO), rest=rest)

    assert Named.by(config) == Named((PETS, ZOO, SHELTER), frozenset({ZOO}), (FOLDER,), (DATASET,))
