"""The report as text."""

from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.shadow_report.answers import AnswersReport, Confusion
from encord_lambda.shadow_report.stages import StageReport
from encord_lambda.shadow_report.wording import LONGEST, table, text

CELLS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)


@given(st.integers(1, 4).flatmap(lambda width: st.lists(st.tuples(*[CELLS] * width), min_size=1, max_size=6)))
def test_a_tables_columns_stand_under_each_other(rows: list[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]

    for row, line in zip(rows, table(rows), strict=True):
        begins = 2
        for cell, width in zip(row, widths, strict=True):
            assert line[begins : begins + width].strip() == cell
            begins += width + 2


def test_a_stage_without_anything_to_compare_says_so_in_numbers() -> None:
    empty = StageReport("Agent 1", 2, 0, 2, 0, 0, (), (), ())

    assert text([empty]).splitlines() == [
        "Stage 'Agent 1': 2 decisions",
        "  finished by people, compared below  0",
        "  not finished yet                    2",
        "  the agent could not work on         0",
        "  no longer in Encord                 0",
    ]


def test_long_answers_are_one_short_line() -> None:
    pair = Confusion("a\n" + "b" * 100, None, 1)
    report = AnswersReport("Animal", 1, 0, 0.0, 0, (pair,), ())

    *_, line = text([StageReport("S", 1, 0, 0, 0, 1, (), (report,), ())]).splitlines()

    assert line.split("  ")[1] == "a " + "b" * (LONGEST - 3) + "…"


def test_nothing_that_moves_the_cursor_reaches_the_terminal() -> None:
    pair = Confusion("\x1b[2JCat", None, 1)
    report = AnswersReport("Animal", 1, 0, 0.0, 0, (pair,), ())

    assert "?[2JCat" in text([StageReport("S", 1, 0, 0, 0, 1, (), (report,), ())])
