"""The texts about a booking that its family sees on the check page, the confirmation and in 我的预约."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from booking.places.models import Booking, BookingPolicy
from booking.places.queries.policy import policy_of
from cms.accounts.family.queries.families import pickup_persons_of
from cms.accounts.family.services.children import ERASED_BIRTH_DATE
from cms.accounts.models import User
from cms.core.calendar.reminders import REMIND_FROM
from cms.core.calendar.times import age_in_months, at
from cms.core.display import wording
from cms.core.security.codes import spell_reference
from directory.districts.class_kinds import CareMode, kind_label
from directory.register.fees import fee_per_minutes


@dataclass(frozen=True, slots=True)
class Summary:
    """The texts of one booking. ``sum_words`` explains the fee where it is for more than one unit."""

    child: str
    age: str
    length: str
    fee: str
    sum_words: str
    reference: str
    pickup: list[str]
    allergies: str
    free_cancel: str
    needs_acceptance: bool
    reminder: str


def summarise(booking: Booking, *, user: User) -> Summary:
    """The texts of a care booking loaded with institution, child, product and pool. Two queries: policy, pick-up."""
    policy = policy_of(booking.institution_id) if booking.institution_id else BookingPolicy()
    child = booking.child
    minutes = int((booking.ends_at - booking.starts_at).total_seconds() // 60)
    return Summary(
        child=child.nickname if child else "",
        age=_age_in_words(booking),
        length=wording.duration(minutes),
        fee=wording.yuan(booking.amount),
        sum_words=_sum_in_words(booking, policy, minutes),
        reference=spell_reference(booking.reference),
        pickup=[person.relation or person.name for person in pickup_persons_of(user)],
        allergies=child.allergies if child else "",
        free_cancel=free_cancel_words(booking),
        needs_acceptance=policy.needs_acceptance,
        reminder=_reminder(booking),
    )


def free_cancel_words(booking: Booking, now: dt.datetime | None = None) -> str:
    """「11月25日 周三 14:00 前可免费取消」; what applies once that moment is over."""
    until = booking.free_cancel_until
    if until is None:
        return ""
    if (now is not None and until <= now) or until <= booking.created_at:
        return _("已过免费取消的时间，来不了也请尽早取消，把位子让给别的家庭。")
    return _("%(day)s %(clock)s 前可免费取消。") % {"day": wording.day(until), "clock": wording.clock(until)}


def list_url(booking: Booking) -> str:
    """The list of institutions with this booking as its question."""
    question: dict[str, str | int] = {
        "date": booking.service_date.isoformat(),
        "from": f"{wording.clock(booking.starts_at):0>5}",
        "to": f"{wording.clock(booking.ends_at):0>5}",
    }
    if booking.institution:
        question["district"] = booking.institution.district.slug
    if booking.child:
        question["age"] = age_in_months(booking.child.birth_date, booking.service_date)
    return f"{reverse('directory:institution-list')}?{urlencode(question)}"


def _reminder(booking: Booking) -> str:
    """When the reminder comes; empty for a booking made after that moment."""
    moment = at(booking.service_date - dt.timedelta(days=1), REMIND_FROM)
    if moment <= booking.changed_at:
        return ""
    return f"{wording.day(moment)} {wording.clock(moment)}"


def _age_in_words(booking: Booking) -> str:
    if booking.child is None or booking.child.birth_date == ERASED_BIRTH_DATE:
        return ""
    age = wording.months(age_in_months(booking.child.birth_date, booking.service_date))
    kind = kind_label(booking.pool.bucket)
    return _("%(age)s（%(kind)s）") % {"age": age, "kind": kind} if kind else age


def _sum_in_words(booking: Booking, policy: BookingPolicy, minutes: int) -> str:
    product = booking.product
    if product is None or booking.amount == product.fee:
        return ""
    unit = policy.step_minutes if booking.mode == CareMode.HOURLY else product.block_minutes or minutes
    # Rules may have changed since: the sum is shown only where it is the one that was agreed.
    count = -(-minutes // unit)
    if count * product.fee != booking.amount:
        return ""
    return f"{fee_per_minutes(product.fee, unit)} × {count}"
