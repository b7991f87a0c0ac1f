"""Who works with whom in `functions/score_benchmark`."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from encord_lambda import settings, wiring
from encord_lambda.benchmark.desk import Desk

if TYPE_CHECKING:
    from encord.workflow.stages.consensus_review import ConsensusReviewTask

    from encord_lambda.config_benchmark import Benchmark


def benchmarks() -> "list[Benchmark]":
    """Those of pipeline.yaml as it stands now."""
    return wiring.pipeline_file(settings.read(settings.ScoreBenchmark)).current().benchmarks


def desks(time_left: Callable[[], float]) -> "Callable[[Benchmark], Desk[ConsensusReviewTask]]":
    """What runs over benchmarks work with; `time_left` says how many seconds this function still has."""
    import boto3

    from encord_lambda.aws.benchmark_records import BenchmarkRecords
    from encord_lambda.aws.bulk import BULK
    from encord_lambda.aws.claims import TaskClaims
    from encord_lambda.aws.event_bus import BenchmarkEvents
    from encord_lambda.aws.objects import Objects
    from encord_lambda.aws.shadows import ShadowRecords
    from encord_lambda.benchmark.agent_stages import AgentStages
    from encord_lambda.encord_platform.consensus import ConsensusReviews
    from encord_lambda.media.download import Downloads
    from encord_lambda.media.images import SignedPictures, thumbnail

    here = settings.read(settings.ScoreBenchmark)
    pictures = SignedPictures(Downloads(allow_private=here.allow_private_media == "true"))
    bucket = Objects(boto3.client("s3", config=BULK), here.records_bucket)
    claims = TaskClaims(boto3.client("dynamodb", config=BULK), here.claims_table)
    news, editor = BenchmarkEvents(boto3.client("events")), web_application(here.encord_domain)

    def desk(benchmark: "Benchmark") -> "Desk[ConsensusReviewTask]":
        client = wiring.encord_client(here)
        reviews = ConsensusReviews(client, benchmark, lambda url: thumbnail(pictures.read(url)))
        stages = AgentStages(wiring.pipeline_file(here).current().stages, benchmark.production)
        return Desk(reviews, BenchmarkRecords(bucket), stages, ShadowRecords(bucket), claims, news, editor, time_left)

    return desk


def web_application(domain: str) -> str:
    """Where the web application is of an Encord whose API is there: `app.us.encord.com` of `api.us.encord.com`."""
    return domain.rstrip("/").replace("//api.", "//app.", 1)
