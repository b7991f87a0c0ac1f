"""The story of `make demo`, played once in-process on the deployed template, under IAM."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import boto3
import pytest
from botocore.exceptions import ClientError
from encord import EncordUserClient
from encord.orm.storage import StorageItemType
from playwright.sync_api import Browser

from encord_lambda import cli
from encord_lambda.registration.upload_jobs.receipts import beside
from sandbox import aws
from sandbox import browser as installed
from sandbox.ministack import client_environment
from sandbox.scenario import closing
from sandbox.scenario.checks import checks
from sandbox.scenario.editor import SHORTEST
from sandbox.scenario.gold import PRODUCTION
from sandbox.scenario.library import FOLDER, MANIFEST
from sandbox.scenario.receipt_checks import TERMS, sums
from sandbox.scenario.report import Report
from sandbox.scenario.servers import Sandbox
from sandbox.scenario.watching import Watcher
from sandbox.scenario.world import DESCRIPTION, PROJECT
from tests.e2e import editor_page
from tests.e2e.conftest import Quiet

SPACE = "has a space in it (encode it as %20)"


@pytest.fixture
def browser() -> Iterator[Browser]:
    """One for each test that wants one: Playwright keeps an event loop running."""
    if installed.executable() is None:
        pytest.skip(installed.NO_BROWSER)
    with installed.started() as running:
        yield running


def test_every_check_of_the_closing_table_holds(report: Report) -> None:
    failed = [check for check in checks(report) if not check.holds]

    assert not failed, json.dumps(report.errors, indent=2)


def test_every_object_is_accounted_for(report: Report) -> None:
    truth = {upload.key: upload.kind for upload in report.uploads}

    assert {key for key, reason in report.sight.fates.items() if reason is None} == {
        key for key, kind in truth.items() if kind
    }
    assert all(report.sight.refused[key] for key, kind in truth.items() if kind is None)


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("pets/empty.jpg", "empty"),
        ("pets/shopping list.jpg", "first bytes are those of text"),
        ("pets/truncated.png", "not a readable image"),
        ("pets/readings.xyz", ".xyz"),
        ("pets/new folder/", "folder marker"),
    ],
)
def test_a_bad_object_is_refused_for_what_is_bad_about_it(report: Report, key: str, reason: str) -> None:
    assert reason in report.sight.refused[key]


def test_a_name_too_long_is_refused_with_its_length(report: Report) -> None:
    [key] = [upload.key for upload in report.uploads if len(upload.key) > 300]

    assert "301" in report.sight.refused[key]


def test_the_days_receipts_add_up_for_each_registration(report: Report) -> None:
    found = {prefix: tuple(terms[term] for term in TERMS) for prefix, terms in sums(report.sight.receipts.days).items()}

    registered, existing, failed, pending = found.pop("library/")
    assert registered + existing >= 13  # the sidecar hands its picture in once more, if it comes in another batch
    assert (failed, pending) == (1, 0)
    assert found == {
        "pets/": (60, 0, 5, 0),
        "library/groups/": (1, 0, 0, 0),
        "library/sequences/": (1, 0, 0, 0),
        "library/scans/": (2, 0, 0, 0),
    }


def test_a_line_of_an_import_manifest_is_refused_with_its_place(report: Report) -> None:
    assert report.catalogue.beside is not None
    [line] = report.catalogue.beside.objects

    assert line.reason == f"{MANIFEST}:4:{line.reason.split(':')[2]}: U1 record 4, ObjectURL: {SPACE}"


def test_the_receipt_beside_the_manifest_starts_nothing(report: Report) -> None:
    """It is written more than once, and the event of one may be passed over for that of the next in the same batch."""
    fate = report.sight.receipts.of("library/")[beside(MANIFEST)]

    assert fate
    assert fate.startswith(("a receipt, not a file", "the object was written again"))


def test_the_files_of_groups_are_in_natural_order(deployed: Sandbox) -> None:
    client = EncordUserClient.create_with_ssh_private_key(deployed.key, domain=deployed.encord.url)
    items = client.get_storage_folder(FOLDER).list_items()
    [burst] = [item for item in items if item.item_type is StorageItemType.IMAGE_GROUP]

    assert [part.name.rpartition("/")[2] for part in burst.get_child_items()] == ["1.png", "2.png", "10.png"]


def test_tasks_wait_where_their_pictures_belong(report: Report) -> None:
    assert report.sight.platform.waiting() == {
        "Agent 1": 0,
        "Annotate cats": 20,
        "Annotate dogs": 20,
        "Complete": 0,
        "Archive": 20,
    }


def test_the_task_path_is_frugal(report: Report) -> None:
    assert (report.tasks, report.visits) == (60, 60 + len(report.zoo) + 8 + 6 + 3)
    assert report.requests_per_task <= 1.2


def test_labels_came_by_notification_before_the_schedule_ticked(report: Report, deployed: Sandbox) -> None:
    scheduler = deployed.cloud.session.client("scheduler")
    names = [schedule["Name"] for schedule in scheduler.list_schedules()["Schedules"]]

    assert sorted(scheduler.get_schedule(Name=name)["ScheduleExpression"] for name in names) == [
        "rate(1 day)",
        "rate(1 hour)",
    ]
    assert 0 < report.notifications.sweeps <= report.notifications.accepted
    assert 401 not in {told.status for told in deployed.encord.notified()}
    assert len(report.waited) == 60


def test_a_forged_notification_is_refused_and_the_true_secret_is_in_no_log(report: Report, deployed: Sandbox) -> None:
    lines = deployed.cloud.logs(deployed.stack.log_groups["TaskReadyFunction"])
    secret = deployed.cloud.session.client("secretsmanager").get_secret_value(SecretId="encord-webhook")["SecretString"]

    assert report.notifications.forged == 401
    assert sum("the signature is not that of this body with a secret of ours" in line for line in lines) == 1
    assert not [line for line in lines if secret in line]


@pytest.mark.usefixtures("report")
def test_a_page_of_another_origin_calls_shows_why_it_was_refused_and_refreshes(
    deployed: Sandbox, browser: Browser
) -> None:
    """ministack answers the preflights and writes the CORS headers, as API Gateway does, of the template's list."""
    click = {"projectHash": str(PROJECT), "dataHash": str(undescribed(deployed)[0]), "frame": 0}

    with editor_page.opened(browser, f"{deployed.encord.url}/_twin/ready") as editor:
        editor.click(f"{deployed.stack.api_url}/agents/sing", click)
        assert editor.shown("message").startswith("there is no editor agent 'sing'")
        editor.click(f"{deployed.stack.api_url}/agents/describe-scene", click | {"frame": 7})
        assert "there is no frame 7" in editor.shown("message")
        assert editor.shown("description") == ""

        editor.click(f"{deployed.stack.api_url}/agents/describe-scene", click)

        assert editor.shown("message") == ""
        assert len(editor.shown("description")) >= SHORTEST
        assert set(editor.preflights) == {204}


