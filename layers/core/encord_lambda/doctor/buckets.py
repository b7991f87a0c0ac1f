"""Whether uploads are heard of, and annotators' browsers may read them."""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from encord_lambda.doctor.deployed import CorsRule, Deployed
from encord_lambda.doctor.results import Check, Result, Unchecked, fault, ok

GUIDE = "docs.encord.com/platform-documentation/General/annotate-data-integrations"
RULE = "UploadsRule"


def checks(stack: Deployed) -> Iterator[Check]:
    """What concerns the bucket of uploads."""
    yield Check("uploads bucket", lambda: _bucket(stack))
    yield Check("uploads bucket's events", lambda: _events(stack))
    yield Check("uploads bucket's CORS", lambda: _cors(stack))


def origins(stack: Deployed) -> list[str]:
    """Where the Label Editor's pages come from: Encord's own beside its API, and the one the stack was told of.

    Raises:
        Unchecked: Nobody can tell.
    """
    host = urlsplit(stack.parameter("EncordDomain")).hostname or ""
    theirs = [f"https://app.{host.removeprefix('api.')}"] if host.startswith("api.") else []
    if found := theirs + [own for own in [stack.parameter("EditorOrigin")] if own]:
        return found
    raise Unchecked(f"nobody can tell where the Label Editor of {host} is: deploy with EditorOrigin")


def _bucket(stack: Deployed) -> Iterator[Result]:
    name = stack.output("UploadsBucketName")
    yield ok("uploads bucket", f"{name}, in {stack.region(name)}")


def _events(stack: Deployed) -> Iterator[Result]:
    subject, name = "uploads bucket's events", stack.output("UploadsBucketName")
    if not stack.sends_events(name):
        told = f"{name} does not tell EventBridge of its objects, so nothing is registered"
        yield fault(subject, f"{told}: switch on its EventBridge notifications in the S3 console")
    elif not stack.rule_is_enabled(RULE):
        yield fault(subject, f"the EventBridge rule {RULE} is disabled, so nothing is registered: enable it")
    else:
        yield ok(subject, "EventBridge hears of its objects, and the stack of EventBridge")


def _cors(stack: Deployed) -> Iterator[Result]:
    subject, name, wanted = "uploads bucket's CORS", stack.output("UploadsBucketName"), origins(stack)
    rules = stack.cors(name)
    if missing := [origin for origin in wanted if not _allows(rules, origin)]:
        told = f"{name} lets no page of {', '.join(missing)} read its objects (GET), so annotators see no media"
        yield fault(subject, f"{told}: add a CORS rule as {GUIDE} describes")
    else:
        yield ok(subject, f"pages of {', '.join(wanted)} may read its objects")


def _allows(rules: Sequence[CorsRule], origin: str) -> bool:
    return any("GET" in rule.methods and any(fnmatchcase(origin, one) for one in rule.origins) for rule in rules)
