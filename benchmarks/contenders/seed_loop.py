"""The loop of Encord's guide (seed 000), its bugs repaired: one invocation takes one task after the other."""

import os

from encord.user_client import EncordUserClient
from openai import OpenAI

from sandbox.scenario.world import PROJECT
from tests.conformance.scripts.image_pre_classification import main


def lambda_handler(event: object, context: object) -> None:  # noqa: ARG001
    """Label and route every task that waits."""
    client = EncordUserClient.create_with_ssh_private_key(
        os.environ["ENCORD_SSH_KEY"], domain=os.environ["ENCORD_DOMAIN"]
    )
    main(client, str(PROJECT), OpenAI())
