"""All that the bench knows of the project's insides, so that a run on another state of the tree adapts this file alone.

Everything else in ``tests/bench`` goes over HTTP, through ``manage.py``, or calls what stands here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from booking.care.services import holds
from booking.care.services.hold_data import HoldRequest
from booking.care.services.hold_facts import read_hold_facts
from booking.care.services.hold_rules import choose_places
from booking.places.models import Booking, BookingPolicy, CapacityCell
from booking.places.queries.ledger import ledger_differences
from booking.places.queries.provider import BookingAvailability
from booking.places.services.cells import set_targets
from booking.places.services.generation import generate_cells
from cms.accounts.models import Child, FamilyMember
from cms.accounts.signin.queries.sessions import token_hash
from cms.core.calendar.times import at, local_date, now
from cms.core.models import OutboxMessage
from cms.demo.services.institutions import make_load
from directory.districts.models import District, Township
from directory.register.models import CareProduct, Institution
from directory.search.database import DatabaseEngine
from directory.search.elastic import ElasticEngine, alias
from directory.search.elastic_query import build_body
from directory.search.engine import SearchQuery
from directory.search.indexing import index_institutions
from directory.search.models import SearchEntry, SearchPosting
from directory.search.text import plan_query
from directory.site.queries.finding import CareNeed, find_institutions
from scripts.static_files import collect

__all__ = [
    "Booking",
    "BookingAvailability",
    "CareNeed",
    "Child",
    "DatabaseEngine",
    "District",
    "ElasticEngine",
    "FamilyMember",
    "Institution",
    "OutboxMessage",
    "SearchEntry",
    "SearchPosting",
    "SearchQuery",
    "Township",
    "alias",
    "at",
    "collect",
    "find_institutions",
    "give_places",
    "index_one",
    "ledger_is_exact",
    "local_date",
    "make_institutions",
    "now",
    "prepared_take",
    "raw_query",
    "target_institution",
    "token_hash",
]


def make_institutions(count: int, *, days: Sequence[dt.date] = ()) -> None:
    """Institutions of the demo district up to ``count``; with ``days`` all get classes, and cells on those days."""
    district = District.objects.get(slug="jianxi")
    ids = make_load(district=district, count=count, cells=count if days else 0, now=now())
    if days:
        generate_cells(institution_ids=ids, now=now(), days=(min(days), max(days)))


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


def ledger_is_exact() -> bool:
    """Whether what is taken is what the ledger says, in every cell."""
    return not list(ledger_differences())


def prepared_take(
    *,
    user: Any,
    institution: Institution,
    child: Child,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    key: str,
    now: dt.datetime,
) -> Callable[[], Booking]:
    """A hold whose look is done: calling it runs the transaction alone."""
    request = HoldRequest(
        user, institution.public_id, child.public_id, "hourly", starts_at, ends_at, None, None, key, now
    )
    facts = read_hold_facts(request)
    if facts is None:
        raise RuntimeError("the bench's parent is gone")
    places = choose_places(request, facts, {})
    return lambda: holds._take(request, facts, places)


def raw_query(question: SearchQuery) -> dict[str, Any]:
    """The body that the Elasticsearch engine sends for a question."""
    return build_body(question, plan_query(question.q))


def index_one(institution_ids: Iterable[int]) -> None:
    """What the outbox does after an institution was changed."""
    index_institutions(list(institution_ids), now=now())
