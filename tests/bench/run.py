"""The rows of the bench, in the order in which the data grows."""

from __future__ import annotations

import datetime as dt
import io
import os
import sys
import tempfile
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from scripts.static_files import collect
from tests.bench.bookings import bench_booking, bench_rush, days, give_places, parents_of, target_institution
from tests.bench.callers import Stay, book, confirm
from tests.bench.memory import bench_memory
from tests.bench.pages import bench_pages
from tests.bench.report import Report
from tests.bench.searches import bench_availability, bench_search
from tests.bench.servers import serve
from tests.bench.take import bench_take

PARENTS = 900
GROWTH = 300
#: Smaller only to try the bench itself.
SMALL, LARGE = os.environ.get("BENCH_SMALL", "1000"), os.environ.get("BENCH_LARGE", "10000")


def say(words: str) -> None:
    """What is going on."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def demo(*options: str) -> None:
    """Top up the sample data."""
    call_command("demo", *options, verbosity=0, stdout=io.StringIO())


def run() -> Report:
    """Prepare and measure."""
    say(f"Preparing {SMALL} institutions with cells …")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("setup_site", verbosity=0)
    collect()
    tokens_file = Path(tempfile.mkdtemp(prefix="tuoyu-bench-")) / "tokens"
    demo("--institutions", SMALL, "--cells", SMALL, "--parents", str(PARENTS), "--tokens", str(tokens_file))
    call_command("search_index", rebuild=True, verbosity=0)
    tokens = tokens_file.read_text().split()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    report = Report(connection.vendor)
    say("\n| work | figure | to reach | reached |\n|---|---|---|---|")
    with serve("tests.bench.hello_wsgi") as hello:
        bench_pages(report, hello)
        bench_booking(report, hello, tokens)
    bench_rush(report, tokens)
    bench_availability(report, lambda: _keep_more(tokens))
    bench_take(report)
    bench_memory(report)
    say(f"Preparing {LARGE} institutions …")
    demo("--institutions", LARGE, "--cells", "24")
    call_command("search_index", rebuild=True, verbosity=0)
    bench_search(report)
    return report


def _keep_more(tokens: list[str]) -> None:
    """Many more bookings on the very day that is asked about."""
    institution = target_institution()
    day = days(1)[0]
    give_places(institution, day, 2000)
    with serve("cms.wsgi") as site:
        link = site.connect()
        for parent in parents_of(tokens[-GROWTH:]):
            for start in (8, 9, 10):
                stay = Stay(institution.public_id, day, dt.time(start), dt.time(start + 1))
                status, body = book(link, parent, stay)
                if status == 201:
                    confirm(link, parent, body["id"])
        link.close()
