"""Detail and list page: SQL, and CPU beside a hello under the same server."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.bench.beside import cost_beside
from tests.bench.ground import Ground
from tests.bench.inside import Institution
from tests.bench.report import ALLOWED, MORE, Report
from tests.bench.servers import Server, serve

CONTROL = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK")
ROUNDS = 5
#: The list page may lose more: its templates are plain ones.
LIST_ALLOWED = 0.15
#: A session cookie of nobody: the page cache stands aside, as for everybody who has signed in.
VISITOR = {"Cookie": "sessionid=bench"}


def weekday_ahead() -> dt.date:
    """A weekday within the booking window."""
    day = timezone.localdate() + dt.timedelta(days=3)
    while day.weekday() > 4:
        day += dt.timedelta(days=1)
    return day


def list_path() -> str:
    """The list answering the question, 20 cards with ribbons."""
    return f"/institutions/?age=20&date={weekday_ahead()}&from=09:00&to=11:00"


def detail_path() -> str:
    """A bookable institution."""
    found = Institution.objects.filter(is_public=True, class_groups__isnull=False).order_by("pk").first()
    return f"/institutions/{found.public_id}/?age=20"


def count_sql(path: str) -> int:
    """Statements of one uncached page, transaction control left out."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return sum(not query["sql"].lstrip().upper().startswith(CONTROL) for query in queries)


def bench_pages(report: Report, ground: Ground) -> None:
    """The rows of the two pages."""
    paths = {"detail page": (detail_path(), 0.05), "list page": (list_path(), 0.03)}
    for name, (path, _target) in paths.items():
        sql = count_sql(path)
        report.add(f"{name}, uncached: SQL", str(sql), "≤12", sql <= 12, value=sql)
    with serve("tests.bench.hello_wsgi") as hello:
        for cached in (False, True):
            with serve("cms.wsgi", BENCH_PAGE_CACHE="30" if cached else "0") as site:
                for name, (path, target) in paths.items():
                    _ratio(report, hello, site, name, path, 0.5 if cached else target, cached=cached)


def _ratio(report: Report, hello: Server, site: Server, name: str, path: str, goal: float, *, cached: bool) -> None:
    headers = None if cached else VISITOR
    count = 400 if cached else 60
    site.get(path, count=20, headers=headers)
    cost = cost_beside(hello, site, lambda _round: site.get(path, count=count, headers=headers), rounds=ROUNDS)
    ratio = 1 / cost.hellos
    report.add(
        f"{name}, {'cached' if cached else 'uncached'}: hello CPU / page CPU",
        f"{ratio:.3f} ({cost.milliseconds:.2f} ms CPU)",
        f"≥{goal}",
        ratio >= goal,
        value=round(ratio, 4),
        better=MORE,
        allowed=LIST_ALLOWED if name == "list page" else ALLOWED,
    )
