"""What dead letters say; they may hold anything."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda import letters
from encord_lambda.letters import DeadLetter, Opened, Origin

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["Records", "detail-type"]), inner),
    max_leaves=10,
).map(json.dumps)


def with_reasons(*reasons: str) -> list[Opened]:
    return [Opened(DeadLetter(str(number), ""), f"subject {number}", reason) for number, reason in enumerate(reasons)]


@given(origin=st.sampled_from(Origin), body=st.text() | JSON, reason=st.text(), subject=st.text())
def test_any_body_can_be_read_or_is_malformed(origin: Origin, body: str, reason: str, subject: str) -> None:
    one = letters.opened(origin, DeadLetter("m1", body, reason, subject))

    assert one.subject
    assert one.reason
    assert one.key is None


@given(st.lists(st.text()))
def test_every_letter_is_in_one_group_and_the_largest_come_first(reasons: list[str]) -> None:
    found = with_reasons(*reasons)

    groups = letters.by_reason(found)

    assert sorted((one for _, group in groups for one in group), key=lambda one: int(one.letter.id)) == found
    assert [len(group) for _, group in groups] == sorted((len(group) for _, group in groups), reverse=True)


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        (["damaged", "damaged"], ["damaged"]),
        (["'a.jpg' is empty", "'b.jpg' is empty"], ["… is empty"]),
        (["'a.jpg' is empty"], ["'a.jpg' is empty"]),
        (["it has 1,024 frames", "it has 7 frames"], ["it has … frames"]),
        (["cannot read https://a/b: HTTP 403", "cannot read https://c: HTTP 403"], ["cannot read … HTTP …"]),
        (
            ["no agent for 00000000-0000-0000-0000-00000000000a", "no agent for 00000000-0000-0000-0000-00000000000B"],
            ["no agent for …"],
        ),
        ([f"there is no upload job {'a1' * 32}", f"there is no upload job {'b' * 64}"], ["there is no upload job …"]),
        (["s3://a/b was deleted", "s3://a/c was deleted"], ["… was deleted"]),
        (["too large", "damaged", "damaged"], ["damaged", "too large"]),
    ],
)
def test_reasons_that_differ_in_names_and_numbers_only_are_one(reasons: list[str], told: list[str]) -> None:
    assert [reason for reason, _ in letters.by_reason(with_reasons(*reasons))] == told


def test_the_reason_is_looked_for_whatever_its_case() -> None:
    first, _ = found = with_reasons("HTTP 403: Forbidden", "damaged")

    assert letters.chosen(found, "forbidden", None) == [first]
    assert letters.chosen(found, "", None) == found
