"""Where tasks go that enter a router; they never wait there."""

from itertools import accumulate
from uuid import UUID

from .identifiers import identifier
from .records import Project, Stage
from .tasks import Task


def through(project: Project, task: Task, stage: UUID, user: str | None) -> UUID:
    """The stage a task really reaches when it is sent to one; `user` is who sent it."""
    while (router := project.stages[stage]).type.is_router:
        onward = router.users.get(user or "") or _by_share(router, task) or router.next
        assert onward is not None, "World refuses routers that lead nowhere"
        stage = onward
    return stage


def _by_share(router: Stage, task: Task) -> UUID | None:
    """The same way for the same task in every run; another router draws another number."""
    drawn = identifier("draw", router.uuid, task.uuid).int / 2**128 * 100
    limits = accumulate(router.shares.values())
    for destination, limit in zip(router.shares, limits, strict=True):
        if drawn < limit:
            return destination
    return None
