"""The one lock order of every act of booking, read off its statements; collected for both databases.

class session or institution → idempotency → existing bookings by id → limits → credits → ledger and slots → cells.
Fresh rows lock nobody out, so inserts count only where they may meet somebody's row: the key and the child's slots.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from booking.care.ports import credits
from booking.care.services import closing, moves
from booking.care.services.expiry import expire_overdue, expire_overdue_in
from booking.care.services.hold_change import StayRequest, hold_or_replace
from booking.care.services.holds import hold_care
from booking.care.services.stopped import cancel_stopped
from booking.places.models import Booking, BookingPolicy, CapacityCell
from booking.places.services import generation, policies
from cms.workbench.services.changes import apply_change
from directory.register.models import ClassGroup
from tests.factories.booking import (
    NOW,
    TOMORROW,
    Visit,
    booked,
    close_day,
    do,
    full_house,
    hold,
    reopen_day,
    toddler,
    tomorrow,
)
from tests.lock_order_directory import (
    correct,
    correct_places,
    end,
    end_rectification,
    filed,
    give_up,
    import_places,
    publish,
    rectified,
    rectify,
    unpublished,
)
from tests.lock_order_sessions import (
    another_family,
    cancel_place,
    give_place_back,
    in_class,
    mark,
    new_time,
    new_time_and_kind,
    publish_again,
    take_down,
    taken_down,
    two_in_class,
)

#: Any lock of rows; one for ``UPDATE`` alone would have the commit of whoever refers to the row wait for it.
LOCKS = re.compile(r"FOR (NO KEY )?UPDATE")
PLAIN = "FOR UPDATE"
CHANGES_BOOKING = re.compile(r'UPDATE "?booking_booking"? ')
#: What a statement locks, the first that fits; the key's locks the child after it.
STAGES = (
    ("credits", r"SELECT 'credits'"),
    ("key limits", r"INSERT INTO booking_idempotencykey.* RETURNING \(.*accounts_child.*FOR (NO KEY )?UPDATE"),
    ("key", r"INSERT INTO booking_idempotencykey"),
    ("cells", r"UPDATE booking_capacitycell|FROM booking_capacitycell .*FOR (NO KEY )?UPDATE"),
    ("ledger", r'DELETE FROM "?booking_(bookingcell|childslot)|INSERT INTO "?booking_childslot'),
    ("booking limits", r'booking_booking.*FOR (NO KEY )?UPDATE OF (b, c|"booking_booking", "accounts_child")'),
    ("booking", r'UPDATE "?booking_booking"? SET|booking_booking.*FOR (NO KEY )?UPDATE'),
    ("limits", r"accounts_child.*FOR (NO KEY )?UPDATE"),
    ("session", r"parenting_classsession.*FOR (NO KEY )?UPDATE"),
    ("institution", r"directory_institution.*FOR (NO KEY )?UPDATE"),
)
ORDER = ("session", "institution", "key", "booking", "limits", "credits", "ledger", "cells")


class Vouchers:
    """Meets one row of an account, as the real ones will."""

    def hold(self, *, booking: Booking, voucher: str, now: dt.datetime) -> int:
        self.release(booking=booking, now=now)
        return 100

    def release(self, *, booking: Booking, now: dt.datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 'credits'")


@contextmanager
def recorded() -> Iterator[list[tuple[str, Any]]]:
    """The stages that the block goes through, each with the statement's values."""
    found: list[tuple[str, Any]] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        text = " ".join(sql.split())
        stages = next((names for names, pattern in STAGES if re.search(pattern, text)), "")
        found.extend((stage, (text, params)) for stage in stages.split())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def stages(found: list[tuple[str, Any]]) -> list[str]:
    """The stages in order, each once where it follows itself; a booking that is locked can be changed at any time."""
    locked = any(name == "booking" and LOCKS.search(text) for name, (text, _) in found)
    names = [name for name, (text, _) in found if not (locked and CHANGES_BOOKING.match(text))]
    return [name for number, name in enumerate(names) if number == 0 or names[number - 1] != name]


def booking_ids(found: list[tuple[str, Any]]) -> list[int]:
    """The bookings whose rows were changed, in order."""
    return [values[-2] for name, (text, values) in found if name == "booking" and text.startswith("UPDATE")]


def locks_of_cells(found: list[tuple[str, Any]]) -> list[str]:
    return [text for name, (text, _) in found if name == "cells" and LOCKS.search(text)]


@pytest.fixture(autouse=True)
def vouchers():
    with credits.replaced_by(Vouchers()):
        yield


