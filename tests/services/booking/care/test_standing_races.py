"""Holds against the directory's acts that take an institution's standing, on PostgreSQL: only there rows are locked.

A hold has its cells and, when it commits, must know that the institution is still there; the other act has the
institution and wants the cells.
"""

from __future__ import annotations

import threading

import pytest

from booking.care.queries.affected import ClosedSpan, list_affected
from booking.care.services import closing, holds
from booking.places import refusals
from booking.places.models import Booking, CapacityCell
from booking.places.queries.ledger import ledger_differences
from booking.places.services import locking
from cms.core.runtime.outbox import drain
from directory.register.models import Authorisation, Institution
from directory.register.services import standing
from directory.register.services.institutions import start_rectification
from directory.register.services.publicity import end_authorisation
from tests.factories.booking import NOW, TODAY, hold, open_house, toddler
from tests.races import InFlight, race, tally

pytestmark = pytest.mark.django_db(transaction=True)
#: How long the hold waits before its commit, once the other act is about to wait for its cells.
SETTLING_SECONDS = 0.3


def end(filing):
    return end_authorisation(authorisation=filing, ended_date=TODAY, reason="注销", now=NOW)


def rectify(filing, kind="closes"):
    return start_rectification(institution=filing.institution, kind=kind, reason="消防", until_date=None, now=NOW)


def stop_new(filing):
    return rectify(filing, kind="stops_new")


def hold_while(act, monkeypatch):
    """A hold whose cells are taken but not committed when the act comes to them: (results, troubles with locks)."""
    house = open_house()
    user, child = toddler()
    filing = Authorisation.objects.get(institution=house.institution)
    taken, wanted, troubles = threading.Event(), threading.Event(), []
    emit_pending, set_targets, lock_cells = holds.emit_pending, closing.set_targets, closing.lock_cells
    is_lock_trouble = locking.is_lock_trouble

    def stay_in_flight(pending, *, now):
        emit_pending(pending, now=now)
        taken.set()
        wanted.wait(timeout=20)
        threading.Event().wait(SETTLING_SECONDS)

    def want(targets):
        wanted.set()
        return set_targets(targets)

    def want_unchanged(cells):
        wanted.set()
        return lock_cells(cells)

    def note(error):
        troubles.append(type(error.__cause__).__name__)
        return is_lock_trouble(error)

    def lose():
        taken.wait(timeout=20)
        return act(filing)

    monkeypatch.setattr(holds, "emit_pending", stay_in_flight)
    monkeypatch.setattr(closing, "set_targets", want)
    monkeypatch.setattr(closing, "lock_cells", want_unchanged)
    monkeypatch.setattr(locking, "is_lock_trouble", note)
    return race([lambda: hold(house, user=user, child=child), lose]), troubles


def test_without_the_guard_each_waits_for_the_other(monkeypatch):
    def lock_with_its_key(institution):
        return Institution.objects.select_for_update().get(pk=institution.pk)

    monkeypatch.setattr(standing, "lock_institution", lock_with_its_key)

    _, troubles = hold_while(end, monkeypatch)

    assert "DeadlockDetected" in troubles


@pytest.mark.parametrize("act", [end, rectify])
def test_with_the_guard_the_hold_is_made_and_then_stopped(monkeypatch, act):
    results, troubles = hold_while(act, monkeypatch)

    assert (troubles, tally(results)["Booking"]) == ([], 1)
    assert not Institution.objects.get().takes_bookings
    assert set(CapacityCell.objects.filter(starts_at__gte=NOW).values_list("target", flat=True)) == {0}
    assert list_affected(Institution.objects.get(), span=ClosedSpan(TODAY, None), now=NOW).get()
    assert (Booking.objects.get().status, list(ledger_differences())) == ("held", [])


def test_hold_in_flight_is_seen_where_new_bookings_are_stopped(monkeypatch):
    results, troubles = hold_while(stop_new, monkeypatch)

    assert (troubles, tally(results)["Booking"]) == ([], 1)
    assert set(CapacityCell.objects.filter(starts_at__gte=NOW).values_list("target", flat=True)) == {6}
    while drain(now=NOW):
        pass
    assert (Booking.objects.get().status, list(ledger_differences())) == ("cancelled", [])


def test_hold_that_looked_before_new_bookings_were_stopped_waits_and_takes_nothing():
    house, (user, child) = open_house(), toddler()
    filing = Authorisation.objects.get(institution=house.institution)

    with InFlight(lambda: stop_new(filing)), pytest.raises(refusals.Closed):
        hold(house, user=user, child=child)

    assert not Booking.objects.exists()
    assert set(CapacityCell.objects.values_list("taken", flat=True)) == {0}
