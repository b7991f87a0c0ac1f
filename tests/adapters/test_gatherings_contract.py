"""What gathering relies on, held against the DynamoDB table (moto) and the fake alike; and S3's listings."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.stub import Stubber

from encord_lambda.aws import listing
from encord_lambda.aws.gatherings import KEPT_FOR, Gatherings
from encord_lambda.aws.listing import S3Directories
from encord_lambda.errors import Misconfigured, Reject, Retry
from encord_lambda.registration.directories.groups import Group, GroupKey, Groups, State
from sandbox import template
from tests.fakes.gathering import FakeGroups

NOON = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)
KEY = GroupKey("media", "runs/3 ü#/")
GROUP = Group(KEY, "eu-west-1", State.GATHERING, seen=NOON)
pytestmark = pytest.mark.usefixtures("aws")


def table() -> Gatherings:
    """The table as template.yaml makes it."""
    dynamodb = boto3.client("dynamodb")
    properties = template.load()["Resources"]["Registrations"]["Properties"]
    wanted = {key: properties[key] for key in ("BillingMode", "AttributeDefinitions", "KeySchema")}
    dynamodb.create_table(TableName="registrations", **wanted)
    return Gatherings(dynamodb, "registrations")


@pytest.fixture(params=["table", "fake"])
def groups(request: pytest.FixtureRequest) -> Groups:
    return table() if request.param == "table" else FakeGroups()


def test_what_is_written_is_read_to_the_microsecond(groups: Groups) -> None:
    whole = replace(GROUP.leased(NOON), due=NOON, plan="groups/plan.json", planned_at=NOON, token=1)

    assert groups.swap(whole)
    assert groups.read(KEY) == whole


def test_an_unknown_directory_is_none(groups: Groups) -> None:
    assert groups.read(KEY) is None


def test_only_the_first_of_two_new_records_is_written(groups: Groups) -> None:
    assert groups.swap(GROUP)
    assert not groups.swap(replace(GROUP, region="eu-north-1"))
    assert groups.read(KEY) == GROUP


def test_of_two_changes_to_one_record_the_second_is_refused(groups: Groups) -> None:
    groups.swap(GROUP)

    assert groups.swap(GROUP.leased(NOON))
    assert not groups.swap(GROUP.waiting())
    assert groups.read(KEY) == GROUP.leased(NOON)


def test_directories_of_one_name_in_two_buckets_are_two(groups: Groups) -> None:
    groups.swap(GROUP)

    assert groups.read(GroupKey("other", KEY.directory)) is None


@pytest.mark.parametrize("planned_at", [None, NOON + timedelta(days=1)])
def test_a_record_expires_long_after_its_last_change(planned_at: datetime | None) -> None:
    groups = table()
    groups.swap(replace(GROUP, planned_at=planned_at))

    answer = groups._dynamodb.get_item(
        TableName="registrations", Key={"id": {"S": f"group#{KEY.bucket}/{KEY.directory}"}}
    )
    assert answer["Item"]["expires_at"] == {"N": str(int(((planned_at or NOON) + KEPT_FOR).timestamp()))}


@pytest.mark.parametrize(
    ("code", "trouble"), [("ResourceNotFoundException", Misconfigured), ("ThrottlingException", Retry)]
)
def test_a_table_that_is_busy_or_not_there_is_no_lost_race(code: str, trouble: type[Retry]) -> None:
    groups = table()
    with Stubber(groups._dynamodb) as stub:
        stub.add_client_error("put_item", code)
        with pytest.raises(trouble) as raised:
            groups.swap(GROUP)

    assert type(raised.value) is trouble


@pytest.fixture
def directories() -> S3Directories:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="media", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    for name in ("10.jpg", "2.jpg", "ü #.jpg", "below/1.jpg", "_COMPLETE"):
        s3.put_object(Bucket="media", Key=f"runs/3/{name}", Body=b"x" if name != "_COMPLETE" else b"")
    s3.put_object(Bucket="media", Key="runs/30/1.jpg", Body=b"x")
    return S3Directories(s3)


def test_a_listing_has_what_is_right_in_the_directory(directories: S3Directories) -> None:
    found = directories.listed(GroupKey("media", "runs/3/"), "eu-west-1", 100)

    assert [(entry.upload.key, entry.upload.size) for entry in found] == [
        *(("runs/3/10.jpg", 1), ("runs/3/2.jpg", 1), ("runs/3/_COMPLETE", 0), ("runs/3/ü #.jpg", 1))
    ]
    assert (found[0].upload.bucket, found[0].upload.region) == ("media", "eu-west-1")
    assert found[0].upload.etag == "9dd4e461268c8034f5c8564e155c67a6"
    assert abs(found[0].modified - datetime.now(UTC)) < timedelta(hours=1)


def pages(directories: S3Directories, *answers: Mapping[str, object]) -> Stubber:
    """S3 with these pages, each with a mark for the next one."""
    stub = Stubber(directories._s3)
    for number, answer in enumerate(answers):
        expected = {"Bucket": "media", "Prefix": "many/", "Delimiter": "/"}
        stub.add_response(
            "list_objects_v2",
            {"IsTruncated": True, "NextContinuationToken": f"{number + 1}", **answer},
            expected | ({"ContinuationToken": str(number)} if number else {}),
        )
    return stub


def test_no_page_is_asked_for_beyond_the_limit(directories: S3Directories) -> None:
    entry = {"Size": 1, "ETag": '"e"', "LastModified": NOON}
    page = {"Contents": [{"Key": "many/1", **entry}, {"Key": "many/2", **entry}]}
    with pages(directories, page, page) as stub:
        assert len(directories.listed(GroupKey("media", "many/"), "eu-west-1", 3)) == 3
        stub.assert_no_pending_responses()
    with pages(directories, page):
        assert len(directories.listed(GroupKey("media", "many/"), "eu-west-1", 2)) == 2


def test_a_directory_with_too_many_others_below_is_refused(
    directories: S3Directories, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_PAGES", 2)
    page = {"CommonPrefixes": [{"Prefix": "many/1/"}]}
    with (
        pages(directories, page, page, page),
        pytest.raises(Reject, match="s3://media/many/ has too many directories below it"),
    ):
        directories.listed(GroupKey("media", "many/"), "eu-west-1", 10)
