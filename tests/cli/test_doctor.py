"""`encord-lambda doctor`: a stack in moto with an Encord, models and agents; well, and in every kind of trouble."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from encord_lambda import cli
from encord_lambda.doctor import keys
from sandbox.encord_twin import Twin
from sandbox.model_server.server import Server
from sandbox.model_server.server import serve as serve_model
from tests.cli.doctored import ORIGIN, Doctored, agents_at, doctored
from tests.cli.encord import FOLDER, PETS

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
PERMISSIONS = {
    "s3:HeadBucket": "s3:ListBucket",
    "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "s3:GetBucketCors": "s3:GetBucketCORS",
}
"""Of requests that are not called as the permissions they take."""
NOBODY = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def model() -> Iterator[Server]:
    with serve_model() as server:
        yield server


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with agents_at(ORIGIN) as url:
        yield url


@pytest.fixture
def stack(twin: Twin, model: Server) -> Iterator[Doctored]:
    with doctored(twin, model.url) as made:
        yield made


def told(capsys: pytest.CaptureFixture[str], *verdicts: str) -> dict[str, str]:
    """What is said of each thing that was found so: of several lines about one thing all."""
    found: dict[str, str] = {}
    for line in capsys.readouterr().out.splitlines()[:-1]:
        verdict, rest = line[:11].rstrip(), line[13:]
        subject, _, words = rest.partition(": ")
        if verdict in verdicts:
            found[subject] = f"{found[subject]}\n{words}" if subject in found else words
    return found


def test_a_stack_that_is_well_has_nothing_but_ok(
    stack: Doctored, address: str, model: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = len(model.history)

    assert cli.main(["doctor", "--editor-url", address]) == 0

    output = capsys.readouterr()
    *lines, last = output.out.splitlines()
    assert {line[:13] for line in lines} == {"ok           "}
    assert last == f"{len(lines)} ok, 0 warn, 0 fail, 0 not checked"
    assert output.err == ""
    assert not any(secret in output.out for secret in ("sk-very-secret", "PRIVATE", "signing\n"))
    assert [one.path for one in model.history[asked:]] == ["/detect"], "no model is asked, and the detector once"
    assert stack.outputs


def test_the_docs_name_every_permission_it_needs(stack: Doctored, address: str) -> None:
    asked = stack.overheard()

    assert cli.main(["doctor", "--editor-url", address]) == 0

    documented = OPERATIONS.read_text().partition("## Doctor\n")[2].partition("\n## ")[0]
    listed = set(re.findall(r"`([a-z0-9]+:[A-Z][A-Za-z]+)`", documented)) - {"sagemaker:InvokeEndpoint"}
    assert {PERMISSIONS.get(one, one) for one in asked} == listed


def test_every_fault_is_told_at_once_with_what_to_do(
    stack: Doctored, twin: Twin, capsys: pytest.CaptureFixture[str]
) -> None:
    _harm_encord(stack, twin)
    _harm_aws(stack)

    with agents_at("https://app.encord.com") as address:
        assert cli.main(["doctor", "--editor-url", address]) == 1

    found = told(capsys, "fail", "warn", "not checked")
    for subject, words in FAULTS.items():
        assert words in found.pop(subject, f"nothing is said of {subject}"), subject
    assert found == {}


FAULTS = {
    "registration 'pets/'": f"Encord has no storage folder {FOLDER} that this key may see",
    "stage 'Agent 1'": "stages[0].agent.classification: the ontology has no classification titled 'Animals'",
    "stage 'Twin'": "the project has no stage titled 'Twin'; its agent stages: 'Agent 1', 'Twins'",
    "prompts/animals.md": "a prompt of classify needs `$questions`",
    "signing secret of scene": "has characters that no key has: store it anew, as text",
    "uploads bucket's events": "does not tell EventBridge of its objects, so nothing is registered: switch on",
    "uploads bucket's CORS": f"lets no page of {ORIGIN} read its objects (GET), so annotators see no media: add a CORS",
    "UploadsQueue": "hides messages for 60 s, and RegisterUploadsFunction may take 120 s: messages are worked on twice",
    "RegistrationsQueue": "for 1000 s, and TrackRegistrationsFunction may take 300 s: AWS advises 1800 s",
    "TasksQueue": "hides messages for 900 s, longer than a task is leased (900 s)",
    "CallsQueue": "FinishCallsFunction is not handed its messages: its trigger is Disabled. Enable it in Lambda",
    "TasksDeadLetters": "about 2 letters wait; what failed: encord-lambda replay",
    "UploadsDeadLetters": "about 1 letters wait; what failed: encord-lambda replay --queue uploads",
    "sweep's schedule": "sweep is disabled: enable it in the EventBridge Scheduler console",
    "benchmarks' schedule": "score is disabled: enable it",
    "benchmark scores": "the project has no consensus review titled 'Check'",
    "editor agents' address": f"refuses pages of {ORIGIN}: deploy with EditorOrigin",
    "model openai:no-such-model": "has no such model; it has 1, alike are: none",
}


def _harm_encord(stack: Doctored, twin: Twin) -> None:
    text = stack.pipeline.replace("classification: Animal,", "classification: Animals,")
    text += f"benchmarks: [{{name: scores, production: {PETS}, stage: Check, ground_truth: {PETS}}}]\n"
    stack.configure(text.replace("openai:gpt-4o-mini", "openai:no-such-model"))
    del twin.store.folders[FOLDER]
    stages = twin.store.projects[PETS].stages
    [twins] = [stage for stage in stages.values() if stage.title == "Twin"]
    twins.title = "Twins"


def _harm_aws(stack: Doctored) -> None:
    s3, sqs, functions = boto3.client("s3"), boto3.client("sqs"), boto3.client("lambda")
    bucket = stack.outputs["UploadsBucketName"]
    s3.put_object(Bucket=stack.outputs["RecordsBucketName"], Key="prompts/animals.md", Body=b"Look.")
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    s3.delete_bucket_cors(Bucket=bucket)
    stack.store("encord-lambda/editor-agents/scene", "two words")
    for queue, seconds in (("UploadsQueue", 60), ("RegistrationsQueue", 1000), ("TasksQueue", 900)):
        stack.hide_for(queue, seconds)
    functions.update_event_source_mapping(UUID=stack.trigger("FinishCallsFunction"), Enabled=False)
    for letters in ("Tasks", "Tasks", "Uploads"):
        sqs.send_message(QueueUrl=stack.outputs[f"{letters}DeadLettersUrl"], MessageBody="{}")
    for name in ("sweep", "score"):
        stack.schedule(name, "DISABLED")


def test_one_trouble_does_not_keep_the_rest_from_being_looked_at(
    stack: Doctored, twin: Twin, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a key that Encord does not know, nor an address where nobody answers."""
    twin.store.users.clear()
    stack.store("OpenAiKey", "schlüssel")
    stack.configure(stack.pipeline.replace(f"{stack.model_url}/detect", f"{NOBODY}/detect"))

    assert cli.main(["doctor", "--editor-url", NOBODY]) == 1

    found = told(capsys, "fail", "warn", "not checked")
    assert found.pop("Encord key").startswith("cannot list the cloud integrations: Encord says AuthenticationError")
    assert found.pop("what pipeline.yaml names in Encord") == "because that needs Encord key, see there"
    assert "the secret arn:" in found["OpenAI key"]
    assert found.pop("OpenAI key").endswith("has characters that no key has: store it anew, as text")
    assert found.pop("model openai:gpt-4o").endswith("the OpenAI key has characters that no key has")
    assert found.pop("model openai:gpt-4o-mini").endswith("the OpenAI key has characters that no key has")
    assert found.pop(f"detector http:{NOBODY}/detect") == f"{NOBODY}/detect: ConnectionError"
    assert found.pop("editor agents' address") == f"{NOBODY} cannot be reached from here: ConnectionError"
    assert found == {}


