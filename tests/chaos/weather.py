"""Encord's everyday trouble, and the two outages: first Encord's, then the models'."""

from tests.chaos import trouble
from tests.chaos.asking import ask
from tests.chaos.chance import chance
from tests.chaos.plan import Place


class Weather:
    """What is ordered of the servers, and when."""

    def __init__(self, place: Place) -> None:
        self._place = place
        drawn = chance(place.plan.seed, "weather")
        first = place.plan.outage * drawn.uniform(1.5, 4)
        second = first + place.plan.outage * drawn.uniform(2, 4)
        self._changes = [(first, self._encord_breaks), (first + place.plan.outage, self._everyday)]
        self._changes.append((second, self._models_break))
        self._everyday()

    def change(self, passed: float) -> None:
        """What the weather is after so many seconds."""
        while self._changes and passed > self._changes[0][0]:
            self._changes.pop(0)[1]()

    def clear_up(self) -> None:
        """Note what the faults of now have hit, and end them."""
        for fault in ask(f"{self._place.encord}/_twin/faults"):
            self._place.note("weather", fault=trouble.called(fault), times=fault["hits"])
        ask(f"{self._place.encord}/_twin/faults", [])

    def _everyday(self) -> None:
        self._order(trouble.FAULTS)

    def _encord_breaks(self) -> None:
        self._order(trouble.OUTAGE)

    def _models_break(self) -> None:
        ask(f"{self._place.far_side}/_trouble/{self._place.plan.outage:.1f}", {})

    def _order(self, faults: list[dict[str, object]]) -> None:
        self.clear_up()
        ask(f"{self._place.encord}/_twin/faults", trouble.endless(faults))
