"""Agents as raters of a benchmark: live ones by stage, those in the shadow by their decisions."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import boto3
import pytest

from encord_lambda.agents.agent import Usage
from encord_lambda.aws.claims import TaskClaims
from encord_lambda.aws.objects import Objects
from encord_lambda.aws.shadows import ShadowRecords
from encord_lambda.benchmark import agent_stages, decided
from encord_lambda.dispatch.claims import Claim, State, TaskKey
from encord_lambda.labels.proposals import Answer
from encord_lambda.labels.records import recorded
from encord_lambda.shadow import ShadowDecision
from sandbox.annotators import Seen, annotate, label_all
from sandbox.scenario import gold
from tests.score_benchmark.bench import PIPELINE, Bench
from tests.task_path.conftest import tables

AT = datetime(2026, 11, 21, tzinfo=UTC)
STAGES = f"""
stages:
  - project: {gold.PRODUCTION}
    stage: {gold.TELL}
    agent: {{kind: classify, model: "openai:a", classification: Animal}}
    pathways: {{otherwise: Told}}
  - project: {gold.PRODUCTION}
    stage: {gold.DRAW}
    agent:
      kind: prelabel
      detector: {{kind: http, url: "https://detector.test"}}
      classes: {{cat: Cat, dog: Dog}}
      accept: 0.9
      review: 0.5
    pathways: {{otherwise: Drawn}}
"""
SHADOW = STAGES.replace(f"stage: {gold.TELL}\n", f"stage: {gold.TELL}\n    shadow: true\n")


@pytest.fixture
def labelled(told: Bench) -> Bench:
    """Two stages work there. Of four pictures the model has told and drawn one, told another, and two have nothing."""
    tables("claims")
    told.pipeline(PIPELINE + STAGES)
    first, second, *_ = told.gold
    label_all(told.production, {first: told.gold[first], second: Seen(told.gold[second].kind, None)}, confidence=0.9)
    annotate(told.production, gold.CONSENSUS, told.gold, gold.ANNOTATORS)
    return told


def shares(bench: Bench) -> dict[str, tuple[int, int, int]]:
    """Of each model: right, tried, and data units that count."""
    lines = [line for line in bench.report().leaderboard if line.kind == "model" and line.accuracy]
    return {line.rater: (line.accuracy.right, line.accuracy.tried, line.units) for line in lines if line.accuracy}


def stage_of(bench: Bench, title: str) -> UUID:
    return next(one.uuid for one in bench.production.workflow.stages if one.title == title)


def done(bench: Bench, stage: str, state: State = State.DONE, reason: str = "") -> None:
    """The stage's agent has come that far with all tasks."""
    where = stage_of(bench, stage)
    claims = [
        Claim(TaskKey(where, task.uuid), state, AT, AT + timedelta(minutes=15), token=1, reason=reason)
        for task in bench.review.get_tasks()
    ]
    TaskClaims(boto3.client("dynamodb"), "claims").swap(claims)


def decide(bench: Bench, kind: str) -> None:
    """What the first stage decided about all pictures, in the shadow."""
    ShadowRecords(Objects(boto3.client("s3"), "records")).keep(
        [decision(task.data_hash, task.uuid, kind) for task in bench.review.get_tasks()]
    )


def decision(data: UUID, task: UUID, kind: str) -> ShadowDecision:
    return ShadowDecision(
        version=1,
        project=gold.PRODUCTION,
        stage=UUID(int=4),
        stage_title=gold.TELL,
        task=task,
        data=data,
        title="",
        branch="main",
        answer=kind,
        pathway="Told",
        rejected=False,
        reason="",
        confidence=0.9,
        proposals=recorded([Answer("Animal", kind, 0.9)]),
        usage=Usage(),
        decided_at=AT,
    )


def test_each_live_stage_is_a_rater_with_what_stands_of_its_labels(labelled: Bench) -> None:
    labelled.score()

    assert shares(labelled) == {gold.TELL: (2, 2, 2), gold.DRAW: (1, 1, 1)}
    pages = {key.rpartition(".")[2]: labelled.read(key) for key in labelled.files() if "/reports/" in key}
    assert all(gold.TELL in pages[kind] and '"agents"' not in pages[kind] for kind in ("csv", "html", "json"))


