"""The numbered URLs of groups and series in shape A: J13 to J16 of import-formats §9.1."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from encord_lambda.registration.manifests.json_draft import Draft, Problem
from encord_lambda.registration.manifests.json_positions import Member, Node

NUMBERED: Final = re.compile(r"objectUrl_(0|[1-9][0-9]{0,6})")


def numbered(node: Node, members: Mapping[str, Member], draft: Draft) -> Iterator[Problem]:
    """Put the URLs of a group or series into the draft in the order of their numbers, which leave none out."""
    of_urls = {key: member for key, member in members.items() if key.startswith("objectUrl")}
    numbers: dict[int, Member] = {}
    for key, member in of_urls.items():
        if found := NUMBERED.fullmatch(key):
            numbers[int(found[1])] = member
        elif key == "objectUrl":
            hint = "write `objectUrl_0`, `objectUrl_1` and so on"
            yield Problem("J13", member.at, member.node.path, "the URLs of a group are numbered", hint)
        else:
            hint = "numbers begin with 0, without leading zeros: `objectUrl_0`"
            yield Problem("J16", member.at, member.node.path, "is no numbered URL", hint)
    if not of_urls and draft.kind.members not in draft.misspelt:
        yield Problem("J14", node.at, node.path, "has no URL", "write `objectUrl_0`, `objectUrl_1` and so on")
    if not numbers:
        draft.misspelt.add(draft.kind.members)
        return
    yield from _gap(numbers)
    _put(numbers, draft)


def _gap(numbers: Mapping[int, Member]) -> Iterator[Problem]:
    for expected, number in enumerate(sorted(numbers)):
        if number != expected:
            at, node = numbers[number]
            yield Problem("J15", at, node.path, "a number is left out before it", f"expected `objectUrl_{expected}`")
            return


def _put(numbers: Mapping[int, Member], draft: Draft) -> None:
    nodes = [numbers[number].node for number in sorted(numbers)]
    draft.data[draft.kind.members] = [{"url": node.plain} for node in nodes]
    for index, node in enumerate(nodes):
        draft.nodes[(draft.kind.members, index, "url")] = node
    draft.urls.extend(nodes)
