"""What benchmarks keep in the records bucket: a file for each data unit, and reports."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import batched
from typing import Final
from uuid import UUID

from pydantic import ValidationError

from encord_lambda.agents import doubts
from encord_lambda.aws.objects import Objects
from encord_lambda.benchmark import doubting, report_csv, report_page, reviewed
from encord_lambda.benchmark.report import Report
from encord_lambda.benchmark.report_page import Place
from encord_lambda.benchmark.reviewed import ReviewedUnit
from encord_lambda.errors import Reject

AT_ONCE: Final = 32
READ_AHEAD: Final = 512
"""How many data units are held at a time."""


class BenchmarkRecords:
    """All benchmarks' files below `benchmarks/<name>/`: `units/<data>.json`, `reports/<when>/` and `shares.json`."""

    def __init__(self, records: Objects) -> None:
        self._records = records

    def known(self, benchmark: str) -> Mapping[UUID, str]:
        """Which data units are kept, each with a mark of what is written of it: one request for a thousand."""
        marks = self._records.marks(reviewed.prefix(benchmark))
        return {data: mark for key, mark in marks.items() if (data := reviewed.kept_at(benchmark, key))}

    def read(self, benchmark: str, data: Iterable[UUID]) -> Mapping[UUID, ReviewedUnit]:
        """Those of these data units that are kept and can be read."""
        keys = [reviewed.key(benchmark, one) for one in data]
        return {unit.data: unit for unit in self._each(benchmark, keys) if isinstance(unit, ReviewedUnit)}

    def keep(self, benchmark: str, units: Iterable[ReviewedUnit]) -> None:
        """Write them down, over what is kept of them."""

        def write(unit: ReviewedUnit) -> None:
            self._records.write(reviewed.key(benchmark, unit.data), unit.model_dump_json().encode())

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(write, units))

    def kept(self, benchmark: str) -> Iterator[ReviewedUnit | Reject]:
        """All data units that are kept; Reject, which names it, for each file among them that is none."""
        return self._each(benchmark, self._records.keys(reviewed.prefix(benchmark)))

    def latest(self, benchmark: str) -> Report | None:
        """The report that was concluded last, if there is one of this version."""
        found = [key for key in self._records.keys(_reports(benchmark)) if key.endswith("/report.json")]
        try:
            return Report.model_validate_json(self._records.read(max(found))) if found else None
        except ValidationError:
            return None  # of another version: the trend begins anew

    def publish(self, report: Report, pictures: Mapping[Place, bytes]) -> str:
        """Write it as a page and as CSV, and what `sample` of route rules goes by; returns the address of the page."""
        start, page = _start(report), report_page.page(report, pictures)
        self._records.write(f"{start}report.html", page.encode(), "text/html; charset=utf-8")
        self._records.write(f"{start}report.csv", report_csv.table(report).encode(), "text/csv; charset=utf-8")
        self._records.write(doubts.key(report.benchmark), doubting.doubts(report).model_dump_json(indent=1).encode())
        return self._records.address(f"{start}report.html")

    def conclude(self, report: Report) -> None:
        """Write it as JSON, which the next run looks for: without that, it makes the report anew."""
        self._records.write(f"{_start(report)}report.json", report.model_dump_json(indent=1).encode())

    def _each(self, benchmark: str, keys: Iterable[str]) -> Iterator[ReviewedUnit | Reject]:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for some in batched(keys, READ_AHEAD, strict=False):
                yield from pool.map(lambda key: self._read(benchmark, key), some)

    def _read(self, benchmark: str, key: str) -> ReviewedUnit | Reject:
        try:
            unit = ReviewedUnit.model_validate_json(self._records.read(key))
        except ValidationError as error:
            what = error.errors()[0]["msg"]
        except Reject as gone:
            return gone
        else:
            if unit.data == reviewed.kept_at(benchmark, key):
                return unit
            what = f"it holds {unit.data}"
        return Reject(f"{self._records.address(key)} is no data unit of a benchmark of this version: {what}")


def _start(report: Report) -> str:
    """What the keys of a report's files begin with."""
    return f"{_reports(report.benchmark)}{report.at:%Y-%m-%dT%H-%M-%SZ}/"


def _reports(benchmark: str) -> str:
    return f"benchmarks/{benchmark}/reports/"
