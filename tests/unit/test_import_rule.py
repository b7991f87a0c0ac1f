"""The pure rooms decide, the edge rooms do: held by reading the imports, and shown to catch what it should."""

import pytest

from tests.unit.import_rule import EDGE_ROOMS, OTHERS, PACKAGE, PURE_ROOMS, modules, room_of, violations


def test_every_module_keeps_the_rule_of_its_room() -> None:
    found = [f"{room}: {violation}" for room, source in modules() for violation in violations(room, source)]

    assert found == []


def test_every_room_is_known_to_the_rule() -> None:
    assert {room_of(path) for path in PACKAGE.rglob("*.py")} <= PURE_ROOMS | EDGE_ROOMS | OTHERS


PLANTED = [
    ("config", "import boto3", "imports boto3"),
    ("config", "from botocore.exceptions import ClientError", "imports botocore"),
    ("labels", "from encord.objects import LabelRowV2", "imports encord"),
    ("agents", "def ask():\n    import openai", "imports openai"),
    ("execution", "from aws_lambda_powertools import Logger", "imports aws_lambda_powertools"),
    ("dispatch", "import os.path", "imports os.path"),
    ("dispatch", "import socket", "imports socket"),
    ("dispatch", "from time import monotonic", "imports time"),
    ("dispatch", "from urllib import request", "imports urllib"),
    ("registration", "import subprocess", "imports subprocess"),
    ("registration", "from pathlib import Path", "imports pathlib"),
    ("registration", "import requests", "imports requests"),
    ("stage_run", "from encord_lambda.aws.claims import TaskClaims", "imports aws"),
    ("stage_run", "from encord_lambda import observability", "imports observability"),
    ("stage_run", "from . import errors", "relative import"),
    ("labels", "import numpy", "imports numpy"),
    ("dispatch", "from datetime import datetime\nX = datetime.now()", "reads the clock"),
    ("outcomes", "import datetime\nX = datetime.date.today", "reads the clock"),
    ("media", "import os\nX = os.environ['A']", "reads the environment"),
    ("aws", "from os import environ", "takes names out of os"),
    ("aws", "from encord_lambda.encord_platform.client import connect", "edge room aws imports the edge room"),
    ("media", "import boto3", "boto3 is not for the room media"),
    ("settings", "from encord_lambda.aws import secrets", "settings imports the edge room aws"),
    ("observability", "from encord_lambda import wiring", "only wiring and cli"),
    ("wiring", "from encord_lambda import wiring_desk", "only wiring and cli"),
    ("cli", "from encord_lambda.encord_platform.survey import survey", "cli imports the edge room"),
    ("aws", "try:\n    f()\nexcept Exception:\n    pass", "swallows every error"),
    ("aws", "try:\n    f()\nexcept:\n    ...", "swallows every error"),
    (
        "editor_api",
        "from encord_lambda.encord_platform.workflow import P\nP()",
        "imports the edge room encord_platform",
    ),
]


@pytest.mark.parametrize(("room", "source", "found"), PLANTED)
def test_a_planted_violation_is_found(room: str, source: str, found: str) -> None:
    [violation] = violations(room, source)

    assert found in violation


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("config", "import yaml\nfrom pydantic import BaseModel\nfrom encord_lambda.errors import Reject"),
        ("benchmark", "import numpy"),
        ("registration", "from pathlib import PurePosixPath"),
        ("dispatch", "from urllib.parse import unquote_plus\nfrom http import HTTPStatus"),
        ("settings", "import os\nX = os.environ"),
        ("cli", "from encord_lambda import settings, wiring"),
        ("wiring_desk", "import boto3\nfrom encord_lambda.aws import stack"),
        ("wiring", "import boto3\nfrom encord_lambda.aws import claims\nfrom encord_lambda.media import images"),
        ("editor_api", "from encord_lambda.encord_platform.workflow import P\ndef f(p: P) -> P: ..."),
        ("aws", "try:\n    f()\nexcept ValueError:\n    pass"),
    ],
)
def test_what_a_room_may_do_is_no_violation(room: str, source: str) -> None:
    assert violations(room, source) == []
