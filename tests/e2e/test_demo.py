"""The story of `make demo`, played once in-process on the deployed template, under IAM."""

import json

import pytest
from encord import EncordUserClient
from encord.orm.storage import StorageItemType

from encord_lambda.registration.upload_jobs.receipts import beside
from sandbox.scenario import closing
from sandbox.scenario.checks import checks
from sandbox.scenario.library import FOLDER, MANIFEST
from sandbox.scenario.receipt_checks import TERMS, sums
from sandbox.scenario.report import Report
from sandbox.scenario.servers import Sandbox

SPACE = "has a space in it (encode it as %20)"


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
    fates = report.sight.receipts.of("library/")

    assert fates[beside(MANIFEST)] == "a receipt, not a file to register"


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
        "seconds": 12.3,
    }
