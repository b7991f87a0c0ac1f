"""pipeline.yaml and the prompts beside it in S3, each read again only when its ETag changed."""

from encord_lambda.agents import prompting
from encord_lambda.aws.signed_requests import SignedRequests
from encord_lambda.config import PipelineConfig
from encord_lambda.errors import Misconfigured, Reject


class PipelineFile:
    """pipeline.yaml in S3, and the prompts it names."""

    def __init__(self, aws: SignedRequests, address: str) -> None:
        self._aws, self._file = aws, _Watched(aws, address, "pipeline.yaml")
        self._folder = address.rpartition("/")[0]
        self._config: PipelineConfig | None = None
        self._prompts: dict[str, _Watched] = {}

    def current(self) -> PipelineConfig:
        """The pipeline as it stands now: one conditional request.

        Raises:
            Misconfigured: The file is missing, unreadable or malformed; says where.
        """
        if found := self._file.changed():
            body, etag = found
            text = body.decode("utf-8", errors="replace")
            self._config, self._file.etag = PipelineConfig.parse(self._file.address, text), etag
        if self._config is None:
            raise Misconfigured(f"{self._file.address} was reported unchanged before it was ever read")
        return self._config

    def prompts(self, pipeline: PipelineConfig) -> dict[str, str | Misconfigured]:
        """The texts of the prompts that a pipeline names, by file, as they stand now: one conditional request each.

        In place of one that is missing, unreadable, too long, or lacks a blank, what is wrong with it: that concerns
        only the agents that take it.

        Raises:
            Retry: S3 cannot be reached.
        """
        found: dict[str, str | Misconfigured] = {}
        for file, kind in sorted(pipeline.prompts):
            text = self._prompt(file, kind)
            # A file that two kinds of agents take must be good for both.
            found[file] = text if isinstance(found.get(file, ""), str) else found[file]
        return found

    def _prompt(self, file: str, kind: str) -> str | Misconfigured:
        watched = self._prompts.setdefault(file, _Watched(self._aws, f"{self._folder}/{file}", "prompt"))
        try:
            if found := watched.changed(prompting.LONGEST + 1):
                watched.content, watched.etag = found
            return prompting.checked(watched.address, kind, watched.content)
        except Misconfigured as trouble:
            return trouble


class _Watched:
    """An object that is asked for time and again; whoever took a new content notes its ETag."""

    def __init__(self, aws: SignedRequests, address: str, what: str) -> None:
        self.address = address
        self.content, self.etag = b"", ""
        self._aws, self._what = aws, what
        self._bucket, _, self._key = address.removeprefix("s3://").partition("/")

    def changed(self, most: int | None = None) -> tuple[bytes, str] | None:
        """The content, or the first `most` bytes of it, and its ETag; None if it is still the one we know."""
        try:
            return self._aws.fetch(self._bucket, self._key, self.etag, most)
        except (Reject, Misconfigured) as trouble:
            # Without leave to list the bucket, S3 says AccessDenied for an object that does not exist.
            raise Misconfigured(f"{trouble.reason}: upload your {self._what} to {self.address}") from None
