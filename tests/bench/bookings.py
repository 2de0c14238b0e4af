"""One booking through the API, and five hundred parents for a hundred places."""

from __future__ import annotations

import datetime as dt
import itertools

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from booking.places.models import BookingPolicy, CapacityCell
from booking.places.queries.ledger import ledger_differences
from booking.places.services.cells import set_targets
from cms.accounts.models import Child
from cms.accounts.signin.queries.sessions import token_hash
from directory.register.models import CareProduct, Institution
from tests.bench.callers import Parent, Rush, Stay, book, call, confirm
from tests.bench.pages import CONTROL, weekday_ahead
from tests.bench.report import Report, median, percentile
from tests.bench.servers import Server, cpu_per_request, database_cpu_seconds, serve

RUSH_PARENTS, RUSH_PLACES = 500, 100
SINGLE = 100


def parents_of(tokens: list[str]) -> list[Parent]:
    """Tokens with the public id of their child, by one query."""
    hashes = {token_hash(token): token for token in tokens}
    rows = Child.objects.filter(family__members__user__session_tokens__token_hash__in=hashes).values_list(
        "family__members__user__session_tokens__token_hash", "public_id"
    )
    return [Parent(hashes[index], child) for index, child in rows]


def target_institution() -> Institution:
    """A bookable institution that confirms at once, with hourly care from 8 to 18."""
    asks = BookingPolicy.objects.filter(needs_acceptance=True).values("institution")
    product = (
        CareProduct.objects.filter(mode="hourly", starts__lte=dt.time(8), ends__gte=dt.time(18), active=True)
        .exclude(institution__in=asks)
        .filter(institution__class_groups__kind="toddler", institution__is_public=True)
        .order_by("institution")
        .first()
    )
    return product.institution


def give_places(institution: Institution, day: dt.date, places: int) -> None:
    """So many places in every cell of a day, as a larger house would have them."""
    cells = CapacityCell.objects.filter(
        pool__institution=institution,
        pool__kind="care",
        starts_at__date=day,
        pool__bucket__in=("toddler", "senior_toddler", "all"),
    )
    set_targets(dict.fromkeys(cells.values_list("pk", flat=True), places))


def days(count: int) -> list[dt.date]:
    """Weekdays within the booking window, the first after three days."""
    first = weekday_ahead()
    found = (first + dt.timedelta(days=n) for n in itertools.count())
    last = timezone.localdate() + dt.timedelta(days=14)
    return [day for day in itertools.islice(found, 14) if day.weekday() < 5 and day <= last][:count]


def bench_booking(report: Report, hello: Server, tokens: list[str]) -> None:
    """SQL and CPU of hold, confirm and refusal."""
    parents = parents_of(tokens[: SINGLE * 2 + 2])
    institution = target_institution()
    first, second = days(2)
    give_places(institution, first, SINGLE * 2)
    give_places(institution, second, 0)
    free = Stay(institution.public_id, first, dt.time(14), dt.time(17))
    full = Stay(institution.public_id, second, dt.time(14), dt.time(17))
    _count(report, parents.pop(), free, full)
    with serve("cms.wsgi") as site:
        base = median([cpu_per_request(hello, "/hello", count=1500) for _ in range(3)])
        _cpu(report, site, parents, free, full, base)


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
    report.add("booking through the API, hold: SQL", str(hold), "≤12", hold <= 12)
    report.add("booking through the API, confirm: SQL", str(confirmed), "≤7", confirmed <= 7)
    report.add("booking through the API, refusal: SQL", str(refusal), "≤4", refusal <= 4)


def _cpu(report: Report, site: Server, parents: list[Parent], free: Stay, full: Stay, base: float) -> None:
    link = site.connect()
    for parent in parents[SINGLE:]:
        book(link, parent, full)
    cpu, database = site.cpu_seconds(), database_cpu_seconds()
    for parent in parents[:SINGLE]:
        status, body = book(link, parent, free)
        if status != 201 or confirm(link, parent, body["id"])[0] != 200:
            raise RuntimeError(f"a booking answered {status}: {body}")
    used = (site.cpu_seconds() - cpu) / SINGLE * 1000
    beside = (database_cpu_seconds() - database) / SINGLE * 1000
    figure = f"{used / base:.1f} hellos ({used:.2f} ms; PostgreSQL beside {beside:.2f} ms)"
    report.add("hold and confirm together: web CPU", figure, "≤30 hellos", used / base <= 30)
    cpu = site.cpu_seconds()
    for parent in parents[SINGLE:]:
        book(link, parent, full)
    refusal = (site.cpu_seconds() - cpu) / len(parents[SINGLE:]) * 1000
    report.add("refusal: web CPU", f"{refusal / base:.1f} hellos ({refusal:.2f} ms)")
    for parent in parents[:5]:
        call(link, "GET", "bookings", parent.token)
    link.close()


def bench_rush(report: Report, tokens: list[str]) -> None:
    """500 at once for 100."""
    parents = parents_of(tokens[:RUSH_PARENTS])
    institution = target_institution()
    day = days(3)[2]
    give_places(institution, day, RUSH_PLACES)
    stay = Stay(institution.public_id, day, dt.time(9), dt.time(11))
    with serve("cms.wsgi") as site:
        link = site.connect()
        for _ in range(8):
            call(link, "GET", "consents/child-data", parents[0].token)
        link.close()
        rush = Rush(site, parents, stay)
        rush.run()
    held = max((answer.ended for answer in rush.held), default=0.0)
    done = max((answer.ended for answer in rush.confirmed), default=0.0)
    refusals = percentile([answer.ended for answer in rush.refused], 0.95) if rush.refused else 0.0
    confirmed = sum(answer.status == 200 for answer in rush.confirmed)
    exact = len(rush.held) == RUSH_PLACES and not rush.errors and not list(ledger_differences())
    counts = (
        f"{len(rush.held)} held, {len(rush.refused)} full, {len(rush.errors)} errors {sorted(set(rush.errors))[:3]}"
    )
    report.add("rush of 500 for 100: answers", counts, "exactly 100, no error", exact)
    report.add("rush: the last 201", f"{held:.2f} s", "≤1.5 s", held <= 1.5)
    report.add("rush: 100 confirmed", f"{confirmed} in {done:.2f} s", "100 in ≤4 s", confirmed == 100 and done <= 4)
    report.add("rush: refusals p95", f"{refusals:.2f} s", "≤2 s", refusals <= 2)
