from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booking.places.models import Booking
from booking.places.services.freshness import confirm_places
from tests.factories.booking import NOW, TOMORROW, booked, hold, open_house, toddler

pytestmark = pytest.mark.django_db


def statements(queries) -> list[str]:
    quiet = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK")
    return [query["sql"] for query in queries if not query["sql"].startswith(quiet)]


def stay(house, child, **changes) -> dict:
    return {
        "institution": house.institution.public_id,
        "child": child.public_id,
        "mode": "hourly",
        "starts_at": "2026-11-24T14:00:00+08:00",
        "ends_at": "2026-11-24T17:00:00+08:00",
    } | changes


def test_booking_is_held_and_confirmed(call):
    house = open_house()
    user, child = toddler()
    caller = call(user)

    held = caller.post("bookings", stay(house, child), key="k-1")

    assert held.status_code == 201
    body = held.json()
    booking = Booking.objects.get()
    assert body == {
        "id": booking.public_id,
        "reference": booking.reference,
        "status": "held",
        "expires_at": "2026-11-23T08:15:00+08:00",
        "starts_at": "2026-11-24T14:00:00+08:00",
        "ends_at": "2026-11-24T17:00:00+08:00",
        "amount": 5400,
        "credit": 0,
        "institution": house.institution.public_id,
        "child": child.public_id,
        "mode": "hourly",
        "free_cancel_until": "2026-11-23T14:00:00+08:00",
    }

    confirmed = caller.post(f"bookings/{body['id']}/confirm")

    assert confirmed.status_code == 200
    expected = {name: value for name, value in body.items() if name != "expires_at"} | {"status": "confirmed"}
    assert confirmed.json() == expected
    assert caller.post(f"bookings/{body['id']}/confirm").json() == expected
    assert caller.get(f"bookings/{body['id']}").json() == expected


def test_booking_is_requested_where_the_institution_decides(call):
    house = open_house(policy={"needs_acceptance": True})
    user, child = toddler()
    caller = call(user)
    booking = hold(house, user=user, child=child)

    answer = caller.post(f"bookings/{booking.public_id}/confirm")

    assert answer.json()["status"] == "requested"
    assert answer.json()["expires_at"] == "2026-11-24T08:00:00+08:00"


@pytest.mark.parametrize(("decides", "days"), [(False, 3), (False, 4), (True, 3)])
def test_offers_and_availability_say_what_confirming_comes_to(call, decides, days):
    house = open_house(policy={"needs_acceptance": decides})
    confirm_places(institution=house.institution, actor=None, now=NOW - dt.timedelta(days=days))
    user, child = toddler()
    caller, public_id = call(user), house.institution.public_id
    needs_answer = decides or days == 4

    said = [
        caller.get(f"institutions/{public_id}/offers?age_months=17&date={TOMORROW}").json(),
        caller.get(f"institutions/{public_id}/availability?age_months=17&start={TOMORROW}").json(),
    ]
    confirmed = caller.post(f"bookings/{hold(house, user=user, child=child).public_id}/confirm").json()
    policy = caller.get(f"institutions/{public_id}").json()["booking_policy"]["data"]

    assert [(each["stale"], each["needs_answer"]) for each in said] == [(days == 4, needs_answer)] * 2
    assert (policy["needs_acceptance"], policy["needs_answer"]) == (decides, needs_answer)
    assert confirmed["status"] == ("requested" if needs_answer else "confirmed")


def test_replay_answers_the_same_body_with_200(call):
    house = open_house()
    user, child = toddler()
    caller = call(user)
    first = caller.post("bookings", stay(house, child), key="k-1")
    caller.post(f"bookings/{first.json()['id']}/confirm")

    again = caller.post("bookings", stay(house, child), key="k-1")

    assert (again.status_code, again.json()) == (200, first.json())
    assert Booking.objects.count() == 1


