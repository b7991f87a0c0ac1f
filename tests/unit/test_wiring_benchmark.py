"""Links of reports lead to the web application of the Encord whose API is asked."""

import pytest

from encord_lambda import wiring_benchmark


@pytest.mark.parametrize(
    ("domain", "application"),
    [
        ("https://api.encord.com", "https://app.encord.com"),
        ("https://api.us.encord.com/", "https://app.us.encord.com"),
        ("http://127.0.0.1:4711", "http://127.0.0.1:4711"),
        ("https://encord.api.example.com", "https://encord.api.example.com"),
    ],
)
def test_the_web_application_is_beside_the_api(domain: str, application: str) -> None:
    assert wiring_benchmark.web_application(domain) == application
