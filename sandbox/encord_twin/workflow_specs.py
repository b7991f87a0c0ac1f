"""Describe projects and their workflows."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from .outbound.loopback import LoopbackUrl
from .platform.consensus import branch_of
from .platform.records import Notify, StageType
from .spec import Named, Spec

WHOLE = 100  # per cent


class NotifySpec(Spec):
    """Task-ready notifications of an agent stage, signed with `secret` and sent to this machine only.

    They are sent when `batch_size` tasks wait, or one has waited for `max_wait` seconds.
    """

    url: LoopbackUrl
    secret: str = Field(min_length=1, repr=False)
    batch_size: int = Field(ge=1)
    max_wait: float = Field(ge=0)

    def meant(self) -> Notify:
        """What the stage keeps."""
        return Notify(self.url, self.secret, self.batch_size, self.max_wait)


class StageSpec(Named):
    """A workflow node. `pathways` (agent stages) leads from a pathway's name to a stage's title.

    Annotation stages and routers go on to `next`; review stages to `next` when approved, else to `rejected`.
    A consensus annotation stage names its `annotators` by e-mail and goes on to its review. A percentage router
    may have `shares` (whole percentages by stage title), a user router `users` (stage titles by the e-mail of whoever
    acted last); all other tasks take `next`. An agent stage may `notify` somebody of its work.
    """

    type: StageType
    pathways: dict[str, str] = Field(default_factory=dict)
    next: str | None = None
    rejected: str | None = None
    annotators: list[str] = Field(default_factory=list)
    shares: dict[str, Annotated[int, Field(gt=0, le=WHOLE)]] = Field(default_factory=dict)
    users: dict[str, str] = Field(default_factory=dict)
    notify: NotifySpec | None = None

    def leads_to(self) -> list[str]:
        """The titles of all stages one step away."""
        straight = [title for title in (self.next, self.rejected) if title]
        return [*self.pathways.values(), *self.shares, *self.users.values(), *straight]

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        own = {
            "pathways": StageType.AGENT,
            "annotators": StageType.CONSENSUS_ANNOTATION,
            "shares": StageType.PERCENTAGE_ROUTER,
            "users": StageType.USER_ROUTER,
            "notify": StageType.AGENT,
        }
        for name, type_ in own.items():
            if getattr(self, name) and self.type is not type_:
                raise ValueError(f"stage {self.title!r}: {name} belong to {type_} stages only")
        if self.type is StageType.CONSENSUS_ANNOTATION:
            self._check_annotators()
        if self.type.is_router and self.next is None and sum(self.shares.values()) != WHOLE:
            raise ValueError(f"stage {self.title!r}: router leads nowhere; add next, or shares that sum to 100")
        if sum(self.shares.values()) > WHOLE:
            raise ValueError(f"stage {self.title!r}: shares are more than 100 per cent")
        return self

    def _check_annotators(self) -> None:
        if not self.annotators:
            raise ValueError(f"stage {self.title!r}: name at least one annotator")
        if len({branch_of(annotator) for annotator in self.annotators}) != len(self.annotators):
            raise ValueError(f"stage {self.title!r}: two annotators would share a label branch")


class ProjectSpec(Named):
    """A workflow project; tasks start at `first`, or at the first stage listed.

    `members` are e-mail addresses; without them everybody with a key may work in it.
    """

    ontology: str
    datasets: list[str] = Field(default_factory=list)
    stages: list[StageSpec] = Field(min_length=1)
    first: str | None = None
    members: list[str] | None = None

    @model_validator(mode="after")
    def _graph_is_whole(self) -> Self:
        titles = {stage.title: stage for stage in self.stages}
        if len(titles) != len(self.stages):
            raise ValueError(f"project {self.title!r}: stage titles must be unique")
        for title in [
            self.first or self.stages[0].title,
            *(to for stage in self.stages for to in stage.leads_to()),
        ]:
            if title not in titles:
                raise ValueError(f"project {self.title!r}: no stage {title!r}")
        for stage in self.stages:
            self._check_router(stage, titles)
        return self

    def _check_router(self, stage: StageSpec, titles: dict[str, StageSpec], passed: tuple[str, ...] = ()) -> None:
        if stage.title in passed:
            raise ValueError(f"project {self.title!r}: router {stage.title!r} leads nowhere but to itself")
        if stage.type.is_router:
            for title in stage.leads_to():
                self._check_router(titles[title], titles, (*passed, stage.title))
