"""pipeline.yaml: what it may say, and how exactly it is told where it is wrong."""

from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.config import PipelineConfig
from encord_lambda.config_classify import Classify
from encord_lambda.errors import Misconfigured

SANDBOX = Path(__file__).parents[2] / "sandbox" / "pipeline.yaml"
PROJECT = UUID("027e0c65-0000-4000-8000-000000000001")
OTHER = UUID("1b2c0000-0000-4000-8000-000000000001")
SKETCH = """\
version: 1
registrations:
  - prefix: pets/
    integration: aws-prod
    folder: 5f0e1d2c-0000-4000-8000-000000000001
    datasets: [c1a20000-0000-4000-8000-000000000001]
stages:
  - project: 027e0c65-0000-4000-8000-000000000001
    stage: Agent 1
    agent:
      kind: classify
      model: openai:gpt-4o-mini
      classification: Animal
    pathways: {Cat: Cat, Dog: Dog, otherwise: Other, failed: Other}
editor_agents:
  describe-scene: {kind: describe, model: openai:gpt-4o, classification: Scene description}
  of-other: {kind: describe, model: openai:m, classification: X, projects: [1b2c0000-0000-4000-8000-000000000001]}
limits: {model_calls: 8}
"""
STAGE = SKETCH[SKETCH.index("  - project") : SKETCH.index("editor_agents")]
REGISTRATION = SKETCH[SKETCH.index("  - prefix") : SKETCH.index("stages")]


def parse(text: str) -> PipelineConfig:
    return PipelineConfig.parse("p.yaml", text)


def the_sketch(before: str, after: str) -> str:
    """The sketch with one thing changed."""
    assert SKETCH.count(before) == 1
    return SKETCH.replace(before, after)


def prefixes(*names: str) -> PipelineConfig:
    return parse(
        "version: 1\nregistrations:\n" + "".join(REGISTRATION.replace("pets/", name or "''") for name in names)
    )


def test_the_designs_sketch_is_read() -> None:
    pipeline = parse(SKETCH)

    stage = pipeline.stage(PROJECT, "Agent 1")
    assert stage is not None
    assert isinstance(stage.agent, Classify)
    assert (stage.agent.model, stage.agent.classification, stage.failed) == ("openai:gpt-4o-mini", "Animal", "Other")
    assert pipeline.limits.model_calls == 8


def test_the_sandboxs_pipeline_is_read() -> None:
    pipeline = PipelineConfig.parse(SANDBOX.name, SANDBOX.read_text(encoding="utf-8"))

    assert pipeline.registration("pets/001.jpg") is not None
    assert list(pipeline.editor_agents) == ["describe-scene"]


def test_everything_but_the_version_may_be_left_out() -> None:
    pipeline = parse("version: 1")

    assert (pipeline.registrations, pipeline.stages, pipeline.editor_agents) == ([], [], {})
    assert (pipeline.limits.model_calls, pipeline.limits.max_in_flight) == (20, 2000)


@pytest.mark.parametrize(
    ("answer", "pathway"), [("Cat", "Cat"), ("Fish", "Other"), (None, "Other"), ("failed", "Other"), ("", "Other")]
)
def test_an_answer_without_a_pathway_of_its_own_takes_otherwise(answer: str | None, pathway: str) -> None:
    assert parse(SKETCH).stages[0].pathway(answer) == pathway


@pytest.mark.parametrize(
    ("line", "shadow"), [("", False), ("    shadow: true\n", True), ("    shadow: false\n", False)]
)
def test_a_stage_is_in_the_shadow_only_if_it_says_so(line: str, shadow: bool) -> None:
    assert parse(the_sketch("    agent:\n", line + "    agent:\n")).stages[0].shadow is shadow


def test_without_a_failed_pathway_there_is_none() -> None:
    assert parse(the_sketch(", failed: Other", "")).stages[0].failed is None


@pytest.mark.parametrize(("project", "title"), [(OTHER, "Agent 1"), (PROJECT, "agent 1")])
def test_a_stage_nobody_configured_has_no_agent(project: UUID, title: str) -> None:
    assert parse(SKETCH).stage(project, title) is None


@pytest.mark.parametrize(
    ("key", "prefix"),
    [("pets/cats/a.jpg", "pets/cats/"), ("pets/a.jpg", "pets/"), ("pets/catsup.jpg", "pets/"), ("a.jpg", None)],
)
def test_the_longest_matching_prefix_takes_an_object(key: str, prefix: str | None) -> None:
    found = prefixes("pets/", "pets/cats/", "pets/dogs/").registration(key)

    assert (found and found.prefix) == prefix


