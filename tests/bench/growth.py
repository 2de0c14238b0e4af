"""A whole register at once, by the demo and by import, and what one change of it costs then."""

from __future__ import annotations

import csv
import datetime as dt
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.db.models import Sum
from django.db.models.functions import Length

from tests.bench.ground import SAMPLES, Ground, Ran, run_command
from tests.bench.inside import Institution, OutboxMessage, SearchEntry, SearchPosting, Township, index_one
from tests.bench.report import Report, median

#: The importer takes so many rows a file.
FILE_ROWS = 50_000
COLUMNS = ("机构名称", "机构住所", "所属街道", "备案编号", "备案通过时间", "托位数", "纬度", "经度")
MEGABYTE = 1e6
KINDS = ("托育园", "托育中心", "照护点", "幼儿园托班", "宝贝之家")


def bench_demo(report: Report, ground: Ground) -> None:
    """``manage.py demo`` of that size."""
    ground.lay_empty()
    rows = ground.options.rows
    ran = run_command("demo", "--institutions", str(rows), "--cells", str(SAMPLES))
    _report_filling(report, f"demo of {rows:,}", [ran], OutboxMessage.objects.count())


def bench_import(report: Report, ground: Ground) -> None:
    """``manage.py import_institutions`` of lists of that size and the jobs after it; then single changes."""
    ground.lay_empty()
    rows = ground.options.rows
    ran = []
    with tempfile.TemporaryDirectory(prefix="tuoyu-bench-") as folder:
        for file in write_lists(Path(folder), rows):
            ran.append(run_command("import_institutions", str(file), "--json", "--verbosity", "0"))
            _check(ran[-1])
    ran.append(run_command("run_jobs", "--once"))
    found = SearchEntry.objects.count()
    if found != rows:
        raise RuntimeError(f"{rows} institutions were imported, {found} can be found")
    _report_filling(report, f"import of {rows:,}", ran, OutboxMessage.objects.count())
    bench_change(report, ground)


def write_lists(folder: Path, rows: int) -> Iterator[Path]:
    """Official lists of so many institutions together."""
    towns = list(Township.objects.filter(district__slug="jianxi").order_by("code").values_list("name", flat=True))
    for first in range(0, rows, FILE_ROWS):
        path = folder / f"{first}.csv"
        with path.open("w", newline="", encoding="utf-8-sig") as handle:
            writer = csv.writer(handle)
            writer.writerow(COLUMNS)
            writer.writerows(_row(number, towns) for number in range(first, min(first + FILE_ROWS, rows)))
        yield path


def _row(number: int, towns: list[str]) -> tuple[object, ...]:
    town = towns[number % len(towns)]
    filed = dt.date(2022, 1, 3) + dt.timedelta(days=number % 900)
    return (
        f"{town}{number + 1}号{KINDS[number % len(KINDS)]}",
        f"{town}名单路 {number + 1} 号",
        town,
        f"TY-{filed.year}-{number + 1:06d}",
        filed.isoformat(),
        20 + number % 70,
        round(34.62 + number % 97 / 1000, 5),
        round(112.36 + number % 89 / 1000, 5),
    )


def _check(ran: Ran) -> None:
    answer = json.loads(ran.output)
    if answer["errors"] or not answer["written"]:
        raise RuntimeError(f"a list was not written: {answer['errors'][:3]}")


def _report_filling(report: Report, name: str, ran: list[Ran], messages: int) -> None:
    peak = max(one.peak_megabytes for one in ran)
    seconds = sum(one.seconds for one in ran)
    report.add(f"{name}: outbox rows", f"{messages:,}", "≤600", messages <= 600, value=messages)
    report.add(f"{name}: memory at its largest", f"{peak:.0f} MB", "≤400 MB", peak <= 400, value=round(peak))
    report.add(f"{name}: until all is found", f"{seconds:.0f} s", value=round(seconds))


def bench_change(report: Report, ground: Ground) -> None:
    """Institutions renamed one by one, each indexed at once; what that leaves in the table of postings."""
    count = ground.options.changes
    keys = list(SearchEntry.objects.order_by("pk").values_list("pk", flat=True))
    chosen = [keys[number * len(keys) // (count + 1)] for number in range(count + 1)]
    measured = [_change(pk, number) for number, pk in enumerate(chosen)][1:]
    milliseconds = median([one[0] for one in measured])
    written = median([one[1] for one in measured])
    size = f"{len(keys):,}"
    report.add(
        f"one change among {size}: until it is found",
        f"{milliseconds:.0f} ms",
        "≤200 ms",
        milliseconds <= 200,
        value=round(milliseconds),
    )
    report.add(
        f"one change among {size}: written",
        f"{written:.2f} MB",
        "≤3 MB",
        written <= 3,
        value=round(written, 2),
    )
    _report_postings(report, size, count)


def _change(pk: int, number: int) -> tuple[float, float]:
    """Milliseconds, and megabytes written to the write-ahead log."""
    Institution.objects.filter(pk=pk).update(name=f"改名{number}号托育园")
    log = WriteAheadLog()
    began = time.perf_counter()
    index_one([pk])
    return (time.perf_counter() - began) * 1000, log.written() / MEGABYTE


class WriteAheadLog:
    """How much the database has written since."""

    def __init__(self) -> None:
        if connection.vendor == "sqlite":
            self.file = Path(f"{connection.settings_dict['NAME']}-wal")
            # By itself SQLite would begin the file again in the midst of a change.
            _ask("PRAGMA wal_autocheckpoint = 0")
            _ask("PRAGMA wal_checkpoint(TRUNCATE)")
        self.start = self._position()

    def written(self) -> int:
        return self._position() - self.start

    def _position(self) -> int:
        if connection.vendor == "sqlite":
            return self.file.stat().st_size if self.file.exists() else 0
        return _ask("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")


def _report_postings(report: Report, size: str, changes: int) -> None:
    work = f"postings of {size} after {changes} changes and a vacuum"
    if connection.vendor != "postgresql":
        report.add(work, "", note="needs PostgreSQL")
        return
    table = SearchPosting._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM {table}")
    taken = _ask(f"SELECT pg_total_relation_size('{table}')") / MEGABYTE
    content = (SearchPosting.objects.aggregate(size=Sum(Length("data")))["size"] or 0) / MEGABYTE
    figure = f"{taken:.1f} MB for {content:.1f} MB of data"
    # A table of a few pages is mostly its indexes.
    report.add(work, figure, "≤4 times the data", taken <= max(1, content * 4), value=round(taken, 1))


def _ask(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
