"""A directory on its way to becoming an item when something goes wrong: others are busy, or at it, or die."""

from contextlib import suppress
from dataclasses import replace
from itertools import count
from typing import NoReturn

import pytest

from encord_lambda.config_registration import Grouping
from encord_lambda.errors import Reject, Retry, Skip
from encord_lambda.registration.directories.groups import LEASE, LOST, GroupKey
from tests.fakes.gathering import BUCKET, Crash, World

THREE = GroupKey(BUCKET, "runs/3/")


@pytest.fixture
def world() -> World:
    """Only a marker completes a directory."""
    return World(Grouping(kind="image_group"))


@pytest.fixture
def quiet() -> World:
    """A marker does, or an hour without a new object."""
    return World(Grouping(kind="image_sequence", quiet_minutes=60))


def test_a_directory_that_is_grouped_no_more_is_left_to_a_person(world: World) -> None:
    world.put("runs/3/1.jpg")
    world.tell_all()
    world.pipeline = world.pipeline.model_copy(update={"registrations": []})

    with pytest.raises(Reject, match=r"no registration in pipeline\.yaml groups it any more"):
        world.run()


def test_while_a_directory_is_put_together_events_have_to_come_again(world: World) -> None:
    world.put("runs/3/1.jpg")
    world.put("runs/3/_COMPLETE", b"")
    world.tell_all()
    world.wait(60)
    leased = world.groups.kept[THREE].leased(world.now)
    assert world.groups.swap(leased)
    world.put("runs/3/2.jpg")

    [trouble] = world.tell_all().values()
    assert isinstance(trouble, Retry)
    with pytest.raises(Retry, match="by another visit"):
        world.visit(world.messages[0])

    world.wait(LEASE.total_seconds())
    assert world.tell_all() == {}
    world.run()
    assert world.parts() == [["runs/3/1.jpg", "runs/3/2.jpg"]]


def test_a_lost_visit_is_set_anew_by_the_next_event(quiet: World) -> None:
    quiet.put("runs/3/1.jpg")
    quiet.tell_all()
    quiet.messages.clear()
    quiet.wait(900)
    quiet.put("runs/3/2.jpg")
    quiet.tell_all()
    assert quiet.messages == []

    quiet.wait(LOST.total_seconds())
    quiet.put("runs/3/3.jpg")
    quiet.tell_all()
    quiet.run()

    assert [len(group) for group in quiet.parts()] == [3]


@pytest.mark.parametrize("busy", ["submit", "refuse"])
def test_a_visit_that_finds_others_busy_leaves_the_directory_to_the_next(world: World, busy: str) -> None:
    def fail(*_: object) -> NoReturn:
        raise Retry("busy")

    if busy == "submit":
        world.put("runs/3/1.jpg")
    world.put("runs/3/_COMPLETE", b"")
    world.tell_all()
    works, world.desk = world.desk, replace(world.desk, submit=fail, refuse=fail)
    with pytest.raises(Retry, match="busy"):
        world.run()

    world.desk = works
    world.visit(world.messages[0])

    assert (len(world.submitted), len(world.refused)) == ((1, 0) if busy == "submit" else (0, 1))


def test_a_directory_whose_visit_died_with_its_message_is_gone_on_with_when_an_event_comes_late(world: World) -> None:
    late = world.put("runs/3/1.jpg")
    world.put("runs/3/_COMPLETE", b"")
    world.tell_all()
    works, world.desk = world.desk, replace(world.desk, submit=die)
    with pytest.raises(Crash):
        world.run()
    world.desk = works
    world.messages.clear()
    world.wait(2 * LOST.total_seconds())

    assert isinstance(world.tell(late)[late], Skip)
    world.run()

    assert world.parts() == [["runs/3/1.jpg"]]


def test_a_directory_says_what_it_waits_for_though_a_worker_died_at_any_request() -> None:
    """Once it waits no visit comes any more: what is not told by then is never told."""
    for number in count(1):
        world = World(Grouping(kind="image_group"))
        world.put("runs/3/1.jpg")
        world.tell_all()
        world.before[world.calls + number] = die
        with suppress(Crash):
            world.run()
        world.run()
        assert any(b"waits for its marker" in body for body in world.records.kept.values())
        if world.before:
            return


def die(*_: object) -> NoReturn:
    raise Crash