@pytest.mark.parametrize(
    ("key", "change", "status", "code"),
    [
        (None, {}, 422, "key_required"),
        ("k" * 81, {}, 422, "invalid"),
        ("used", {"ends_at": "2026-11-24T16:00:00+08:00"}, 422, "key_reused"),
        ("k", {"ends_at": "2026-11-24T14:30:00+08:00"}, 422, "too_short"),
        ("k", {"starts_at": "2026-11-24T07:00:00+08:00"}, 422, "outside_hours"),
        ("k", {"starts_at": "2026-11-23T09:00:00+08:00", "ends_at": "2026-11-23T11:00:00+08:00"}, 422, "too_late"),
        ("k", {"starts_at": "2026-12-08T09:00:00+08:00", "ends_at": "2026-12-08T11:00:00+08:00"}, 422, "too_early"),
        ("k", {"starts_at": "2026-11-24T14:00:00"}, 422, "invalid"),
        ("k", {"mode": "overnight"}, 422, "invalid"),
        ("k", {"voucher": "v"}, 422, "voucher"),
        ("k", {"institution": "nowhere"}, 404, "not_found"),
        ("k", {"ends_at": "2026-11-24T17:30:00+08:00"}, 409, "duplicate"),
    ],
)
def test_booking_is_refused_with_its_word(call, key, change, status, code):
    house = open_house()
    user, child = toddler()
    caller = call(user)
    if code in ("duplicate", "key_reused"):
        caller.post("bookings", stay(house, child), key="used")

    answer = caller.post("bookings", stay(house, child, **change), key=key)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]


def test_too_young_child_is_refused_by_age(call):
    house = open_house()
    user, child = toddler(birth_date=dt.date(2026, 9, 1))

    answer = call(user).post("bookings", stay(house, child), key="k")

    assert (answer.status_code, answer.json()["code"]) == (422, "age")


def test_full_class_answers_with_alternatives_that_can_be_booked(call):
    house = open_house(regular_places=9)
    other, sibling = toddler()
    booked(house, user=other, child=sibling)
    user, child = toddler()
    caller = call(user)

    answer = caller.post("bookings", stay(house, child), key="k")

    assert (answer.status_code, answer.json()["code"]) == (409, "full")
    assert set(answer.json()) == {"code", "message", "alternatives"}
    first = answer.json()["alternatives"][0]
    assert set(first) >= {"product", "mode", "starts_at", "ends_at", "remaining", "amount"}
    body = {name: first[name] for name in ("product", "mode", "starts_at", "ends_at")}
    assert caller.post("bookings", stay(house, child, **body), key="k-2").status_code == 201


def test_expired_hold_is_not_confirmed(call, clock):
    house = open_house()
    user, child = toddler()
    booking = hold(house, user=user, child=child)
    caller = call(user)
    clock.shift(16 * 60)

    answer = caller.post(f"bookings/{booking.public_id}/confirm")

    assert (answer.status_code, answer.json()["code"]) == (409, "expired")
    assert caller.get(f"bookings/{booking.public_id}").json()["status"] == "expired"