@pytest.mark.usefixtures("report")
def test_a_page_of_an_origin_that_nobody_named_is_stopped_by_the_browser_and_by_the_function(
    deployed: Sandbox, browser: Browser
) -> None:
    before = undescribed(deployed)
    click = {"projectHash": str(PROJECT), "dataHash": str(before[0]), "frame": 0}
    agent = f"{deployed.stack.api_url}/agents/describe-scene"

    with editor_page.opened(browser, f"{deployed.model_url}/ready") as editor:
        editor.click(agent, click)
        assert editor.shown("message") == editor_page.BLOCKED
        assert editor.preflights == [403]
        # A form's type needs no asking, so this one is sent, and not carried out.
        editor.click(agent, click, mode="no-cors", headers={})

    assert undescribed(deployed) == before


@pytest.mark.usefixtures("report")
def test_a_queued_call_is_finished_by_its_own_function(deployed: Sandbox) -> None:
    data = undescribed(deployed)[0]
    call = {"version": 1, "agent": "describe-scene", "call": {"projectHash": str(PROJECT), "dataHash": str(data)}}
    calls = deployed.stack.queue_urls["Calls"]
    deployed.cloud.session.client("sqs").send_message(QueueUrl=calls, MessageBody=json.dumps(call))

    Watcher(deployed).until(lambda sight: not sight.queues["Calls"], Quiet(), time.monotonic() + 60)

    assert data not in undescribed(deployed)


