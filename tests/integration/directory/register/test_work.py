"""What waits for the staff of a district: each number is the length of the list behind it, at its edges."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.care.queries.staff_work import SHOWN_FOR, WAITS_LONG
from booking.care.services import moves
from booking.care.services.expiry import expire_overdue
from booking.places.models import PlacesConfirmation
from cms.accounts.messaging.services.text_messages import TOPIC
from cms.accounts.models import User
from cms.core.calendar.times import local_date
from cms.core.models import CalendarDay, OutboxMessage
from directory.districts.models import District
from directory.districts.services.setup import setup_offices
from directory.districts.services.staff import appoint_staff
from directory.districts.viewsets.undelivered import topic_words
from directory.register.models import Institution, InstitutionProfile
from directory.register.queries.work import missing_year, waiting_institutions
from directory.register.services.profiles import save_profile_draft
from tests.factories.accounts import StaffUserFactory
from tests.factories.booking import NOW as HELD_AT
from tests.factories.booking import House, booked, hold, open_house, toddler
from tests.factories.directory import (
    ClassGroupFactory,
    DistrictFactory,
    InstitutionFactory,
    InstitutionMemberFactory,
)
from tests.factories.staff import signed_in, text

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 10, 26, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 10, 26)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def district() -> District:
    CalendarDay.objects.create(date=dt.date(2026, 1, 1), kind="holiday", name="元旦", source="通知")
    return DistrictFactory()


@pytest.fixture
def person(district: District) -> User:
    return worker_of(district)


def worker_of(district: District) -> User:
    setup_offices(now=NOW)
    post, _token = appoint_staff(
        district=district, department="maternal_child_health", username=f"{district.slug}-staff", now=NOW
    )
    return post.user


def waiting(person: User, now: dt.datetime = NOW) -> dict[str, int]:
    """Reason → number, only where something waits; each number is that of the list in the admin."""
    found = {work.key: work.count for work in waiting_institutions(person, now=now) if work.count}
    with time_machine.travel(now, tick=False):
        client = signed_in(person)
        for key, count in found.items():
            rows = client.get("/admin/institutions/", {"work": key}).context["object_list"]
            assert len(rows) == count, key
    return found


def managed(district: District, **values: object) -> Institution:
    institution = InstitutionFactory(district=district, public=True, **values)
    InstitutionMemberFactory(institution=institution, user=StaffUserFactory())
    return institution


def test_nothing_waits_where_all_is_well(district: District, person: User) -> None:
    managed(district)

    assert waiting(person) == {}


def test_a_former_manager_beside_a_caregiver_is_no_manager(district: District, person: User) -> None:
    institution = InstitutionFactory(district=district, public=True)
    InstitutionMemberFactory(institution=institution, user=StaffUserFactory(), ended_at=NOW)
    InstitutionMemberFactory(institution=institution, user=StaffUserFactory(), role="caregiver")

    assert waiting(person) == {"no_manager": 1}


def test_a_manager_of_another_institution_does_not_count(district: District, person: User) -> None:
    managed(district)
    InstitutionFactory(district=district, public=True)
    InstitutionFactory(district=district)

    assert waiting(person) == {"no_manager": 1, "not_public": 1}


def test_rectification_is_overdue_after_its_last_day(district: District, person: User) -> None:
    for until in (dt.date(2026, 10, 25), TODAY, None):
        institution = managed(district)
        Institution.objects.filter(pk=institution.pk).update(
            state="under_rectification",
            rectification_from_date=dt.date(2026, 10, 1),
            rectification_until_date=until,
        )

    assert waiting(person) == {"rectification": 3, "overdue": 1}


@pytest.mark.parametrize(
    ("days", "found"),
    [(-1, {"expired": 1}), (0, {"expiring": 1}), (60, {"expiring": 1}), (61, {})],
)
def test_what_runs_out_within_sixty_days(district: District, person: User, days: int, found: dict[str, int]) -> None:
    institution = managed(district)
    institution.authorisations.update(until_date=TODAY + dt.timedelta(days=days))

    assert waiting(person) == found


def test_a_draft_of_a_filing_does_not_expire_soon(district: District, person: User) -> None:
    institution = managed(district)
    institution.authorisations.update(until_date=TODAY, published_at=None)

    assert waiting(person) == {}


def test_what_was_ended_or_is_elsewhere_does_not_wait(district: District, person: User) -> None:
    past = dt.date(2026, 10, 1)
    ended = managed(district)
    ended.authorisations.update(until_date=past, ended_date=past, ended_reason="有效期已满")
    other = InstitutionFactory(public=True)
    other.authorisations.update(until_date=past)

    assert waiting(person) == {}


def test_an_introduction_handed_in_waits_until_it_is_published(district: District, person: User) -> None:
    draft = save_profile_draft(institution=managed(district), introduction="新院子", actor=person)
    managed(district)

    before = waiting(person)
    draft.publish()

    assert (before, waiting(person)) == ({"introduction": 1}, {})
    assert InstitutionProfile.objects.filter(has_unpublished_changes=True).count() == 0


@pytest.mark.parametrize(("ago", "found"), [(dt.timedelta(days=3), {}), (dt.timedelta(days=3) + SECOND, {"stale": 1})])
def test_places_nobody_vouches_for(district: District, person: User, ago: dt.timedelta, found: dict[str, int]) -> None:
    institution = managed(district)
    ClassGroupFactory(institution=institution)
    PlacesConfirmation.objects.create(institution=institution, places_confirmed_at=NOW - ago)

    assert waiting(person) == found


def test_only_who_offers_places_must_confirm_them(district: District, person: User) -> None:
    ClassGroupFactory(institution=managed(district), active=False)
    ClassGroupFactory(institution=InstitutionFactory(district=district))
    ClassGroupFactory(institution=managed(district))

    assert waiting(person) == {"stale": 1, "not_public": 1}


@pytest.fixture
def deciding() -> House:
    """An institution that answers each request itself: one of ``HELD_AT`` lasts a day."""
    return open_house(policy={"needs_acceptance": True})


def asked(house: House, **stay: object) -> dict[str, object]:
    """A family's request, as the institution's acts name it."""
    user, child = toddler()
    booking = booked(house, user=user, child=child, **stay)
    return {"actor": user, "institution": house.institution, "booking": booking.public_id}


@pytest.mark.parametrize(("late", "count"), [(-SECOND, 0), (SECOND * 0, 1), (SECOND, 1)])
def test_a_request_without_an_answer_waits_after_half_a_day(deciding: House, late: dt.timedelta, count: int) -> None:
    person = worker_of(deciding.institution.district)
    asked(deciding)

    assert waiting(person, HELD_AT + WAITS_LONG + late).get("unanswered", 0) == count


@pytest.mark.parametrize("swept", [True, False])
def test_a_request_that_ran_out_is_shown_at_once_and_for_a_week(deciding: House, swept: bool) -> None:
    person, ends = worker_of(deciding.institution.district), HELD_AT + dt.timedelta(hours=4)
    asked(deciding, day=local_date(HELD_AT))
    moments = [ends - SECOND, ends, ends + SHOWN_FOR, ends + SHOWN_FOR + SECOND]
    found = []

    for moment in moments[: 4 if swept else 2]:
        if swept:
            expire_overdue(now=moment)
        found.append(waiting(person, moment).get("unanswered", 0))

    assert found == ([0, 1, 1, 0] if swept else [0, 1])


def test_what_was_answered_called_off_or_never_asked_does_not_wait(deciding: House) -> None:
    person = worker_of(deciding.institution.district)
    moves.accept_request(**asked(deciding), now=HELD_AT)
    moves.decline_request(**asked(deciding), reason="满员", now=HELD_AT)
    mine = asked(deciding)
    moves.cancel_booking(user=mine["actor"], booking=mine["booking"], now=HELD_AT)
    user, child = toddler()
    hold(deciding, user=user, child=child)
    expire_overdue(now=HELD_AT + WAITS_LONG)

    for later in (WAITS_LONG, 2 * WAITS_LONG, 4 * WAITS_LONG):
        assert "unanswered" not in waiting(person, HELD_AT + later)


def test_requests_elsewhere_do_not_count_and_two_at_one_institution_are_one(deciding: House) -> None:
    person = worker_of(deciding.institution.district)
    asked(open_house(policy={"needs_acceptance": True}))
    assert "unanswered" not in waiting(person, HELD_AT + WAITS_LONG)

    asked(deciding)
    asked(deciding)

    assert waiting(person, HELD_AT + WAITS_LONG)["unanswered"] == 1


@pytest.mark.parametrize(
    ("today", "missing"),
    [(dt.date(2026, 10, 31), None), (dt.date(2026, 11, 1), 2027), (dt.date(2027, 1, 1), 2027)],
)
@pytest.mark.usefixtures("district")
def test_next_years_calendar_is_due_in_november(today: dt.date, missing: int | None) -> None:
    assert missing_year(today) == missing


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(district: District, person: User, count: int) -> None:
    for _ in range(count):
        managed(district)

    with CaptureQueriesContext(connection) as queries:
        reasons = waiting_institutions(person, now=NOW)

    assert len(queries) == len(reasons) == 9


def give_up(district: District, **values: object) -> OutboxMessage:
    number = OutboxMessage.objects.count()
    row = {
        "topic": TOPIC,
        "key": f"k{number}",
        "district_code": district.code,
        "created_at": NOW,
        "available_at": NOW,
        "gave_up_at": NOW,
        "attempts": 8,
    } | values
    return OutboxMessage.objects.create(**row)


def test_given_up_messages_are_counted_and_listed_for_their_district(district: District) -> None:
    client = signed_in(worker_of(district))
    give_up(district)
    give_up(district, topic="gone.topic")
    give_up(district, done_at=NOW)
    give_up(district, gave_up_at=None)
    give_up(DistrictFactory())
    give_up(district, district_code="")

    panel, listed = text(client.get("/admin/")), client.get("/admin/undelivered/")

    assert '<a href="/admin/undelivered/">2 条消息没有送出</a>' in panel
    assert [topic_words(row) for row in listed.context["object_list"]] == ["gone.topic", "短信"]
    assert client.post("/admin/undelivered/").status_code == 405


def test_nobody_else_sees_given_up_messages() -> None:
    stranger = signed_in(StaffUserFactory())

    assert stranger.get("/admin/undelivered/").status_code in (302, 403)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_messages_costs_the_same(district: District, count: int) -> None:
    client = signed_in(worker_of(district))
    client.get("/admin/undelivered/")
    for _ in range(count):
        give_up(district)

    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/undelivered/")

    assert len(queries) == 17


def test_start_page_leads_to_the_rows_it_counts(district: District) -> None:
    client = signed_in(worker_of(district))
    InstitutionFactory(district=district)
    managed(district)

    page = text(client.get("/admin/"))

    assert '<a href="/admin/institutions/?work=not_public">1 家还没有公开</a>' in page
    assert f"?district={district.pk}&amp;is_public=true" in page
    rows = client.get("/admin/institutions/", {"district": district.pk, "is_public": "true"}).context["object_list"]
    assert len(rows) == 1


def test_start_page_says_when_nothing_waits() -> None:
    CalendarDay.objects.create(date=dt.date(2026, 1, 1), kind="holiday", name="元旦", source="通知")
    with time_machine.travel(NOW, tick=False):
        page = text(signed_in(worker_of(DistrictFactory())).get("/admin/"))

    assert "没有要办的事" in page
