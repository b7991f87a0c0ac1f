"""Sweeps that tick often and in no rhythm, so that two of them overlap."""

import time

from encord_lambda.errors import Trouble
from functions.sweep_stages import handler as sweep_stages
from tests.chaos.chance import chance
from tests.chaos.instance import Invocation, begin
from tests.chaos.plan import Place


def tick(place: Place, name: str, life: int) -> None:
    """Sweep again and again, in no rhythm."""
    begin(place, name)
    drawn = chance(place.plan.seed, name, life)
    for _ in place.shift():
        if place.sweeps_are_over:
            return
        with Invocation(4 * place.plan.timeout) as context:
            try:
                sweep_stages.lambda_handler({}, context)  # type: ignore[arg-type]
            except Trouble as trouble:
                place.note(name, failed=trouble.reason)
        time.sleep(drawn.uniform(0.3, 1.5))