def test_without_a_good_pipeline_all_else_is_looked_at(stack: Doctored, capsys: pytest.CaptureFixture[str]) -> None:
    stack.configure("version: 1\nstagse: []\nlimits: {model_calls: 0}\n")
    stack.store("EncordKey", "no key")

    assert cli.main(["doctor"]) == 1

    output = capsys.readouterr().out
    assert "fail         pipeline.yaml: pipeline.yaml:2: stagse: " in output
    assert "fail         pipeline.yaml: pipeline.yaml:3: limits.model_calls: " in output
    assert (
        "fail         Encord key: the secret in EncordKeySecretArn is no Ed25519 private key in OpenSSH format"
        in output
    )
    assert "not checked  models: because that needs pipeline.yaml, see there" in output
    assert "ok           TasksQueue: " in output
    assert "no key" not in output


def test_what_is_missing_is_told_with_where_to_put_it(stack: Doctored, capsys: pytest.CaptureFixture[str]) -> None:
    records = stack.outputs["RecordsBucketName"]
    boto3.client("s3").delete_object(Bucket=records, Key="pipeline.yaml")
    boto3.client("secretsmanager").delete_secret(SecretId="EncordKey", ForceDeleteWithoutRecovery=True)
    boto3.client("lambda").delete_event_source_mapping(UUID=stack.trigger("RunTasksFunction"))
    scheduler: Any = boto3.client("scheduler")
    scheduler.delete_schedule(Name="sweep")
    boto3.client("events").disable_rule(Name=stack.resource("UploadsRule"))

    assert cli.main(["doctor"]) == 1

    found = told(capsys, "fail")
    assert f"upload yours to s3://{records}/pipeline.yaml" in found.pop("pipeline.yaml")
    assert "cannot read the secret arn:" in found.pop("Encord key")
    assert "RunTasksFunction has lost its trigger. Deploy again" in found.pop("TasksQueue")
    assert found.pop("sweep's schedule") == "nothing invokes SweepStagesFunction by the clock: deploy again"
    assert "the EventBridge rule UploadsRule is disabled" in found.pop("uploads bucket's events")
    assert found == {}