def test_cancelling_twice_answers_the_same(call):
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    caller = call(user)

    first = caller.post(f"bookings/{booking.public_id}/cancel")
    second = caller.post(f"bookings/{booking.public_id}/cancel")

    assert (first.status_code, first.json()["status"]) == (200, "cancelled")
    assert (second.status_code, second.json()) == (200, first.json())


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", ""), ("post", "/confirm"), ("post", "/cancel")],
)
def test_stranger_gets_404_for_a_booking(call, method, path):
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    stranger, _child = toddler()

    answer = getattr(call(stranger), method)(f"bookings/{booking.public_id}{path}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_stranger_cannot_book_for_a_child(call):
    house = open_house()
    _user, child = toddler()
    stranger, _own = toddler()

    assert call(stranger).post("bookings", stay(house, child), key="k").status_code == 404


@pytest.mark.parametrize("path", ["bookings", "bookings/abc"])
def test_bookings_need_a_token(path, db):
    assert Client().get(f"/api/v1/{path}").status_code == 401


def test_list_has_pages_and_the_same_number_of_queries_for_one_and_three(call):
    house = open_house()
    user, child = toddler()
    caller = call(user)
    booked(house, user=user, child=child)
    with CaptureQueriesContext(connection) as one:
        assert caller.get("bookings").json()["count"] == 1
    for days in (1, 2):
        booked(house, user=user, child=child, day=TOMORROW + dt.timedelta(days=days))

    with CaptureQueriesContext(connection) as three:
        answer = caller.get("bookings")

    assert len(one) == len(three)
    assert [row["starts_at"][:10] for row in answer.json()["results"]] == ["2026-11-26", "2026-11-25", "2026-11-24"]
    second = caller.get("bookings", page=2, page_size=2).json()
    assert (second["count"], second["page"], len(second["results"])) == (3, 2, 1)
    assert caller.get("bookings", page=9).json()["results"] == []
    assert caller.get("bookings", page=0).status_code == 422


def test_hold_confirm_and_refusal_stay_within_their_statements(call):
    house = open_house(regular_places=9)
    user, child = toddler()
    caller = call(user)
    caller.get("bookings")

    with CaptureQueriesContext(connection) as held:
        answer = caller.post("bookings", stay(house, child), key="k-1")
    with CaptureQueriesContext(connection) as confirmed:
        caller.post(f"bookings/{answer.json()['id']}/confirm")
    other, sibling = toddler()
    loser = call(other)
    with CaptureQueriesContext(connection) as refused:
        assert loser.post("bookings", stay(house, sibling), key="k-2").status_code == 409

    assert len(statements(held)) <= 12
    assert len(statements(confirmed)) <= 7
    assert len(statements(refused)) <= 4


def test_availability_tells_the_cells_of_the_childs_class(call, clock):
    house = open_house()
    user, child = toddler()
    booked(house, user=user, child=child)

    answer = Client().get(
        f"/api/v1/institutions/{house.institution.public_id}/availability",
        {"age_months": 17, "start": "2026-11-24", "days": 1},
    )

    body = answer.json()
    assert (body["raster_minutes"], body["as_of"], len(body["cells"])) == (30, "2026-11-23T08:00:00+08:00", 20)
    by_start = {cell["starts_at"][11:16]: cell["remaining"] for cell in body["cells"]}
    assert (by_start["13:30"], by_start["14:00"], by_start["17:00"]) == (6, 5, 6)


def test_availability_is_empty_for_an_age_nobody_takes(call):
    house = open_house()

    answer = Client().get(f"/api/v1/institutions/{house.institution.public_id}/availability", {"age_months": 30})

    assert answer.json()["cells"] == []


def test_every_offer_is_good_as_the_body_of_a_booking(call):
    house = open_house()
    user, child = toddler()
    caller = call(user)
    path = f"institutions/{house.institution.public_id}/offers"

    offers = caller.get(path, age_months=17, date="2026-11-24").json()["results"]

    assert {offer["mode"] for offer in offers} == {"full_day", "half_day", "hourly", "temporary"}
    for number, offer in enumerate(offers):
        body = {name: offer[name] for name in ("product", "mode", "starts_at", "ends_at")}
        held = caller.post("bookings", stay(house, child, **body), key=f"offer-{number}")
        assert held.status_code == 201, offer
        assert held.json()["amount"] == offer["amount"]
        caller.post(f"bookings/{held.json()['id']}/cancel")


@pytest.mark.parametrize("part", ["availability", "offers?age_months=17&date=2026-11-24"])
def test_places_of_an_unknown_institution_are_404(part, db):
    assert Client().get(f"/api/v1/institutions/abc/{part}").status_code == 404


def test_places_ask_for_sensible_input(call):
    house = open_house()
    path = f"/api/v1/institutions/{house.institution.public_id}"

    for part in ("offers", "offers?age_months=17&date=soon", "availability?days=99", "availability?start=x"):
        assert Client().get(f"{path}/{part}").status_code == 422, part


def test_bad_token_is_401_even_where_none_is_needed(db):
    client = Client(headers={"X-Session-Token": "wrong"})

    assert client.get("/api/v1/institutions/abc/availability").status_code == 401
