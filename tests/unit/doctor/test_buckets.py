"""Which pages the Label Editor's are, and whether a bucket's rules let them read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import pytest

from encord_lambda.doctor import buckets
from encord_lambda.doctor.deployed import CorsRule, Deployed
from encord_lambda.doctor.results import Unchecked, Verdict


@dataclass
class OneBucket:
    """A stack with a bucket of uploads."""

    domain: str = "https://api.encord.com"
    own: str = ""
    rules: Sequence[CorsRule] = ()

    def parameter(self, key: str) -> str:
        return {"EncordDomain": self.domain, "EditorOrigin": self.own}[key]

    def output(self, key: str) -> str:
        return key

    def cors(self, bucket: str) -> Sequence[CorsRule]:
        assert bucket == "UploadsBucketName"
        return self.rules


@pytest.mark.parametrize(
    ("domain", "own", "origins"),
    [
        ("https://api.encord.com", "", ["https://app.encord.com"]),
        ("https://api.us.encord.com", "", ["https://app.us.encord.com"]),
        ("https://api.encord.com", "https://labels.me", ["https://app.encord.com", "https://labels.me"]),
        ("http://127.0.0.1:80", "http://127.0.0.1:80", ["http://127.0.0.1:80"]),
    ],
)
def test_the_label_editor_is_beside_the_api_or_where_it_was_said(domain: str, own: str, origins: list[str]) -> None:
    assert buckets.origins(cast("Deployed", OneBucket(domain, own))) == origins


def test_where_nobody_can_tell_it_is_not_checked() -> None:
    with pytest.raises(Unchecked, match="deploy with EditorOrigin"):
        buckets.origins(cast("Deployed", OneBucket("https://encord.example.com")))


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [
        ([], Verdict.FAULT),
        ([CorsRule(["https://app.encord.com"], ["GET"])], Verdict.OK),
        ([CorsRule(["*"], ["PUT"]), CorsRule(["https://*.encord.com"], ["HEAD", "GET"])], Verdict.OK),
        ([CorsRule(["https://app.encord.com"], ["PUT", "HEAD"])], Verdict.FAULT),
        ([CorsRule(["https://app.us.encord.com", "http://app.encord.com"], ["GET"])], Verdict.FAULT),
    ],
    ids=["none", "named", "a star", "another method", "other origins"],
)
def test_a_rule_must_name_the_origin_and_the_method(rules: list[CorsRule], verdict: Verdict) -> None:
    [check] = [one for one in buckets.checks(cast("Deployed", OneBucket(rules=rules))) if "CORS" in one.subject]

    [result] = check.results()

    assert result.verdict is verdict
