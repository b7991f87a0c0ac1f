"""docs/local-invoke.md: its functions, events and variables exist, and its command runs."""

import json
import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from encord_lambda import settings
from sandbox import aws
from sandbox import template as reader
from tests.docs import markdown
from tests.docs.markdown import ROOT
from tests.docs.typing_shell import shell

PAGE = ROOT / "docs" / "local-invoke.md"
FUNCTIONS = reader.functions(reader.load())
ENV = json.loads(markdown.blocks(PAGE, "json")[0].text)
NOT_OURS = {"AWS_ENDPOINT_URL", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}


def test_every_event_is_named_after_a_function() -> None:
    folders = tuple(Path(function.code).name for function in FUNCTIONS.values())
    events = list((ROOT / "events").glob("*.json"))
    assert events
    assert [event.name for event in events if not event.name.startswith(folders)] == []


def test_the_page_says_what_every_event_is() -> None:
    first_cells = re.findall(r"^\| (`[^|]+) \|", PAGE.read_text(), re.MULTILINE)
    named = re.findall(r"`(\w+)`", " ".join(first_cells))
    assert sorted(named) == sorted(event.stem for event in (ROOT / "events").glob("*.json"))


def test_both_ways_run_the_same_pair() -> None:
    docker, bare = markdown.blocks(PAGE, "console")[0].text, markdown.blocks(PAGE)[0].text
    with_docker = re.search(r"sam local invoke (\w+) --event (\S+) --env-vars (\S+)", docker)
    without = re.search(r"make invoke FUNCTION=(\w+) EVENT=(\S+) ENV=(\S+)", bare)
    assert with_docker
    assert without
    assert with_docker.groups() == without.groups()
    function, event, _ = without.groups()
    assert function in FUNCTIONS
    assert (ROOT / event).exists()


def test_the_env_file_sets_only_what_the_functions_read() -> None:
    assert set(ENV["Parameters"]) - NOT_OURS <= {name.upper() for name in settings.Settings.model_fields}
    for function, variables in ENV.items():
        assert function == "Parameters" or set(variables) <= set(FUNCTIONS[function].environment)


def test_the_command_works_without_docker(tmp_path: Path) -> None:
    with aws.started() as cloud, shell(cloud.endpoint, tmp_path) as bash:
        _furnish(cloud)
        file = tmp_path / "env.json"
        file.write_text(json.dumps(ENV).replace(ENV["Parameters"]["AWS_ENDPOINT_URL"], cloud.endpoint))
        answer = bash.type(markdown.blocks(PAGE)[0].text.replace("env.json", str(file)))
    assert '{\n  "batchItemFailures": []\n}' in answer


def _furnish(cloud: aws.Cloud) -> None:
    """What the function looks for on this AWS."""
    s3 = cloud.session.client("s3")
    s3.create_bucket(Bucket="records", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="records", Key="pipeline.yaml", Body=(ROOT / "sandbox" / "pipeline.yaml").read_bytes())
    key = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    cloud.secret(ENV["Parameters"]["ENCORD_KEY_SECRET"], key.decode())


@pytest.fixture(autouse=True)
def _built() -> None:
    if not (reader.BUILD / "template.yaml").exists():
        pytest.fail("nothing is built: run `make build`, or `make test`")
