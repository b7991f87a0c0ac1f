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
ENV_FILE = ROOT / "events" / "env" / "local.json"
ENV = json.loads(ENV_FILE.read_text())
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


def test_every_function_has_its_command_with_an_event_of_its_own_and_the_env_file() -> None:
    bare, docker = (block.text for block in markdown.blocks(PAGE, "console"))
    with_docker = re.findall(r"sam local invoke (\w+) --event (\S+) --env-vars (\S+)", docker)
    without = re.findall(r"make invoke FUNCTION=(\w+) EVENT=(\S+) ENV=(\S+)", bare)
    copied, typed = (block.text for block in markdown.blocks(PAGE))

    assert sorted(with_docker) == sorted(without)
    assert sorted(function for function, _, _ in without) == sorted(FUNCTIONS)
    assert copied.split() == ["cp", str(ENV_FILE.relative_to(ROOT)), "env.json"]
    assert typed in bare
    for function, event, file in without:
        assert (ROOT / event).name.startswith(Path(FUNCTIONS[function].code).name)
        assert (ROOT / event).exists()
        assert file == "env.json"


def test_the_env_file_sets_what_the_functions_read_of_the_stack_and_nothing_else() -> None:
    common = set(reader.load()["Globals"]["Function"]["Environment"]["Variables"])
    assert set(ENV["Parameters"]) - NOT_OURS == {name.upper() for name in settings.Settings.model_fields}
    own = {name: set(function.environment) - common for name, function in FUNCTIONS.items()}
    assert {name: set(variables) for name, variables in ENV.items() if name != "Parameters"} == own


def test_the_command_works_without_docker(tmp_path: Path) -> None:
    with aws.started() as cloud, shell(cloud.endpoint, tmp_path) as bash:
        _furnish(cloud)
        file = tmp_path / "env.json"
        file.write_text(json.dumps(ENV).replace(ENV["Parameters"]["AWS_ENDPOINT_URL"], cloud.endpoint))
        answer = bash.type(markdown.blocks(PAGE)[1].text.replace("env.json", str(file)))
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