def a_visit(**policy: Any) -> Visit:
    """A booking that a voucher helps to pay."""
    house = full_house()
    if policy:
        BookingPolicy.objects.create(institution=house.institution, **policy)
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    Booking.objects.filter(pk=booking.pk).update(credit=100)
    return Visit(house, booking, user)


def absent() -> Visit:
    visit = a_visit()
    do(moves.mark_absent, visit, tomorrow("14:10"))
    return visit


def held() -> Visit:
    house = full_house()
    user, child = toddler()
    return Visit(house, hold(house, user=user, child=child), user)


def paid_hold() -> Visit:
    visit = held()
    Booking.objects.update(credit=100)
    return visit


def hold_with_voucher(visit: Visit) -> Any:
    user, child = toddler()
    return hold_care(
        user=user,
        institution=visit.house.institution.public_id,
        child=child.public_id,
        mode="hourly",
        starts_at=tomorrow("14:00"),
        ends_at=tomorrow("16:00"),
        key="k",
        voucher="v",
        now=NOW,
    )


def replace(visit: Visit) -> Booking:
    stay = StayRequest(
        visit.house.institution.public_id,
        visit.booking.child.public_id,
        "hourly",
        tomorrow("15:00"),
        tomorrow("18:00"),
    )
    return hold_or_replace(user=visit.user, stay=stay, key="k", now=NOW)


def two_of_the_day(visit: Visit) -> Visit:
    for _ in range(2):
        user, child = toddler()
        booked(visit.house, user=user, child=child)
    Booking.objects.update(credit=100)
    return visit


def two_held() -> Visit:
    visit = held()
    user, child = toddler()
    hold(visit.house, user=user, child=child, starts=dt.time(9), ends=dt.time(10))
    Booking.objects.update(credit=100)
    return visit


def closed() -> Visit:
    visit = two_of_the_day(a_visit())
    close(visit)
    return visit


def close(visit: Visit) -> object:
    return close_day(institution=visit.house.institution, day=TOMORROW, reason="消毒", actor=visit.user, now=NOW)


def cancel_closed(visit: Visit) -> None:
    payload = {
        "institution": visit.house.institution.pk,
        "from": TOMORROW.isoformat(),
        "until": TOMORROW.isoformat(),
        "reason": "消毒",
        "actor": None,
    }
    cancel_stopped(payload, key="k", now=NOW)


def fewer_caregivers(visit: Visit) -> None:
    def act() -> None:
        ClassGroup.objects.filter(pk=visit.house.group.pk).update(caregivers=1)

    apply_change(institution=visit.house.institution, act=act, accept_over=True, now=NOW)


def generate(visit: Visit) -> int:
    ClassGroup.objects.filter(pk=visit.house.group.pk).update(caregivers=1)
    return generation.generate_cells(institution_ids=[visit.house.institution.pk], now=NOW)


def by_parent(act: Callable[..., Booking]) -> Callable[[Visit], Booking]:
    return lambda visit: act(user=visit.user, booking=visit.booking.public_id, now=NOW)


def by_house(act: Callable[..., Booking], clock: str, **more: Any) -> Callable[[Visit], Booking]:
    return lambda visit: do(act, visit, tomorrow(clock), **more)


def stopped() -> Visit:
    visit = two_of_the_day(a_visit())
    closing.stop_care(institution_id=visit.house.institution.pk, from_day=TOMORROW, reason="x", now=NOW)
    return visit


def expire_in_its_cells(visit: Visit) -> int:
    cells = CapacityCell.objects.filter(bookings__booking=visit.booking)
    return expire_overdue_in(list(cells.values_list("pk", flat=True)), now=tomorrow("08:00"))


def asked() -> Visit:
    return a_visit(needs_acceptance=True)


def to_ask() -> Visit:
    visit = held()
    BookingPolicy.objects.create(institution=visit.house.institution, needs_acceptance=True)
    return visit


