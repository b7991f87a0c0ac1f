"""Agent stages tell of their work: signed, to this machine, until the queue is drained."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from encord.project import Project
from encord.workflow.stages.agent import AgentStage
from encord_agents.core.webhooks import (
    AgentStageWorkReason,
    TaskNotification,
    WebhookVerificationError,
    verify_and_parse_notification,
)
from pydantic import ValidationError

from sandbox.encord_twin import Fault, NotifySpec, Settings, Twin, serve
from tests.twin.conftest import connect
from tests.twin.receivers import Received, Receiver, Said, receiving
from tests.twin.worlds import pets

SECRET = "whsec"
NOBODY = "http://127.0.0.1:1/hook"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def subscribe(
    twin: Twin, url: str, batch_size: int = 1, max_wait: float = 3600, stage: str = "Agent 1"
) -> httpx.Response:
    notify = {"url": url, "secret": SECRET, "batch_size": batch_size, "max_wait": max_wait}
    order = {"project": str(twin.ids.projects["Pets"]), "stage": str(twin.ids.stages["Pets"][stage]), "notify": notify}
    return httpx.post(f"{twin.url}/_twin/notifications", json=order, trust_env=False)


def verified(received: Received, secret: str = SECRET) -> TaskNotification:
    """What Encord's own library makes of it."""
    return verify_and_parse_notification(received.body, received.headers, secret=secret)


def test_a_full_batch_is_told_of_and_encords_own_verifier_believes_it(twin: Twin, receiver: Receiver) -> None:
    subscribe(twin, receiver.url, batch_size=5)

    [delivery] = twin.check_notifications()

    received = receiver.next()
    told = verified(received)
    assert (told.project_hash, told.stage_uuid) == (twin.ids.projects["Pets"], twin.ids.stages["Pets"]["Agent 1"])
    assert (told.pending_count, told.reason) == (5, AgentStageWorkReason.BATCH_SIZE_REACHED)
    assert (delivery.uid, delivery.outcome, delivery.attempts, delivery.status) == (told.uid, "delivered", 1, 200)
    with pytest.raises(WebhookVerificationError):
        verified(received, "another secret")


def test_a_task_that_waited_too_long_is_told_of(receiver: Receiver) -> None:
    late = timedelta()
    with serve(pets(tasks=1), settings=Settings(clock=lambda: datetime.now(UTC) + late)) as twin:
        subscribe(twin, receiver.url, batch_size=2, max_wait=60)
        assert twin.check_notifications() == []

        late = timedelta(seconds=61)
        [delivery] = twin.check_notifications()

    assert verified(receiver.next()).reason is AgentStageWorkReason.MAX_WAIT_ELAPSED
    assert delivery.pending_count == 1


def test_a_queue_is_told_of_at_every_check_until_it_is_drained(
    twin: Twin, project: Project, agent: AgentStage, receiver: Receiver
) -> None:
    subscribe(twin, receiver.url)

    first, second = twin.check_notifications() + twin.check_notifications()
    with project.create_bundle() as bundle:
        for task in agent.get_tasks():
            task.proceed(pathway_name="Cat", bundle=bundle)

    assert first.uid != second.uid
    assert twin.check_notifications() == []


def test_any_status_but_200_is_a_failed_delivery_and_told_again(twin: Twin, receiver: Receiver) -> None:
    subscribe(twin, receiver.url)
    receiver.answer = lambda _: Said(status=202)

    [failed] = twin.check_notifications()
    receiver.answer = lambda _: Said()
    [delivered] = twin.check_notifications()

    assert (failed.outcome, failed.status, failed.attempts) == ("failed", 202, 1)
    assert delivered.outcome == "delivered"


def test_a_receiver_that_is_too_slow_is_tried_again_with_the_same_notification() -> None:
    awake = threading.Event()
    impatient = Settings(answer_patience=0.1)
    first = threading.Lock()

    def slow_at_first(_: Received) -> Said:
        if first.acquire(blocking=False):
            awake.wait(10)
        return Said()

    with serve(pets(tasks=1), settings=impatient) as twin, receiving(slow_at_first) as receiver:
        subscribe(twin, receiver.url)
        [delivery] = twin.check_notifications()
        awake.set()

        assert (delivery.outcome, delivery.attempts) == ("delivered", 2)
        assert {verified(received).uid for received in receiver.all()} == {delivery.uid}


def test_a_receiver_that_never_answers_fails_in_the_end() -> None:
    awake = threading.Event()

    def asleep(_: Received) -> Said:
        awake.wait(10)
        return Said()

    with serve(pets(tasks=1), settings=Settings(answer_patience=0.05)) as twin, receiving(asleep) as receiver:
        subscribe(twin, receiver.url)
        [delivery] = twin.check_notifications()
        awake.set()

    assert (delivery.outcome, delivery.attempts, delivery.error) == ("failed", 3, "no answer within 0.05 s")