def test_an_empty_prefix_takes_what_no_other_takes() -> None:
    found = prefixes("", "pets/").registration("cars/a.jpg")

    assert found is not None
    assert found.prefix == ""


@given(st.lists(st.text("ab/", max_size=4), unique=True, max_size=6), st.text("ab/", max_size=8))
def test_no_prefix_that_matches_is_longer_than_the_one_that_wins(names: list[str], key: str) -> None:
    found = prefixes(*(name or "''" for name in names)).registration(key) if names else None

    matching = [name for name in names if key.startswith(name)]
    assert (found and found.prefix) == max(matching, key=len, default=None)


def test_an_editor_agent_without_a_name_is_the_first_of_the_file() -> None:
    pipeline = parse(SKETCH)

    assert pipeline.editor_agent(None) == pipeline.editor_agent("describe-scene") is not None
    assert pipeline.editor_agent("gone") is None
    assert parse("version: 1").editor_agent(None) is None


@pytest.mark.parametrize(
    ("name", "project", "served"),
    [
        ("describe-scene", PROJECT, True),
        ("describe-scene", OTHER, False),
        ("of-other", OTHER, True),
        ("of-other", UUID(int=7), False),
    ],
)
def test_only_projects_that_the_file_names_are_served(name: str, project: UUID, served: bool) -> None:
    pipeline = parse(SKETCH)
    agent = pipeline.editor_agent(name)

    assert agent is not None
    assert pipeline.serves(project, agent) is served


BAD_UUID = "Input should be a valid UUID, invalid character: found `x` at 0"
MALFORMED = [
    ("", "p.yaml:1: expected a mapping such as `version: 1`, found something else"),
    ("# nothing\n", "p.yaml:1: expected a mapping such as `version: 1`, found something else"),
    ("- version: 1\n", "p.yaml:1: expected a mapping such as `version: 1`, found something else"),
    ("version 1\n", "p.yaml:1: expected a mapping such as `version: 1`, found something else"),
    ("version: 1\n\tstages: []\n", "p.yaml:2: not valid YAML: found character '\\t' that cannot start any token"),
    ('version: "1\n', "p.yaml:2: not valid YAML: found unexpected end of stream"),
    ("version: *one\n", "p.yaml:1: not valid YAML: found undefined alias 'one'"),
    ("version: 1\n---\nversion: 1\n", "p.yaml:2: not valid YAML: but found another document"),
    ("version: \x01\n", "p.yaml:1: not valid YAML: special characters are not allowed"),
    ("version: 2\n", "p.yaml:1: version: Input should be 1"),
    ('version: "1"\n', "p.yaml:1: version: Input should be 1"),
    ("stages: []\n", "p.yaml:1: version: Field required"),
    ("version: 1\nstages: []\nversion: 1\n", "p.yaml:3: the key 'version' stands twice"),
    (
        "version: 1\nregistration: []\n",
        "p.yaml:2: registration: there is no such key; did you mean `registrations`?",
    ),
    ("version: 1\nstages: {}\n", "p.yaml:2: stages: must be a list"),
    (the_sketch("    stage: Agent 1\n", ""), "p.yaml:8: stages[0].stage: Field required"),
    (the_sketch("stage: Agent 1", "stage: ''"), "p.yaml:9: stages[0].stage: String should have at least 1 character"),
    (
        the_sketch("stage: Agent 1", "stage: NO"),
        "p.yaml:9: stages[0].stage: must be text: put it in quotes, for YAML reads it as False",
    ),
    (
        the_sketch("stage: Agent 1", "stage: [A]"),
        "p.yaml:9: stages[0].stage: must be text",
    ),
    (
        the_sketch("{Cat: Cat,", "{\n      Cat: Cat,\n      NO: Cat,"),
        "p.yaml:16: put the key NO in quotes, for YAML reads it as bool",
    ),
    (
        the_sketch("{model_calls: 8}", "[8]"),
        "p.yaml:18: limits: must be a mapping such as `key: value`",
    ),
    (
        the_sketch("stage: Agent 1", "stagee: A\n    stage: B"),
        "p.yaml:9: stages[0].stagee: there is no such key; did you mean `stage`?",
    ),
    (the_sketch("027e0c65-0000-4000-8000-000000000001", "x02"), f"p.yaml:8: stages[0].project: {BAD_UUID}"),
    (the_sketch("c1a20000-0000-4000-8000-000000000001", "x1a"), f"p.yaml:6: registrations[0].datasets[0]: {BAD_UUID}"),
    (
        the_sketch("kind: classify", "kind: guess"),
        "p.yaml:11: stages[0].agent: there is no kind 'guess'; "
        "there are: 'classify', 'prelabel', 'route', 'describe', 'custom'",
    ),
    (the_sketch("      kind: classify\n", ""), "p.yaml:11: stages[0].agent: `kind` is missing"),
    (
        the_sketch("openai:gpt-4o-mini", "gpt-4o-mini"),
        "p.yaml:12: stages[0].agent.model: must be `openai:` and the name of a model, such as openai:gpt-4o-mini",
    ),
    (
        the_sketch("otherwise: Other, ", ""),
        "p.yaml:14: stages[0].pathways: pathways needs `otherwise`, for answers that have no pathway of their own",
    ),
    (the_sketch("{Cat: Cat,", "{Cat: null,"), "p.yaml:14: stages[0].pathways.Cat: must be text"),
    (the_sketch("{Cat: Cat,", "{Cat: Cat, Cat: Dog,"), "p.yaml:14: the key 'Cat' stands twice"),
    (
        the_sketch("editor_agents:\n", f"{STAGE}editor_agents:\n"),
        f"p.yaml:15: stages[1]: two agents at the stage 'Agent 1' of project {PROJECT}",
    ),
    (
        the_sketch("stages:\n", f"{REGISTRATION}stages:\n"),
        "p.yaml:7: registrations[1]: two registrations for the prefix 'pets/'",
    ),
    (
        the_sketch("describe-scene:", "Describe scene:"),
        "p.yaml:16: editor_agents.Describe scene: must be a name of small letters, digits and hyphens",
    ),
    (
        the_sketch("model_calls: 8", "model_calls: 0"),
        "p.yaml:18: limits.model_calls: Input should be greater than or equal to 1",
    ),
    (
        the_sketch("model_calls: 8", "model_calls: 257"),
        "p.yaml:18: limits.model_calls: Input should be less than or equal to 256",
    ),
]


