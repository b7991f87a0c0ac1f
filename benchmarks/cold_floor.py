"""What Encord and the model take of a warm describe call: the same requests, made with nothing but their SDKs."""

import base64
import time

from encord import EncordUserClient
from encord.objects import Classification, LabelRowV2
from openai import OpenAI
from openai.types.chat import ChatCompletionContentPartImageParam

from benchmarks.cold_world import SECRETS, FarSide
from benchmarks.pictures import pictures
from encord_lambda.encord_platform.connections import keep_connections
from sandbox.scenario.world import DESCRIPTION, PROJECT

SCHEMA: dict[str, object] = {"type": "object", "properties": {"answer": {"type": "string"}}}


class Floor:
    """The SDKs' clients and the project, loaded. Connections are kept as ours are, lest the floor be too high."""

    def __init__(self, far: FarSide) -> None:
        keep_connections()
        client = EncordUserClient.create_with_ssh_private_key(far.encord.at.key, domain=far.encord.at.twin)
        self._project = client.get_project(str(PROJECT))
        self._question = self._project.ontology_structure.get_child_by_title(DESCRIPTION, type_=Classification)
        self._openai = OpenAI(api_key=SECRETS["OpenAiKeySecretArn"], base_url=far.model, max_retries=0)
        [(_, jpeg)] = pictures(1)
        url = f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"
        self._picture: ChatCompletionContentPartImageParam = {"type": "image_url", "image_url": {"url": url}}

    def seconds(self, unit: str) -> float:
        """How long they take over a data unit, which is described afterwards."""
        started = time.perf_counter()
        [row] = self._project.list_label_rows_v2(data_hashes=[unit], include_client_metadata=True)
        row.initialise_labels(include_signed_url=True)
        self._ask()
        row.initialise_labels(overwrite=True)
        self._save(row)
        return time.perf_counter() - started

    def _ask(self) -> None:
        self._openai.chat.completions.create(
            model="gpt-4o",
            messages=[{"role": "user", "content": [self._picture]}],
            response_format={"type": "json_schema", "json_schema": {"name": "answer", "schema": SCHEMA}},
        )

    def _save(self, row: LabelRowV2) -> None:
        instance = self._question.create_instance()
        instance.set_answer("What the floor writes is of no concern to anybody.")
        instance.set_for_frames(0)
        row.add_classification_instance(instance)
        row.save()
