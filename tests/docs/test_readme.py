"""The README's commands, typed as they stand there, and the claims of all pages that can be checked."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from encord_lambda import outcomes
from encord_lambda.config import PipelineConfig
from sandbox import aws
from tests.docs import markdown
from tests.docs.markdown import README, ROOT
from tests.docs.typing_shell import Shell, shell

DEPLOY = "Deploy to AWS"
OPERATIONS = ROOT / "docs" / "operations.md"
# Every other shell command of the README, and what runs it.
RUN_BY = {
    "make demo": "tests/e2e",  # plays the same scenario
    "make test": ".ci/run",
}


@pytest.fixture(scope="module")
def cloud() -> Iterator[aws.Cloud]:
    with aws.started() as started:
        yield started


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """What the reader has ready. The key is none, so that no function gets as far as calling Encord."""
    keys = ("encord-key", "openai-key", "encord-webhook-secrets")
    for name, content in (*((key, "no key\n") for key in keys), ("cat.jpg", "\xff\xd8\xff cat")):
        (tmp_path / name).write_text(content, encoding="latin-1")
    return tmp_path


def test_the_deploy_section_works_as_it_stands(cloud: aws.Cloud, home: Path) -> None:
    """Then the commands of docs/operations.md on the deployed stack, then the removal."""
    s3 = cloud.session.client("s3")
    s3.create_bucket(Bucket="my-media", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    *steps, removal = [block for block in markdown.blocks(README) if DEPLOY in block.headings]
    assert removal.headings[-1] == "Remove it"

    with shell(cloud.endpoint, home) as bash:
        printed = {step.headings[-1]: bash.type(step.text) for step in steps}
        records = _output(bash, "RecordsBucketName")
        uploads = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"] if "uploadsbucket" in bucket["Name"]]

        assert "ok — 1 registration" in printed["Configure"]
        assert "pipeline.yaml" in printed["Upload"]
        assert printed["Call an agent from the Label Editor"].endswith("/agents/describe-scene")
        assert s3.get_object(Bucket=uploads[0], Key="pets/cat.jpg")["ContentLength"]
        assert s3.get_object(Bucket=records, Key="pipeline.yaml")["VersionId"]
        assert s3.get_bucket_notification_configuration(Bucket="my-media")["EventBridgeConfiguration"] == {}
        assert _output(bash, "UploadsBucketName") == "my-media"

        for block in markdown.blocks(OPERATIONS):
            bash.type(block.text)

        bash.type(removal.text)
        left = cloud.session.client("cloudformation").list_stacks(StackStatusFilter=["CREATE_COMPLETE"])
        assert "encord-lambda" not in [stack["StackName"] for stack in left["StackSummaries"]]
        assert s3.get_object(Bucket=records, Key="pipeline.yaml"), "the buckets are to stay"


def test_every_other_command_is_run_by_something_else() -> None:
    others = [block.text.strip() for block in markdown.blocks(README) if DEPLOY not in block.headings]
    assert sorted(others) == sorted(RUN_BY)
    for place in RUN_BY.values():
        assert (ROOT / place).exists()
    assert "make test" in (ROOT / ".ci" / "run").read_text()


def test_the_pipeline_it_shows_is_a_pipeline() -> None:
    (block,) = markdown.blocks(README, "yaml")
    shown = PipelineConfig.parse("README.md", block.text)
    assert (len(shown.registrations), len(shown.stages), list(shown.editor_agents)) == (1, 1, ["describe-scene"])


@pytest.mark.parametrize("page", markdown.PAGES, ids=lambda page: page.name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for link in markdown.links(page):
        path, _, anchor = link.partition("#")
        if "://" in link:
            continue
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in markdown.anchors(target), link


def test_operations_knows_every_outcome() -> None:
    """A new outcome that nobody can look up would be a riddle in the log."""
    table = set(re.findall(r"^\| `([A-Z]\w+)` \| (?:info|warning)", OPERATIONS.read_text(), re.MULTILINE))
    assert table == {kind.__name__ for kind in outcomes.Outcome.__args__}


def _output(bash: Shell, key: str) -> str:
    return bash.type(f"output {key}")
