"""The drawings: reproducible, inside their picture, and their boxes tight."""

from itertools import pairwise

import pytest

from sandbox.artwork import KINDS, draw, draw_scene, spoil


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_twice_gives_the_same_bytes(kind: str) -> None:
    first, second = draw(kind, 12), draw(kind, 12)

    assert first.image.size == second.image.size
    assert first.image.tobytes() == second.image.tobytes()
    assert first.box == second.box


def test_another_seed_gives_another_picture() -> None:
    assert draw("Dog", 1, (200, 200)).image.tobytes() != draw("Dog", 2, (200, 200)).image.tobytes()


def test_sizes_vary_unless_one_is_asked_for() -> None:
    assert len({draw("Cat", seed).image.size for seed in range(6)}) > 3
    assert draw("Cat", 3, (300, 180)).image.size == (300, 180)


@pytest.mark.parametrize("kind", KINDS)
def test_a_box_lies_inside_its_picture(kind: str) -> None:
    for seed in range(8):
        drawing = draw(kind, seed)
        x0, y0, x1, y1 = drawing.box
        assert 0 <= x0 < x1 <= drawing.image.width
        assert 0 <= y0 < y1 <= drawing.image.height


def test_a_scene_of_three_keeps_its_animals_apart() -> None:
    animals = draw_scene(("Cat", "Dog", "Other"), 5).animals

    assert [kind for kind, _ in animals] == ["Cat", "Dog", "Other"]
    assert all(one[1][2] <= next_one[1][0] for one, next_one in pairwise(animals))


def test_an_empty_scene_is_a_background_alone() -> None:
    assert draw_scene((), 5).animals == ()


def test_a_spoiled_drawing_keeps_its_size_kind_and_box_and_repeats_by_seed() -> None:
    for seed in range(8):
        plain = draw("Cat", seed)
        spoiled = spoil(plain, seed)

        assert (spoiled.image.size, spoiled.kind, spoiled.box) == (plain.image.size, plain.kind, plain.box)
        assert spoiled.image.tobytes() != plain.image.tobytes()
        assert spoiled.image.tobytes() == spoil(plain, seed).image.tobytes()
