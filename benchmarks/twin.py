"""How many signed requests a second the Encord twin answers, and how it bears 100,000 tasks in one stage.

    python -m benchmarks.twin [--requests 2000] [--tasks 100000]

First the unmodified SDK works through a proxy that keeps its bytes: projects, task pages, label rows read and
saved, priorities. Then these requests are sent again and again, each over a connection of its own as the SDK does,
to the twin and to the same web server answering the recorded bytes unchecked (the floor), in alternation.
"""

import argparse
import json
import pickle
import statistics
import tempfile
import time
from pathlib import Path

import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from encord import EncordUserClient, Project
from encord.objects import Classification, Option
from encord.workflow.stages.agent import AgentStage

from benchmarks.load import replay
from benchmarks.recording import Exchange, recording
from benchmarks.saying import say
from benchmarks.servers import Server, server
from sandbox.encord_twin import DatasetSpec, FolderSpec, ItemSpec, World
from sandbox.ministack import free_port
from sandbox.scenario.world import AGENT_STAGE, ANIMAL, PROJECT, world

ROUNDS, AT_ONCE = 5, 8
TWIN = ("sandbox.encord_twin", "--task-page-size", "100")


def main() -> None:
    """Measure both and print the result line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.twin")
    parser.add_argument("--requests", type=int, default=2000, help="per round and server")
    parser.add_argument("--tasks", type=int, default=100_000, help="in the one stage")
    options = parser.parse_args()
    throughput = _throughput(options.requests)
    say(f"RESULT {json.dumps(throughput | _queue(options.tasks))}")


def _throughput(requests: int) -> dict[str, float]:
    twin_port, bare_port, key = free_port(), free_port(), Ed25519PrivateKey.generate()
    with server(twin_port, *TWIN, "--port", str(twin_port)) as twin, tempfile.TemporaryDirectory() as folder:
        _seed(twin, key, 1000)
        exchanges = _record(twin, key)
        kept = Path(folder) / "exchanges.pickle"
        kept.write_bytes(pickle.dumps(exchanges))
        with server(bare_port, "benchmarks.bare_server", str(kept), str(bare_port)) as bare:
            rates = [(_rate(twin, exchanges, requests), _rate(bare, exchanges, requests)) for _ in range(ROUNDS)]
    ours = statistics.median(rate for rate, _ in rates)
    share = statistics.median(rate / floor for rate, floor in rates)
    say(f"{len(exchanges)} kinds of signed requests: {ours:.0f}/s, {share:.2f} of a bare server's")
    return {"requests_per_second": round(ours), "x_bare": round(share, 2)}


def _rate(target: Server, exchanges: list[Exchange], requests: int) -> float:
    load = replay([one.request for one in exchanges], target.port, total=requests, at_once=AT_ONCE)
    if load.statuses.keys() != {200}:
        raise RuntimeError(f"not all requests were served: {load.statuses}")
    return load.per_second


def _record(twin: Server, key: Ed25519PrivateKey) -> list[Exchange]:
    """One batch of ten tasks as a worker does it, short of proceeding, which works only once."""
    with recording(twin.port) as proxy:
        project = _project(proxy.url, key)
        stage = project.workflow.get_stage(name=AGENT_STAGE, type_=AgentStage)
        tasks = [task for task, _ in zip(stage.get_tasks(), range(10), strict=False)]
        rows = project.list_label_rows_v2(data_hashes=[task.data_hash for task in tasks])
        with project.create_bundle() as bundle:
            for row in rows:
                row.initialise_labels(bundle=bundle, include_signed_url=True)
        animal = project.ontology_structure.get_child_by_title(ANIMAL, type_=Classification)
        with project.create_bundle() as bundle:
            for row in rows:
                answer = animal.create_instance()
                answer.set_answer(animal.get_child_by_title("Cat", type_=Option))
                answer.set_for_frames(0, confidence=0.97)
                row.add_classification_instance(answer)
                row.save(bundle=bundle)
        with project.create_bundle() as bundle:
            for row in rows:
                row.set_priority(0.5, bundle=bundle)
    return proxy.exchanges


def _queue(tasks: int) -> dict[str, float]:
    port, key = free_port(), Ed25519PrivateKey.generate()
    with server(port, *TWIN, "--port", str(port)) as twin:
        empty = twin.megabytes()
        _seed(twin, key, tasks)
        seeded, started = twin.megabytes(), time.perf_counter()
        stage = _project(twin.url, key).workflow.get_stage(name=AGENT_STAGE, type_=AgentStage)
        listed = {task.uuid for task in stage.get_tasks()}
        seconds, after = time.perf_counter() - started, twin.megabytes()
    if len(listed) != tasks:
        raise RuntimeError(f"{len(listed)} of {tasks} tasks listed")
    say(f"{tasks:,} tasks listed in {seconds:.1f} s")
    say(f"memory: {empty:.0f} MB empty, {seeded:.0f} MB seeded, {after:.0f} MB after the listing")
    return {"tasks": tasks, "list_seconds": round(seconds, 2), "mb_empty": round(empty), "mb_full": round(after)}


def _seed(twin: Server, key: Ed25519PrivateKey, tasks: int) -> None:
    start = world(key.public_key().public_bytes_raw().hex())
    bucket = "https://pets.s3.eu-west-1.amazonaws.com"
    items = [ItemSpec(url=f"{bucket}/{number:06}.jpg", title=f"{number:06}.jpg") for number in range(tasks)]
    folder = FolderSpec(title="Many", items=items)
    dataset = DatasetSpec(title="Pets", uuid=start.datasets[0].uuid, folders=["Many"])
    full: World = start.model_copy(update={"folders": [*start.folders, folder], "datasets": [dataset]})
    body = full.model_dump_json(exclude_unset=True)
    answer = httpx.post(f"{twin.url}/_twin/world", content=body, timeout=300, trust_env=False)
    answer.raise_for_status()


def _project(url: str, key: Ed25519PrivateKey) -> Project:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    client = EncordUserClient.create_with_ssh_private_key(private.decode(), domain=url)
    return client.get_project(PROJECT)


if __name__ == "__main__":
    main()
