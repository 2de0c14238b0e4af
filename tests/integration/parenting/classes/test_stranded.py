"""A class whose institution is not open then: its department finds it among what is to be done today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.care.queries.affected import ClosedSpan
from booking.care.services.closing import close, reopen
from directory.register.models import Institution
from directory.register.services.institutions import end_institution, end_rectification, start_rectification
from directory.register.services.rectification import change_rectification
from parenting.classes.components.staff_lines import stranded_classes
from parenting.classes.models import ClassSession
from parenting.classes.queries.stranded import count_families, stranded
from parenting.classes.services.publishing import apply_session, cancel_session
from parenting.classes.services.signups import cancel_signup, sign_up
from tests.factories.accounts import ChildFactory
from tests.factories.booking import NOW, TODAY, toddler
from tests.factories.directory import DistrictFactory, InstitutionFactory
from tests.factories.parenting import DAY, ClassSessionFactory
from tests.factories.workbench import browser
from tests.integration.parenting.classes.test_admin import INDEX, staff_of

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def host() -> Institution:
    return InstitutionFactory(public=True, district=DistrictFactory())


@pytest.fixture
def session(host: Institution) -> ClassSession:
    """On Saturday from 9:30 to 10:30."""
    return ClassSessionFactory(host=host, district=host.district, title="喂养")


def found(now: dt.datetime = NOW) -> list[str]:
    return [one.title for one in stranded(ClassSession.objects.all(), now=now)]


def rectify(host: Institution, kind: str) -> None:
    start_rectification(institution=host, kind=kind, reason="x", until_date=None, now=NOW)


def test_class_at_an_open_institution_or_nowhere_is_left_alone(session: ClassSession) -> None:
    ClassSessionFactory(host=None)

    assert found() == []


def test_class_at_an_institution_that_ended_is_found(session: ClassSession, host: Institution) -> None:
    ClassSessionFactory(host=InstitutionFactory(public=True))

    end_institution(institution=host, ended_date=TODAY, reason="注销", now=NOW)

    assert found() == ["喂养"]


def test_rectification_that_closes_is_found_and_one_that_stops_new_bookings_is_not(
    session: ClassSession, host: Institution
) -> None:
    rectify(host, "stops_new")
    assert found() == []

    change_rectification(institution=host, kind="closes", reason="x", now=NOW + MINUTE)
    assert found() == ["喂养"]

    end_rectification(institution=host, note="复查合格", now=NOW + 2 * MINUTE)
    assert found() == []


@pytest.mark.parametrize(
    ("span", "is_found"),
    [
        (ClosedSpan(DAY, DAY), True),
        (ClosedSpan(DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)), True),
        (ClosedSpan(DAY - dt.timedelta(days=1), DAY - dt.timedelta(days=1)), False),
        (ClosedSpan(DAY + dt.timedelta(days=1), DAY + dt.timedelta(days=1)), False),
        (ClosedSpan(DAY, DAY, "", 480, 570), False),
        (ClosedSpan(DAY, DAY, "", 480, 571), True),
        (ClosedSpan(DAY, DAY, "", 629, 720), True),
        (ClosedSpan(DAY, DAY, "", 630, 720), False),
        (ClosedSpan(DAY, DAY, "toddler"), False),
    ],
)
def test_closing_counts_where_it_covers_the_class(
    session: ClassSession, host: Institution, span: ClosedSpan, is_found: bool
) -> None:
    closed = close(institution=host, span=span, reason="检修", actor=None, now=NOW)
    assert found() == (["喂养"] if is_found else [])

    reopen(institution=host, closings=[row.pk for row in closed], now=NOW)
    assert found() == []


def test_closing_of_the_very_day_counts_until_the_class_begins(session: ClassSession, host: Institution) -> None:
    close(institution=host, span=ClosedSpan(DAY, DAY), reason="检修", actor=None, now=NOW)

    assert found(now=session.places.starts_at - MINUTE) == ["喂养"]


def test_closing_of_another_institution_does_not_count(session: ClassSession) -> None:
    close(institution=InstitutionFactory(public=True), span=ClosedSpan(DAY, DAY), reason="x", actor=None, now=NOW)

    assert found() == []


def test_only_published_classes_to_come_are_found(session: ClassSession, host: Institution) -> None:
    ClassSessionFactory(host=host, published=False, live=False)
    cancelled = ClassSessionFactory(host=host)
    cancel_session(session=cancelled, reason="停电", actor=None, now=NOW)
    rectify(host, "closes")
    starts = session.places.starts_at

    assert [found(now=moment) for moment in (NOW, starts - MINUTE, starts)] == [["喂养"], ["喂养"], []]


def test_moved_class_is_not_found_any_more(session: ClassSession, host: Institution) -> None:
    close(institution=host, span=ClosedSpan(DAY, DAY), reason="x", actor=None, now=NOW)
    session.host = InstitutionFactory(public=True)
    session.save()
    apply_session(session=session, now=NOW)

    assert found() == []


def test_families_are_counted_once_and_those_who_gave_back_are_not(session: ClassSession, host: Institution) -> None:
    second = ClassSessionFactory(host=host)
    user, child = toddler()
    sibling = ChildFactory(family=child.family, birth_date=child.birth_date)
    for one, who in ((session, child), (session, sibling), (second, child)):
        sign_up(user=user, session=one.public_id, child=who.public_id, now=NOW)
    other, other_child = toddler()
    sign_up(user=other, session=second.public_id, child=other_child.public_id, now=NOW)

    assert count_families([session, second]) == 2
    cancel_signup(user=other, session=second.public_id, child=other_child.public_id, now=NOW)
    assert (count_families([session, second]), count_families([])) == (1, 0)


def test_line_leads_to_the_list_behind_its_number(session: ClassSession, host: Institution) -> None:
    ClassSessionFactory(district=host.district, title="照常的")
    user, child = toddler()
    sign_up(user=user, session=session.public_id, child=child.public_id, now=NOW)
    rectify(host, "closes")
    person = staff_of(host.district)

    [line] = stranded_classes(person, NOW)
    client = browser(person)

    assert line.words == "1 场课堂的承办机构那时不开门，1 家报了名，请改时间、换机构或取消"
    assert line.url == f"{INDEX}?work=stranded"
    listed = client.get(line.url).content.decode()
    assert "喂养" in listed
    assert "照常的" not in listed
    assert line.words in client.get(reverse("wagtailadmin_home")).content.decode()


def test_nobody_else_reads_it(session: ClassSession, host: Institution) -> None:
    rectify(host, "closes")
    health = staff_of(host.district)
    health.groups.clear()

    assert stranded_classes(staff_of(DistrictFactory()), NOW) == []
    assert stranded_classes(type(health).objects.get(pk=health.pk), NOW) == []


def test_no_line_where_nothing_waits(session: ClassSession, host: Institution) -> None:
    assert stranded_classes(staff_of(host.district), NOW) == []


def queries(host: Institution) -> Any:
    with CaptureQueriesContext(
        connection,
    ) as context:
        stranded(ClassSession.objects.all(), now=NOW)
    return len(context)


def test_number_of_queries_does_not_grow(session: ClassSession, host: Institution) -> None:
    rectify(host, "closes")
    one = queries(host)
    ClassSessionFactory(host=host)
    ClassSessionFactory(host=InstitutionFactory(public=True))

    assert (one, queries(host)) == (2, 2)