def test_nobody_listening_is_a_failed_delivery(twin: Twin) -> None:
    subscribe(twin, NOBODY)

    [delivery] = twin.check_notifications()

    assert (delivery.outcome, delivery.status, delivery.attempts) == ("failed", None, 1)
    assert "connection" in delivery.error.lower()


def test_a_notification_can_be_delivered_twice(twin: Twin, receiver: Receiver) -> None:
    subscribe(twin, receiver.url)
    twin.faults.add(Fault(route="OUT agent_stage_work_available_event", twice=True))

    [delivery] = twin.check_notifications()

    one, other = receiver.all()
    assert verified(one).uid == verified(other).uid == delivery.uid
    assert delivery.attempts == 2


def test_queues_are_looked_at_again_and_again_without_being_asked(receiver: Receiver) -> None:
    with serve(pets(tasks=1), settings=Settings(notify_every=0.01)) as twin:
        subscribe(twin, receiver.url)

        told = [verified(receiver.next()).uid for _ in range(3)]

    assert len(set(told)) == 3


def test_a_stage_is_not_told_of_again_before_the_receiver_has_answered() -> None:
    meanwhile: list[object] = []

    def has_it_check_again(_: Received) -> Said:
        if not meanwhile:
            meanwhile.append(...)
            meanwhile[0] = httpx.post(f"{twin.url}/_twin/notifications/check", trust_env=False).json()
        return Said()

    with serve(pets(tasks=1)) as twin, receiving(has_it_check_again) as receiver:
        subscribe(twin, receiver.url)
        first = twin.check_notifications()
        second = twin.check_notifications()

    assert meanwhile == [[]]
    assert [one.outcome for one in (*first, *second)] == ["delivered", "delivered"]


def test_a_world_may_subscribe_its_stages_from_the_start(receiver: Receiver) -> None:
    notify = NotifySpec(url=receiver.url, secret=SECRET, batch_size=1, max_wait=60)
    world = pets(tasks=1)
    [project] = world.projects
    agent, *others = project.stages
    stages = [agent.model_copy(update={"notify": notify}), *others]
    with serve(world.model_copy(update={"projects": [project.model_copy(update={"stages": stages})]})) as twin:
        assert [delivery.outcome for delivery in twin.check_notifications()] == ["delivered"]


def test_deliveries_are_checked_and_listed_over_http_without_the_secret(twin: Twin, receiver: Receiver) -> None:
    subscribe(twin, receiver.url)

    checked = httpx.post(f"{twin.url}/_twin/notifications/check", trust_env=False)
    listed = httpx.get(f"{twin.url}/_twin/notifications", trust_env=False)

    assert checked.json() == listed.json()
    assert listed.json()[0]["outcome"] == "delivered"
    assert SECRET not in listed.text


def test_a_subscription_ends(twin: Twin, receiver: Receiver) -> None:
    subscribe(twin, receiver.url)
    order = {"project": str(twin.ids.projects["Pets"]), "stage": str(twin.ids.stages["Pets"]["Agent 1"])}

    httpx.post(f"{twin.url}/_twin/notifications", json={**order, "notify": None}, trust_env=False)

    assert twin.check_notifications() == []


@pytest.mark.parametrize("url", ["https://example.com/hook", "http://127.0.0.1.example.com", "file:///etc/passwd"])
def test_an_address_elsewhere_is_refused(twin: Twin, url: str) -> None:
    answer = subscribe(twin, url)

    assert answer.status_code == 400
    assert "elsewhere" in answer.text or "not an http(s) URL" in answer.text
    with pytest.raises(ValidationError):
        NotifySpec(url=url, secret=SECRET, batch_size=1, max_wait=60)


def test_only_agent_stages_tell_of_their_work(twin: Twin, receiver: Receiver) -> None:
    answer = subscribe(twin, receiver.url, stage="Annotate")

    assert (answer.status_code, "no agent stage" in answer.text) == (400, True)


def test_the_twin_serves_while_a_receiver_is_slow() -> None:
    """The receiver itself may ask the twin before it answers."""
    with serve(pets(tasks=1)) as twin:
        client = connect(twin)

        def asks_back(_: Received) -> Said:
            client.get_cloud_integrations()
            return Said()

        with receiving(asks_back) as receiver:
            subscribe(twin, receiver.url)
            assert [delivery.outcome for delivery in twin.check_notifications()] == ["delivered"]
