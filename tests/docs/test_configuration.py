"""docs/configuration.md is what the models and the template say today."""

from toolchain import reference


def test_the_page_is_up_to_date() -> None:
    told = "write it anew: .venv/bin/python -m toolchain.reference"
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page(), told
