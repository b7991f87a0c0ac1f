"""A directory on its way to becoming an item: what completes it, and what comes too late."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from encord_lambda.config_registration import Grouping
from encord_lambda.errors import Reject, Skip
from encord_lambda.outcomes import Postponed, Skipped
from encord_lambda.registration.directories.groups import GroupKey, State
from encord_lambda.registration.directories.plans import Standing
from tests.fakes.gathering import BUCKET, JPEG, World, etag

THREE = GroupKey(BUCKET, "runs/3/")


@pytest.fixture
def world() -> World:
    """Only a marker completes a directory."""
    return World(Grouping(kind="image_group"))


@pytest.fixture
def quiet() -> World:
    """A marker does, or an hour without a new object."""
    return World(Grouping(kind="image_sequence", quiet_minutes=60))


def registered(world: World, *names: str) -> World:
    """With the directory of these files registered."""
    for name in (*names, "_COMPLETE"):
        world.put(f"runs/3/{name}", b"" if name == "_COMPLETE" else JPEG)
    world.tell_all()
    world.run()
    assert world.parts() == [[f"runs/3/{name}" for name in names]]
    return world


def test_a_marker_completes_a_directory(world: World) -> None:
    for name in ("10.jpg", "9.jpg", "_COMPLETE"):
        world.put(f"runs/3/{name}", JPEG if name != "_COMPLETE" else b"")

    assert world.tell_all() == {}
    world.run(hours=0.01)

    assert world.parts() == [["runs/3/9.jpg", "runs/3/10.jpg"]]
    assert world.messages == []


def test_a_long_quiet_period_completes_a_directory(quiet: World) -> None:
    for number in range(3):
        quiet.put(f"runs/3/{number}.jpg")
        quiet.tell_all()
        quiet.run(hours=0.75)

    assert quiet.parts() == []
    quiet.run(hours=0.24)
    assert quiet.parts() == []
    quiet.run(hours=0.02)
    assert quiet.parts() == [["runs/3/0.jpg", "runs/3/1.jpg", "runs/3/2.jpg"]]


def test_an_object_counts_from_when_it_was_there(quiet: World) -> None:
    """S3 dates one that was uploaded in parts by when its upload began."""
    quiet.put("runs/3/1.jpg")
    quiet.bucket["runs/3/1.jpg"] = (JPEG, quiet.now - timedelta(hours=2))
    quiet.tell_all()

    quiet.run(hours=0.9)
    assert quiet.parts() == []
    quiet.run(hours=0.2)
    assert quiet.parts() == [["runs/3/1.jpg"]]


def test_a_marker_does_not_wait_for_the_quiet_period(quiet: World) -> None:
    quiet.put("runs/3/1.jpg")
    quiet.tell_all()
    quiet.wait(5)
    quiet.put("runs/3/_COMPLETE", b"")
    quiet.tell_all()

    quiet.run(hours=0.01)

    assert quiet.parts() == [["runs/3/1.jpg"]]


def test_a_marker_that_comes_first_waits_for_those_that_are_still_coming(world: World) -> None:
    """As `aws s3 sync` does it: in the order of the names, of which that of the marker is one of the first."""
    world.put("runs/3/_COMPLETE", b"")
    for number in range(9):
        world.put(f"runs/3/{number}.jpg")
        world.tell_all()
        world.run(hours=15 / 3600)

    world.run()

    assert [len(group) for group in world.parts()] == [9]


def test_a_group_has_one_visit_under_way_however_many_objects_come(quiet: World) -> None:
    for number in range(200):
        quiet.put(f"runs/3/{number}.jpg")
        quiet.tell_all()
        quiet.wait(0.01)

    assert len(quiet.messages) == 1


def test_few_of_many_events_write_to_the_table(world: World) -> None:
    for number in range(200):
        world.put(f"runs/3/{number}.jpg")
        world.tell_all()
        world.wait(0.01)

    assert world.groups.kept[THREE].token < 5


def test_a_directory_without_a_marker_says_what_it_waits_for(world: World) -> None:
    world.put("runs/3/1.jpg")
    world.tell_all()

    [told] = world.run()

    assert told == Postponed(
        "s3://media/runs/3/", "waits for its marker: upload s3://media/runs/3/_COMPLETE once everything is there"
    )
    [standing] = [Standing.model_validate_json(body) for key, body in world.records.kept.items() if "group.json" in key]
    assert (standing.state, standing.objects) == (State.WAITING, 1)
    assert world.messages == []


def test_a_marker_ends_the_waiting(world: World) -> None:
    world.put("runs/3/1.jpg")
    world.tell_all()
    world.run()
    world.put("runs/3/2.jpg")
    world.tell_all()
    assert world.messages == []

    world.put("runs/3/_COMPLETE", b"")
    world.tell_all()
    world.run()

    assert world.parts() == [["runs/3/1.jpg", "runs/3/2.jpg"]]


@pytest.mark.parametrize(
    ("event", "kind", "words"),
    [
        (lambda world: world.put("runs/3/1.jpg"), Skip, "part of what its directory was registered as on 2026-11-21"),
        (lambda world: world.put("runs/3/_COMPLETE", b""), Skip, "nothing is added to it any more"),
        (lambda world: world.put("runs/3/9.jpg"), Reject, "came after its directory was registered on 2026-11-21 at"),
        (lambda world: world.put("runs/3/1.jpg", JPEG + b"!"), Reject, "overwritten after its directory was registere"),
    ],
)
def test_what_comes_after_its_directory_was_registered_is_told_so(
    world: World, event: Callable[[World], object], kind: type[Skip | Reject], words: str
) -> None:
    registered(world, "1.jpg", "2.jpg")
    event(world)

    [trouble] = world.tell_all().values()

    assert isinstance(trouble, kind)
    assert words in trouble.reason
    assert (world.messages, len(world.submitted)) == ([], 1)


def test_an_event_of_an_object_that_was_overwritten_before_it_was_registered_is_no_news(world: World) -> None:
    early = world.put("runs/3/1.jpg", JPEG + b"first")
    world.events.clear()
    registered(world, "1.jpg")

    assert isinstance(world.tell(early)[early], Skip)


def test_a_refused_directory_is_registered_once_it_is_mended(world: World) -> None:
    world.put("runs/3/1.jpg")
    world.put("runs/3/2.jpg", b"no image")
    world.put("runs/3/_COMPLETE", b"")
    world.tell_all()
    world.run()
    assert world.parts() == []
    [[reason]] = [told for (key, _), told in world.refused.items() if key == "runs/3/1.jpg"]
    assert "runs/3 is not registered because of runs/3/2.jpg: the name says JPEG" in reason

    world.put("runs/3/2.jpg")
    world.tell_all()
    world.run()

    assert world.parts() == [["runs/3/1.jpg", "runs/3/2.jpg"]]


def test_a_refused_directory_that_has_its_marker_needs_no_quiet_to_be_mended(quiet: World) -> None:
    quiet.put("runs/3/1.jpg", b"no image")
    quiet.put("runs/3/_COMPLETE", b"")
    quiet.tell_all()
    quiet.run(hours=0.01)
    assert quiet.refused

    quiet.put("runs/3/1.jpg")
    quiet.tell_all()
    quiet.run(hours=0.01)

    assert quiet.parts() == [["runs/3/1.jpg"]]


def test_a_directory_that_waited_says_so_no_more_when_it_is_refused_as_before(world: World) -> None:
    world.put("runs/3/_COMPLETE", b"")
    world.tell_all()
    world.run()
    [place] = [key for key in world.records.kept if "group.json" in key]
    del world.bucket["runs/3/_COMPLETE"]
    world.put("runs/3/1.jpg")
    world.tell_all()
    world.run()
    assert Standing.model_validate_json(world.records.kept[place]).state is State.WAITING

    del world.bucket["runs/3/1.jpg"]
    world.put("runs/3/_COMPLETE", b"")
    world.tell_all()
    world.run()

    assert Standing.model_validate_json(world.records.kept[place]).state is State.REFUSED


def test_a_refused_directory_in_which_nothing_changed_is_not_refused_twice(world: World) -> None:
    world.put("runs/3/_COMPLETE", b"")
    world.tell_all()
    world.run()
    assert world.refused == {
        ("runs/3/_COMPLETE", etag(b"")): [
            "the marker of an empty group; there is nothing in the directory: upload its files, then the marker"
        ]
    }

    world.put("runs/3/_COMPLETE", b"")
    world.tell_all()
    [told] = world.run()

    assert isinstance(told, Skipped)
    assert "nothing in it has changed" in told.reason


def test_an_empty_group_is_registered_once_its_files_come(world: World) -> None:
    world.put("runs/3/_COMPLETE", b"")
    world.tell_all()
    world.run()
    world.put("runs/3/1.jpg")
    world.tell_all()
    world.run()

    assert world.parts() == [["runs/3/1.jpg"]]


def test_an_object_that_was_refused_with_its_directory_is_not_refused_again(world: World) -> None:
    world.put("runs/3/2.jpg", b"")
    early = world.put("runs/3/1.jpg")
    world.put("runs/3/_COMPLETE", b"")
    world.tell_all()
    world.run()

    assert "refused with its directory" in world.tell(early)[early].reason