RELEASE = ["booking", "credits", "ledger", "cells"]
SPENT = ["booking", "ledger", "cells"]
BACK = ["booking", "ledger", "cells"]
TARGETS = ["institution", "cells"]
MOVED = ["session", "booking", "limits", "ledger", "cells"]
#: name → what there is before, the act, the stages it goes through on PostgreSQL.
ACTS: dict[str, tuple[Callable[[], Any], Callable[[Any], Any], list[str]]] = {
    "hold": (held, hold_with_voucher, ["key", "limits", "credits", "ledger", "cells"]),
    "replace": (paid_hold, replace, ["key", "booking", "limits", "credits", "ledger", "cells"]),
    "confirm": (held, by_parent(moves.confirm_booking), ["booking", "limits"]),
    "request": (to_ask, by_parent(moves.confirm_booking), ["booking", "limits"]),
    "accept": (asked, lambda visit: do(moves.accept_request, visit, NOW), ["booking", "limits"]),
    "decline": (asked, lambda visit: do(moves.decline_request, visit, NOW, reason="x"), RELEASE),
    "cancel": (a_visit, by_parent(moves.cancel_booking), ["booking", "limits", *RELEASE[1:]]),
    "cancel by institution": (a_visit, by_house(moves.cancel_by_institution, "08:00", reason="x"), RELEASE),
    "arrive": (a_visit, by_house(moves.mark_arrived, "14:00"), ["booking"]),
    "absent": (a_visit, by_house(moves.mark_absent, "14:10"), SPENT),
    "arrive after absent": (absent, by_house(moves.mark_arrived, "14:20"), BACK),
    "undo": (absent, by_house(moves.undo_mark, "14:20"), BACK),
    "expire": (two_held, lambda visit: expire_overdue(now=tomorrow("08:00")), RELEASE),
    "close": (a_visit, close, TARGETS),
    "cancel what is closed": (closed, cancel_closed, RELEASE),
    "reopen": (
        closed,
        lambda visit: reopen_day(institution=visit.house.institution, day=TOMORROW, now=NOW),
        TARGETS,
    ),
    "generate": (a_visit, generate, TARGETS),
    "stop": (
        a_visit,
        lambda visit: closing.stop_care(
            institution_id=visit.house.institution.pk, from_day=TOMORROW, reason="x", now=NOW
        ),
        TARGETS,
    ),
    "rules": (
        a_visit,
        lambda visit: policies.save_policy(
            institution=visit.house.institution, values={"opens_days_ahead": 7}, now=NOW
        ),
        ["institution"],
    ),
    "setting": (a_visit, fewer_caregivers, TARGETS),
    "expire in some cells": (two_held, expire_in_its_cells, RELEASE),
    "resume": (
        stopped,
        lambda visit: closing.resume_care(institution_id=visit.house.institution.pk, now=NOW),
        TARGETS,
    ),
    "sign up": (in_class, another_family, ["session", "limits", "ledger", "cells"]),
    "cancel sign-up": (in_class, give_place_back, BACK),
    "cancel sign-up by host": (in_class, cancel_place, BACK),
    "new time of a session": (two_in_class, new_time, MOVED),
    "new time and kind of a session": (two_in_class, new_time_and_kind, MOVED),
    "take down": (two_in_class, take_down, ["session", "cells"]),
    "publish again": (taken_down, publish_again, ["session", *BACK]),
    "come to a session": (in_class, lambda visit: mark(visit, came=True), ["booking"]),
    "absent from a session": (in_class, lambda visit: mark(visit, came=False), SPENT),
    "end an authorisation": (filed, end, TARGETS),
    "correct an authorisation": (filed, correct, ["institution"]),
    "publish an authorisation": (unpublished, publish, TARGETS),
    "rectify": (filed, rectify, TARGETS),
    "end a rectification": (rectified, end_rectification, TARGETS),
    "correct an institution": (filed, correct_places, TARGETS),
    "end an institution": (filed, give_up, TARGETS),
    "import a list": (filed, import_places, TARGETS),
}
#: Stages that SQLite, which locks the whole file, does not name.
ROW_LOCKS = frozenset({"session", "institution", "limits"})


class LockOrderCases:
    """Every case runs on both databases."""

    @pytest.mark.parametrize("name", list(ACTS))
    def test_act_goes_through_the_stages_in_order(self, name):
        before, act, expected = ACTS[name]
        visit = before()

        with recorded() as found:
            act(visit)

        if not connection.features.has_select_for_update:
            expected = [stage for stage in expected if stage not in ROW_LOCKS]
        assert stages(found) == expected
        assert [stage for stage in ORDER if stage in expected] == expected
        assert [text for _, (text, _) in found if PLAIN in text] == []

    @pytest.mark.parametrize("name", ["expire", "cancel what is closed"])
    def test_several_bookings_are_met_by_id_and_cells_once(self, name):
        before, act, _ = ACTS[name]
        visit = before()

        with recorded() as found:
            act(visit)

        ids = booking_ids(found)
        assert ids == sorted(Booking.objects.exclude(status="confirmed").values_list("pk", flat=True))
        assert len(ids) > 1
        assert len(locks_of_cells(found)) == connection.features.has_select_for_update