def test_a_stage_that_was_done_with_a_task_missed_what_it_did_not_label(labelled: Bench) -> None:
    done(labelled, gold.DRAW)
    labelled.score()

    assert shares(labelled) == {gold.TELL: (2, 2, 2), gold.DRAW: (1, 4, 4)}


@pytest.mark.parametrize(
    ("state", "reason"),
    [(State.DONE, "over budget"), (State.RUNNING, ""), (State.REJECTED, "no"), (State.SHADOWED, "")],
    ids=["refused or put off", "under way", "rejected", "tried in the shadow"],
)
def test_a_claim_that_does_not_say_that_the_agent_looked_invents_no_misses(
    labelled: Bench, state: State, reason: str
) -> None:
    done(labelled, gold.DRAW, state, reason)
    labelled.score()

    assert shares(labelled)[gold.DRAW] == (1, 1, 1)


def test_what_people_labelled_before_an_agent_is_none_of_its_misses(labelled: Bench) -> None:
    _, _, third, _ = labelled.gold
    label_all(labelled.production, {third: labelled.gold[third]})
    done(labelled, gold.TELL)
    labelled.score()

    assert shares(labelled)[gold.TELL] == (2, 3, 3)


def test_what_is_known_of_an_agent_outlasts_its_claim(labelled: Bench) -> None:
    done(labelled, gold.DRAW)
    labelled.score()
    done_before = shares(labelled)
    for task in labelled.review.get_tasks():
        boto3.client("dynamodb").delete_item(
            TableName="claims",
            Key={"task": {"S": str(task.uuid)}, "stage": {"S": str(stage_of(labelled, gold.DRAW))}},
        )
        task.move(destination_stage_uuid=labelled.annotation.uuid)
    annotate(labelled.production, gold.CONSENSUS, labelled.gold, gold.ANNOTATORS)

    [scored] = labelled.score()

    assert (scored["new"], shares(labelled)) == (4, done_before)


def test_a_stage_in_the_shadow_is_a_rater_by_its_decisions(labelled: Bench) -> None:
    labelled.pipeline(PIPELINE + SHADOW)
    decide(labelled, "Cat")
    labelled.score()

    cats = sum(seen.kind == "Cat" for seen in labelled.gold.values())
    assert shares(labelled) == {gold.TELL: (cats, 4, 4), gold.DRAW: (1, 1, 1), "agents": (2, 2, 2)}


def test_another_decision_in_the_shadow_makes_another_report(labelled: Bench) -> None:
    labelled.pipeline(PIPELINE + SHADOW)
    decide(labelled, "Cat")
    labelled.score()
    assert labelled.score() == []
    decide(labelled, "Dog")

    [scored] = labelled.score()

    dogs = sum(seen.kind == "Dog" for seen in labelled.gold.values())
    assert (scored["new"], shares(labelled)[gold.TELL]) == (0, (dogs, 4, 4))


def test_another_stage_in_pipeline_yaml_makes_another_report_and_misses_that_are_lost_are_noted(
    labelled: Bench,
) -> None:
    done(labelled, gold.DRAW)
    labelled.score()
    labelled.pipeline(PIPELINE)

    [scored] = labelled.score()

    assert (scored["new"], shares(labelled)) == (0, {"agents": (3, 4, 2)})
    assert {note.what: note.count for note in labelled.report().notes} == {agent_stages.NOT_LIVE: 4}


def test_a_strange_file_among_the_decisions_is_noted_and_the_others_count(labelled: Bench) -> None:
    labelled.pipeline(PIPELINE + SHADOW)
    decide(labelled, "Cat")
    s3 = boto3.client("s3")
    keys = [one["Key"] for one in s3.list_objects_v2(Bucket="records", Prefix="shadow/")["Contents"]]
    s3.put_object(Bucket="records", Key=keys[0], Body=b"{}")
    s3.put_object(Bucket="records", Key=f"shadow/{gold.PRODUCTION}/readme.txt", Body=b"{}")

    labelled.score()

    assert shares(labelled)[gold.TELL][1:] == (3, 3)
    assert {note.what: note.count for note in labelled.report().notes} == {decided.STRANGE: 1}
