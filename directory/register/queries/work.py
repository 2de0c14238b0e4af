"""What waits for the district's staff: each reason is one query, which gives the number and the list behind it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.core.calendar import working_days
from cms.core.calendar.times import local_date
from cms.core.web.staff_scope import Person
from directory.register.models import Authorisation, Institution, InstitutionMember
from directory.register.ports import InstitutionWork, institution_work
from directory.register.queries.people import institutions_of_staff
from directory.register.queries.profiles import handed_in

EXPIRES_SOON = dt.timedelta(days=60)
#: The notice on next year's holidays comes in November at the latest.
CALENDAR_MONTH = 11

State = Institution.State
Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class WorkCount:
    """How many institutions of the person's districts wait for one reason; ``key`` names it in the list's filter."""

    key: str
    words: str | Promise
    count: int


def waiting_institutions(person: Person, *, now: dt.datetime) -> list[WorkCount]:
    """Every reason with its number, in order, also those with none; one query a reason."""
    rows = institutions_of_staff(person)
    return [
        WorkCount(key, work.words, work.narrow(rows, now).count())
        for key, work in sorted(institution_work.all().items(), key=lambda item: item[1].order)
    ]


def missing_year(today: dt.date) -> int | None:
    """The first year whose holidays should be known by now but are not entered."""
    entered = working_days.entered_years()
    wanted = [today.year] + ([today.year + 1] if today.month >= CALENDAR_MONTH else [])
    return next((year for year in wanted if year not in entered), None)


def _handed_in(rows: Rows, now: dt.datetime) -> Rows:
    return rows.filter(Exists(handed_in().filter(institution=OuterRef("pk"))))


def _not_public(rows: Rows, now: dt.datetime) -> Rows:
    return rows.filter(state=State.DRAFT)


def _rectification(rows: Rows, now: dt.datetime) -> Rows:
    return rows.filter(state=State.RECTIFICATION)


def _overdue_rectification(rows: Rows, now: dt.datetime) -> Rows:
    return _rectification(rows, now).filter(rectification_until_date__lt=local_date(now))


def _expired(rows: Rows, now: dt.datetime) -> Rows:
    return _with_authorisation(rows, Q(until_date__lt=local_date(now)))


def _expiring(rows: Rows, now: dt.datetime) -> Rows:
    today = local_date(now)
    return _with_authorisation(rows, Q(until_date__range=(today, today + EXPIRES_SOON), published_at__isnull=False))


def _with_authorisation(rows: Rows, which: Q) -> Rows:
    return rows.filter(Exists(Authorisation.objects.filter(which, institution=OuterRef("pk"), ended_date__isnull=True)))


def _without_manager(rows: Rows, now: dt.datetime) -> Rows:
    managers = InstitutionMember.objects.filter(
        institution=OuterRef("pk"), role=InstitutionMember.Role.MANAGER, ended_at__isnull=True
    )
    return rows.filter(~Exists(managers), is_public=True)


#: The register's own reasons, by the key in the list's address.
OWN_WORK = {
    "introduction": InstitutionWork(10, _("交来的介绍待发布"), _("%(count)s 家交来了介绍，等您看过发布"), _handed_in),
    "expired": InstitutionWork(20, _("备案已过有效期"), _("%(count)s 家的备案已过有效期，还没有结束"), _expired),
    "overdue": InstitutionWork(30, _("整改已过期限"), _("%(count)s 家整改已过期限"), _overdue_rectification),
    "rectification": InstitutionWork(40, _("正在限期整改"), _("%(count)s 家正在限期整改"), _rectification),
    "expiring": InstitutionWork(50, _("备案 60 天内到期"), _("%(count)s 家的备案 60 天内到期"), _expiring),
    "not_public": InstitutionWork(60, _("还没有公开"), _("%(count)s 家还没有公开"), _not_public),
    "no_manager": InstitutionWork(
        70, _("公开但没有负责人账号"), _("%(count)s 家公开机构还没有负责人账号"), _without_manager
    ),
}