def test_what_the_persons_credentials_may_not_see_is_no_fault_and_no_success(
    stack: Doctored, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.deny("secrets-manager", "GetSecretValue")
    stack.deny("sqs", "GetQueueAttributes")

    assert cli.main(["doctor", "--editor-url", address]) == 2

    found = told(capsys, "fail", "warn", "not checked")
    assert found["TasksQueue"] == (
        "because your AWS credentials cannot look at the queue TasksQueue: AccessDeniedException: "
        "you may not sqs:GetQueueAttributes"
    )
    assert "you may not secrets-manager:GetSecretValue" in found["Encord key"]
    assert found["what pipeline.yaml names in Encord"] == "because that needs Encord key, see there"
    assert "pipeline.yaml" not in found


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("", ""), "; the same as "),
        (("Cat: Cat, ", "Cat: Cat, \n        "), "(2 of its lines are not in S3, and 1 of those in S3 not in it)"),
    ],
    ids=["the same", "another"],
)
def test_the_file_at_hand_is_compared_with_the_one_in_use(
    change: tuple[str, str],
    said: str,
    stack: Doctored,
    tmp_path: Path,
    address: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(stack.pipeline.replace(*change))

    assert cli.main(["doctor", "--pipeline", str(file), "--editor-url", address]) == 0

    assert said in told(capsys, "ok", "warn")["pipeline.yaml"]


def test_a_key_that_is_old_is_a_warning(
    stack: Doctored, address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(keys, "OLD", timedelta(days=-1))

    assert cli.main(["doctor", "--editor-url", address]) == 0

    assert "stored 0 days ago: put a new one into the same secret" in told(capsys, "warn")["Encord key"]
    assert stack.outputs


def test_machines_get_the_same(stack: Doctored, address: str, capsys: pytest.CaptureFixture[str]) -> None:
    stack.schedule("sweep", "DISABLED")

    assert cli.main(["doctor", "--json", "--editor-url", address]) == 1

    told = json.loads(capsys.readouterr().out)
    assert (told["stack"], told["counts"]["fail"], told["counts"]["warn"]) == ("encord-lambda", 1, 0)
    assert told["counts"]["ok"] == len(told["results"]) - 1
    [fault] = [one for one in told["results"] if one["verdict"] == "fail"]
    assert fault["subject"] == "sweep's schedule"


@pytest.mark.parametrize("option", [["--stack", "another"], ["--pipeline", "no-such-file"]])
def test_what_cannot_be_begun_is_one_line(
    option: list[str], stack: Doctored, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stack.outputs
    assert cli.main(["doctor", *option]) == 2

    output = capsys.readouterr()
    [line] = output.err.splitlines()
    assert line.startswith("encord-lambda: ")
    assert output.out == ""
