"""A database of the first release gets its districts and moments; what has none is named before anything is written."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from booking.places.models import Booking, BookingCell, BookingEvent, CapacityPool
from parenting.classes.models import ClassSignup
from tests.factories.accounts import parent_with_child
from tests.factories.booking import NOW
from tests.factories.directory import CareProductFactory, DistrictFactory, InstitutionFactory

fill = import_module("booking.places.migrations.0006_fill_bookings")
pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = [("booking", "0003_booking_day_status"), ("parenting", "0002_session_taken_down")]
AFTER = [("booking", "0007_district_and_start_needed"), ("parenting", "0006_signup_district_needed")]
HOUR = dt.timedelta(hours=1)


class FirstRelease:
    """Rows as the first release wrote them: no district, no moment in the ledger."""

    def __init__(self) -> None:
        self.executor = MigrationExecutor(connection)
        self.executor.migrate(BEFORE)
        self.apps = self.executor.loader.project_state(BEFORE).apps

    def make(self, model: str, **values: Any) -> Any:
        return self.apps.get_model("booking", model).objects.create(**values)

    def pool(self, kind: str, **values: Any) -> Any:
        return self.make("CapacityPool", kind=kind, bucket="all", raster_minutes=0, **values)

    def cell(self, pool: Any, number: int = 0) -> Any:
        start = NOW + number * HOUR
        return self.make(
            "CapacityCell", pool=pool, starts_at=start, ends_at=start + HOUR, target=5, capacity=5, taken=1
        )

    def booking(self, pool: Any, cells: list[Any], **values: Any) -> Any:
        _user, child = parent_with_child()
        booking = self.make(
            "Booking",
            family_id=child.family_id,
            child_id=child.pk,
            pool=pool,
            status="confirmed",
            service_date=NOW.date(),
            starts_at=NOW,
            ends_at=NOW + HOUR,
            created_at=NOW,
            changed_at=NOW,
            public_id=f"b{pool.pk}",
            reference=f"R{pool.pk}",
            **values,
        )
        for word in ("held", "confirmed"):
            self.make("BookingEvent", booking=booking, to_status=word, side="parent", at=NOW)
        for cell in cells:
            self.make("BookingCell", booking=booking, cell=cell, units=1)
        return booking


@pytest.fixture
def first_release() -> FirstRelease:
    return FirstRelease()


def care(old: FirstRelease) -> tuple[int, Any]:
    """A booking with three cells in an institution; returns the district and the booking."""
    house = InstitutionFactory()
    product = CareProductFactory(institution=house)
    pool = old.pool("care", institution_id=house.pk)
    cells = [old.cell(pool, number) for number in range(3)]
    values = {"kind": "care", "mode": product.mode, "product_id": product.pk, "institution_id": house.pk}
    return house.district_id, old.booking(pool, cells, **values)


def sign_up(old: FirstRelease) -> tuple[int, Any]:
    district = DistrictFactory()
    # As the release of then wrote it: today's factory fills columns that came later.
    session = old.apps.get_model("parenting", "ClassSession").objects.create(
        district_id=district.pk,
        kind="parent_class",
        topic="feeding",
        title="示例课堂",
        organiser="示例区妇幼保健院",
        venue="示例社区",
        starts_at=NOW,
        ends_at=NOW + HOUR,
        capacity=2,
        signup_opens_at=NOW - HOUR,
        signup_closes_at=NOW,
    )
    cell = old.cell(old.pool("session"))
    old.apps.get_model("parenting", "SessionPlaces").objects.create(
        session_id=session.pk,
        cell=cell,
        starts_at=NOW,
        ends_at=NOW + HOUR,
        signup_opens_at=NOW,
        signup_closes_at=NOW,
    )
    booking = old.booking(cell.pool, [cell], kind="session")
    old.apps.get_model("parenting", "ClassSignup").objects.create(
        booking=booking, session_id=session.pk, family_id=booking.family_id, created_at=NOW
    )
    return session.district_id, booking


def test_pool_of_nobody_stops_the_upgrade_and_the_rest_is_upgraded_once_it_has_a_district(
    first_release: FirstRelease, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One history, since each way back to the first release takes seconds: stopped and named, mended, upgraded."""
    monkeypatch.setattr(fill, "BATCH", 2)
    deleted = first_release.pool("session")
    first_release.cell(deleted)
    made = [care(first_release), care(first_release), sign_up(first_release), sign_up(first_release)]
    visit = first_release.pool("visit")

    first_release.executor.loader.build_graph()
    with pytest.raises(fill.NoDistrict, match=f"^pools {visit.pk}$"):
        first_release.executor.migrate(AFTER)

    executor = MigrationExecutor(connection)
    state = executor.loader.project_state([("booking", "0005_fill_pools")]).apps
    bookings = state.get_model("booking", "Booking").objects
    assert set(bookings.values_list("district_id", flat=True)) == {None}
    state.get_model("booking", "CapacityPool").objects.filter(pk=visit.pk).update(district_id=DistrictFactory().pk)
    executor.migrate(AFTER)

    assert len({district for district, _booking in made}) == 4
    for district, old in made:
        booking = Booking.objects.get(pk=old.pk)
        events = BookingEvent.objects.filter(booking=booking).values_list("district_id", flat=True)
        assert (booking.district_id, booking.pool.district_id, list(events)) == (district, district, [district] * 2)
        assert all(row.starts_at == row.cell.starts_at for row in booking.cells.select_related("cell"))
    assert BookingCell.objects.count() == 8
    assert not CapacityPool.objects.filter(pk=deleted.pk).exists()
    assert list(ClassSignup.objects.order_by("pk").values_list("district_id", flat=True)) == [
        district for district, _booking in made[2:]
    ]