def undescribed(deployed: Sandbox) -> list[UUID]:
    """Data units that no editor agent described by now."""
    return [row.data_hash for row in deployed.encord.look().label_rows if not row.answers(DESCRIPTION)]


def test_the_benchmarks_page_shows_who_labels_well_and_leads_to_the_pictures(
    report: Report, deployed: Sandbox, browser: Browser
) -> None:
    assert report.scoring.page
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(report.scoring.page.as_uri())

    assert [page.get_by_text(one.email).count() > 0 for one in report.scoring.annotators] == [True] * 3
    links = page.locator(f"a[href^='{deployed.encord.url}/label_editor/']")
    assert page.locator("#worst image").count() == links.count() > 0
    links.first.click()
    page.wait_for_url(f"{deployed.encord.url}/projects/{PRODUCTION}/tasks/*")
    assert said == []
    page.close()


def test_who_misses_the_benchmarks_target_is_counted(report: Report, deployed: Sandbox) -> None:
    lines = deployed.cloud.logs(deployed.stack.log_groups["ScoreBenchmarkFunction"])
    [told] = [entry for line in lines if '"RatersBelowTarget"' in line and "_aws" in (entry := json.loads(line))]

    assert told["RatersBelowTarget"] == [1.0]
    assert report.scoring.archived == 40


@pytest.mark.usefixtures("report")
def test_the_roles_of_the_template_were_enforced_all_the_while(deployed: Sandbox) -> None:
    """Worn by somebody else, the role that the internet calls opens pipeline.yaml, and not the Encord key."""
    worn = wearing(deployed, "TaskReadyRole")
    client = deployed.cloud.session.client

    assert client("s3", **worn).get_object(Bucket=deployed.stack.records_bucket, Key="pipeline.yaml")["Body"].read()
    with pytest.raises(ClientError, match="AccessDenied"):
        client("secretsmanager", **worn).get_secret_value(SecretId="encord-key")


def wearing(deployed: Sandbox, role: str) -> dict[str, Any]:
    """Credentials of a role of the stack; ministack lends them to its root, whomever the role trusts."""
    iam: Any = deployed.cloud.session.client("iam")  # boto3-stubs knows these two only with extras of their own
    sts: Any = deployed.cloud.session.client("sts")
    stack = deployed.cloud.session.client("cloudformation")
    made = stack.describe_stack_resource(StackName=aws.STACK, LogicalResourceId=role)["StackResourceDetail"]
    arn = iam.get_role(RoleName=made["PhysicalResourceId"])["Role"]["Arn"]
    lent = sts.assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
    return {
        "aws_access_key_id": lent["AccessKeyId"],
        "aws_secret_access_key": lent["SecretAccessKey"],
        "aws_session_token": lent["SessionToken"],
    }


def test_doctor_finds_the_stack_well(
    deployed: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    for name, value in client_environment(deployed.cloud.endpoint, tmp_path).items():
        monkeypatch.setenv(name, value)

    assert cli.main(["doctor", "--editor-url", deployed.stack.api_url]) == 0

    *lines, _ = capsys.readouterr().out.splitlines()
    assert len(lines) > 30
    assert [line for line in lines if not line.startswith("ok ")] == []


def test_nothing_is_left_on_any_queue(report: Report, deployed: Sandbox) -> None:
    assert report.left_over == {}
    assert all(deployed.cloud.dead_letters(url) == [] for url in deployed.stack.dead_letter_urls.values())


def test_the_last_line_is_for_machines(report: Report) -> None:
    word, _, numbers = closing.result(report, 12.34).partition(" ")

    assert word == "RESULT"
    assert json.loads(numbers) == {
        "objects": 66,
        "registered": 60,
        "refused": 6,
        "library": 17,
        "tasks": 60,
        "agent_visits": report.visits,
        "accuracy": report.accuracy,
        "requests_per_task": round(report.requests_per_task, 3),
        "notifications": report.notifications.accepted,
        "seconds_at_stage": round(median(report.waited), 1),
        "seconds": 12.3,
    }