@pytest.mark.parametrize(("text", "message"), MALFORMED, ids=[message[7:60] for _, message in MALFORMED])
def test_a_malformed_file_is_told_the_line_the_path_and_the_reason(text: str, message: str) -> None:
    with pytest.raises(Misconfigured) as trouble:
        parse(text)

    assert trouble.value.reason == message


ODD = [
    ("version: !foo 1", 1),
    ("version: =", 1),
    ("version: 1\nstages: !!python/object:os.system 1", 2),
    ("version: 1\n<<: 3", 2),
    ("version: !!binary é", 1),
    ("version: 1\nstages: !!omap {a: 1}", 2),
    ("version: 1\nd: 2001-99-99", 2),
    ("version: 0b_", 1),
    ("version: !!int x", 1),
    ("version: 1\nlimits:\n  model_calls: " + "1" * 5000, 3),
    ("version: 1\n? [a]\n: b", 2),
    ("version: 1\n? {a: 1}\n: b", 2),
    ("a: " + "[" * 5000, 1),
    ('version: "\\UFFFFFFFF"', 1),
    ("version: !!timestamp x", 1),
    ("version: 1\nstages: !!set [a]", 2),
    ("version: 1\nstages: {0: 1}", 2),
]


@pytest.mark.parametrize(("text", "line"), ODD, ids=[text[:40] for text, _ in ODD])
def test_whatever_else_yaml_allows_is_told_its_line(text: str, line: int) -> None:
    with pytest.raises(Misconfigured, match=rf"\Ap\.yaml:{line}: ") as trouble:
        parse(text)

    assert len(trouble.value.reason) < 400


@pytest.mark.parametrize(("key", "kind"), [("1", "int"), ("1.5", "float"), ("yes", "bool"), ("~", "null")])
def test_a_key_that_yaml_does_not_read_as_text_is_told_its_line(key: str, kind: str) -> None:
    with pytest.raises(Misconfigured) as trouble:
        parse(f"version: 1\neditor_agents:\n  {key}: {{}}\n")

    assert trouble.value.reason == f"p.yaml:3: put the key {key} in quotes, for YAML reads it as {kind}"


def test_every_fault_has_a_line_of_its_own_in_the_files_order() -> None:
    with pytest.raises(Misconfigured) as trouble:
        parse("typo: 1\nstages: {}\nversion: 2\n")

    assert [line.partition(": ")[0] for line in trouble.value.reason.splitlines()] == [
        "p.yaml:1",
        "p.yaml:2",
        "p.yaml:3",
    ]
