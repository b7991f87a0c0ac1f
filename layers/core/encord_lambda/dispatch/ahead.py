"""Working on several things at once while the next ones are still being fetched."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future

from encord_lambda.errors import Trouble


def ahead[T, R](pool: Executor, work: Callable[[T], R], items: Iterable[T], at_once: int) -> Iterator[R]:
    """The result of the work on each item, in their order.

    No more than `at_once` are under way or done and not yet taken; one more item is fetched then.

    Raises:
        Trouble: The first that came of the items or of the work. No item is fetched after it, and the results of what
            had begun by then come before it.
    """
    source = iter(items)
    under_way: deque[Future[R]] = deque()
    trouble: Trouble | None = None
    going = True
    while going or under_way:
        try:
            if going:
                under_way.append(pool.submit(work, next(source)))
            if going and len(under_way) < at_once:
                continue
            result = under_way.popleft().result()
        except StopIteration:
            going = False
        except Trouble as first:
            trouble, going = trouble or first, False
        else:
            yield result
    if trouble:
        raise trouble
