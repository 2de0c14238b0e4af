"""Bare rows of the capacity core, past its services: for what the database alone refuses."""

from __future__ import annotations

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from booking.places.models import Booking, BookingCell, BookingPolicy, CapacityCell, CapacityPool
from tests.factories.accounts import ChildFactory
from tests.factories.booking import NOW, TODAY
from tests.factories.directory import CareProductFactory, DistrictFactory, InstitutionFactory


class CapacityPoolFactory(DjangoModelFactory):
    """The toddler class of an institution of its own."""

    class Meta:
        model = CapacityPool

    kind = CapacityPool.Kind.CARE
    institution = factory.SubFactory(InstitutionFactory)
    district = factory.Maybe(
        "institution", factory.SelfAttribute("institution.district"), factory.SubFactory(DistrictFactory)
    )
    bucket = "toddler"
    raster_minutes = 30


class CapacityCellFactory(DjangoModelFactory):
    """Half an hour with two places, none taken."""

    class Meta:
        model = CapacityCell

    pool = factory.SubFactory(CapacityPoolFactory)
    starts_at = NOW
    ends_at = NOW + dt.timedelta(minutes=30)
    target = 2
    capacity = 2


class BookingFactory(DjangoModelFactory):
    """A confirmed hour of care that holds no cells."""

    class Meta:
        model = Booking

    kind = Booking.Kind.CARE
    status = Booking.Status.CONFIRMED
    child = factory.SubFactory(ChildFactory)
    family = factory.SelfAttribute("child.family")
    pool = factory.SubFactory(CapacityPoolFactory)
    district = factory.SelfAttribute("pool.district")
    institution = factory.SelfAttribute("pool.institution")
    product = factory.SubFactory(CareProductFactory, institution=factory.SelfAttribute("..institution"))
    mode = factory.SelfAttribute("product.mode")
    service_date = TODAY
    starts_at = NOW
    ends_at = NOW + dt.timedelta(hours=1)
    amount = 900
    created_at = NOW
    changed_at = NOW


class BookingCellFactory(DjangoModelFactory):
    """One unit of a cell for a booking of the same pool."""

    class Meta:
        model = BookingCell

    booking = factory.SubFactory(BookingFactory)
    cell = factory.SubFactory(CapacityCellFactory, pool=factory.SelfAttribute("..booking.pool"))
    units = 1
    starts_at = factory.SelfAttribute("cell.starts_at")


class BookingPolicyFactory(DjangoModelFactory):
    """The rules of an institution that has not changed any."""

    class Meta:
        model = BookingPolicy

    institution = factory.SubFactory(InstitutionFactory)
