"""Shadow decisions in S3 (moto)."""

from uuid import UUID

import boto3
import pytest

from encord_lambda.agents.agent import Usage
from encord_lambda.aws.objects import Objects
from encord_lambda.aws.shadows import ShadowRecords
from encord_lambda.labels.proposals import Answer, Box, Placement, Thing
from encord_lambda.labels.records import recorded
from encord_lambda.shadow import ShadowDecision, prefix
from tests.fakes.scene import NOON

pytestmark = pytest.mark.usefixtures("aws")
PROPOSALS = (
    Answer("Animal", "Cat", 0.9),
    Thing("Cat", (Placement(0, Box(0.1, 0.2, 0.3, 0.4), 0.8),), "0:1"),
)


@pytest.fixture
def objects() -> Objects:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="records", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return Objects(s3, "records")


def a_decision(task: int, reason: str = "") -> ShadowDecision:
    return ShadowDecision(
        version=1,
        project=UUID(int=9),
        stage=UUID(int=8),
        stage_title="Agent 1",
        task=UUID(int=task),
        data=UUID(int=task + 100),
        title="ü.jpg",
        branch="main",
        answer="Cat",
        pathway="Cat",
        rejected=False,
        reason=reason,
        confidence=0.8,
        proposals=recorded(PROPOSALS),
        usage=Usage(1.5, 10, 2, 0.25),
        decided_at=NOON,
    )


def read(objects: Objects, key: str) -> ShadowDecision:
    return ShadowDecision.model_validate_json(objects.read(key))


def test_what_is_kept_is_read_back_equal(objects: Objects) -> None:
    decisions = [a_decision(task) for task in range(30)]

    ShadowRecords(objects).keep(decisions)

    assert [read(objects, one.key) for one in decisions] == decisions
    assert read(objects, decisions[0].key).proposed == PROPOSALS


def test_a_second_decision_about_a_task_is_written_over_the_first(objects: Objects) -> None:
    records = ShadowRecords(objects)
    records.keep([a_decision(1, "first")])
    records.keep([a_decision(1, "second")])

    assert read(objects, a_decision(1).key).reason == "second"
    assert len(boto3.client("s3").list_objects_v2(Bucket="records")["Contents"]) == 1


def test_nothing_to_keep_is_nothing_to_do(objects: Objects) -> None:
    ShadowRecords(objects).keep([])

    assert "Contents" not in boto3.client("s3").list_objects_v2(Bucket="records")


def test_decisions_about_data_units_are_found_with_marks_that_change_with_them(objects: Objects) -> None:
    records, wanted = ShadowRecords(objects), [a_decision(1).data, a_decision(2).data, UUID(int=7)]
    again = a_decision(1).model_copy(update={"task": UUID(int=50)})
    elsewhere = a_decision(2).model_copy(update={"project": UUID(int=10)})
    records.keep([a_decision(1), again, a_decision(2), a_decision(3), elsewhere])
    objects.write(f"{prefix(UUID(int=9))}readme.txt", b"")

    before = records.marks(UUID(int=9), wanted)
    records.keep([a_decision(1, "second"), a_decision(2)])
    after = records.marks(UUID(int=9), wanted)

    keys = {data: sorted(marks) for data, marks in before.items()}
    assert keys == {wanted[0]: sorted([a_decision(1).key, again.key]), wanted[1]: [a_decision(2).key]}
    assert {key for data in after for key in after[data] if after[data][key] != before[data][key]} == {
        a_decision(1).key
    }


def test_decisions_are_read_by_their_keys_and_a_strange_one_is_none(objects: Objects) -> None:
    ShadowRecords(objects).keep([a_decision(1), a_decision(2)])
    objects.write(a_decision(2).key, b"{}")

    found = ShadowRecords(objects).at([a_decision(1).key, a_decision(2).key])

    assert found == {a_decision(1).key: a_decision(1), a_decision(2).key: None}
