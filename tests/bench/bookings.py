"""One booking through the API: SQL and CPU of hold, confirm and refusal."""

from __future__ import annotations

import datetime as dt
import http.client
import itertools

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.bench.beside import cost_beside
from tests.bench.callers import Parent, Stay, book, confirm
from tests.bench.ground import DAYS_AHEAD, Ground
from tests.bench.inside import give_places, target_institution
from tests.bench.pages import CONTROL, weekday_ahead
from tests.bench.report import Report
from tests.bench.servers import Server, serve

ROUNDS, EACH = 4, 25
WARM = 5


def days(count: int) -> list[dt.date]:
    """Weekdays within the booking window, the first after three days."""
    first = weekday_ahead()
    found = (first + dt.timedelta(days=n) for n in itertools.count())
    last = timezone.localdate() + dt.timedelta(days=DAYS_AHEAD)
    return [day for day in itertools.islice(found, DAYS_AHEAD) if day.weekday() < 5 and day <= last][:count]


def bench_booking(report: Report, ground: Ground) -> None:
    """A free day and a full one."""
    parents = ground.parents(ground.tokens[: 1 + WARM + ROUNDS * EACH])
    institution = target_institution()
    first, second = days(2)
    give_places(institution, first, 2 * len(parents))
    give_places(institution, second, 0)
    free = Stay(institution.public_id, first, dt.time(14), dt.time(17))
    full = Stay(institution.public_id, second, dt.time(14), dt.time(17))
    _count(report, parents.pop(), free, full)
    with serve("tests.bench.hello_wsgi") as hello, serve("cms.wsgi") as site:
        _cpu(report, hello, site, parents, free, full)


def _count(report: Report, parent: Parent, free: Stay, full: Stay) -> None:
    client = Client(SERVER_NAME="127.0.0.1", headers={"X-Session-Token": parent.token})

    def post(path: str, body: object, key: str) -> tuple[int, dict]:
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(
                f"/api/v1/{path}", body, content_type="application/json", headers={"Idempotency-Key": key}
            )
        sql = [q["sql"] for q in queries if not q["sql"].lstrip().upper().startswith(CONTROL)]
        return len(sql), answer.json()

    post("bookings", full.body(parent.child), "bench-warm")
    refusal, _ = post("bookings", full.body(parent.child), "bench-refused")
    hold, body = post("bookings", free.body(parent.child), "bench-hold")
    confirmed, _ = post(f"bookings/{body['id']}/confirm", {}, "")
    for act, count, most in (("hold", hold, 9), ("confirm", confirmed, 5), ("refusal", refusal, 4)):
        report.add(f"booking through the API, {act}: SQL", str(count), f"≤{most}", count <= most, value=count)


#: Of a refusal's time on a profile: three statements with their cursors, the framework of the API, the birth date.
HELD_BACK = "a third is statements (a twentieth the connection's health check), a sixth the API's framework"


def _cpu(report: Report, hello: Server, site: Server, parents: list[Parent], free: Stay, full: Stay) -> None:
    link = site.connect()
    for parent in parents[:WARM]:
        for _ in range(8):
            book(link, parent, full)
        _book_and_confirm(link, parent, free)
    measured = parents[WARM:]

    def held(number: int) -> int:
        turn = measured[number * EACH : (number + 1) * EACH]
        for parent in turn:
            _book_and_confirm(link, parent, free)
        return len(turn)

    def refused(number: int) -> int:
        turn = measured[number * EACH : (number + 1) * EACH] * 3
        for parent in turn:
            book(link, parent, full)
        return len(turn)

    for name, act, most in (("hold and confirm together", held, 14), ("refusal", refused, 3.5)):
        cost = cost_beside(hello, site, act, rounds=ROUNDS)
        beside = f"; PostgreSQL beside {cost.database:.2f} ms" if cost.database else ""
        figure = f"{cost.hellos:.1f} hellos ({cost.milliseconds:.2f} ms{beside})"
        target = f"≤{most} hellos"
        reached = cost.hellos <= most
        report.add(f"{name}: web CPU", figure, target, reached, value=round(cost.hellos, 2), held_back=HELD_BACK)
    link.close()


def _book_and_confirm(link: http.client.HTTPConnection, parent: Parent, stay: Stay) -> None:
    status, body = book(link, parent, stay)
    if status != 201 or confirm(link, parent, body["id"])[0] != 200:
        raise RuntimeError(f"a booking answered {status}: {body}")
