"""The page: what it shows, and that strangers' words stay words."""

import base64
import re
from datetime import timedelta
from html.parser import HTMLParser
from uuid import UUID

import pytest

from encord_lambda.benchmark.report_page import page
from encord_lambda.benchmark.submissions import Rater, Submission, Unit
from encord_lambda.labels.proposals import Proposal
from tests.benchmark.drawn import FAR, thing
from tests.benchmark.labelled import ANN, BOB, MODEL, answer, labels, submission, unit
from tests.benchmark.reported import AT, EDITOR, PROJECT, reported
from tests.benchmark.test_report import OTHER, two_units
from tests.benchmark.test_scoring import TRUTH

HOSTILE = "\"'><script>alert(1)</script><img src=//evil.example onerror=alert(1)>{{ 7 * 7 }}"


class Elements(HTMLParser):
    """All elements of a page with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += f" {data}"

    def every(self, attribute: str) -> list[str]:
        return [value for _, attributes in self.found if (value := attributes.get(attribute))]

    @property
    def words(self) -> str:
        return " ".join(self.text.split())


def everything() -> list[list[Submission]]:
    """Two data units of two annotators and a model, of which one saw the model's labels."""
    one, other = (
        [Submission(unit(number), rater, labels(given), labels(TRUTH), prelabelled=number > 0) for rater in (ANN, BOB)]
        for number, given in enumerate((TRUTH, OTHER))
    )
    return [[*one, submission(TRUTH, OTHER, MODEL, unit(0))], [*other, submission(TRUTH, TRUTH, MODEL, unit(1))]]


def test_the_page_tells_what_was_counted() -> None:
    found = Elements(page(reported(everything()), {})).words
    assert "ann@example.com annotator 2 data units, 1 prelabelled (100.0 % without)" in found
    assert "not surely better than bob@example.com" in found
    assert "66.7 %" in found
    assert "target open" in found
    assert "Every label was scored as it stands." in found
    assert "alpha 1.00" in found


def test_titles_and_names_of_strangers_are_text() -> None:
    hostile: list[Proposal] = [answer(HOSTILE), answer(HOSTILE, "Caption"), answer("x", HOSTILE), thing(FAR, HOSTILE)]
    of, rater = Unit(UUID(int=1), HOSTILE, 100, 100, 1), Rater(HOSTILE, "annotator")
    found = Elements(page(reported([[submission(hostile, [*hostile[:1], *OTHER], rater, of)]]), {}))
    assert "script" not in {tag for tag, _ in found.found}
    assert not [name for _, attributes in found.found for name in attributes if name.startswith("on")]
    assert HOSTILE in found.text
    assert "49" not in found.words


@pytest.mark.parametrize("pictures", [{}, {(UUID(int=1), 0): b"\xff\xd8\xff"}], ids=["without", "with pictures"])
def test_the_page_needs_nothing_from_elsewhere(pictures: dict[tuple[UUID, int], bytes]) -> None:
    html = page(reported(everything()), pictures)
    found = Elements(html)
    links = {link for link in found.every("href") if not link.startswith(("#", "data:"))}
    assert links == {f"{EDITOR}/label_editor/{PROJECT}/{UUID(int=number)}/0" for number in (0, 1)}
    assert not found.every("src")
    assert not re.search(r"url\(|@import|https?://", html.replace(EDITOR, ""))
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in "".join(found.every("content"))


def test_a_picture_is_shown_where_its_data_unit_and_frame_are() -> None:
    jpeg = b"\xff\xd8\xff\xe0picture"
    found = Elements(page(reported(two_units()), {(UUID(int=1), 0): jpeg, (UUID(int=1), 1): b"other"}))
    [picture] = [attributes["href"] for tag, attributes in found.found if tag == "image"]
    assert picture == f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


def test_both_labels_are_drawn_and_told_in_words() -> None:
    found = Elements(page(reported(two_units()), {}))
    assert [attributes["d"] for tag, attributes in found.found if tag == "path"].count(
        "M70.0 70.0 90.0 70.0 90.0 90.0 70.0 90.0Z"
    ) == 4  # both sides, each with an edge around it
    words = "unit-1 ann@example.com 2 of 3 wrong Animal Dog , but it is Cat"
    assert f"{words} Drawn, not matched Cat True, not matched Dog Open in the Label Editor" in found.words


def test_every_graphic_has_words() -> None:
    found = Elements(page(reported(everything(), AT + timedelta(1), reported(two_units())), {})).found
    graphics = [attributes for tag, attributes in found if tag == "svg" and "class" in attributes]
    assert {"plot", "scene"} <= {one["class"] for one in graphics}
    assert all(one.get("aria-label") or one.get("aria-hidden") for one in graphics)


def test_a_trend_is_drawn_from_the_second_report_on() -> None:
    first = reported(two_units())
    assert 'id="trend"' not in page(first, {})
    assert 'id="trend"' in page(reported(two_units(), AT + timedelta(1), first), {})


def test_what_was_not_scored_is_in_the_notes() -> None:
    found = Elements(page(reported([[submission(TRUTH, [thing(FAR, "Bird")])]]), {})).words
    assert "an object that the ground truth's ontology does not have: not scored" in found
