"""The texts about a booking that its family sees on the check page, the confirmation and in 我的预约."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from booking.care.components.list_link import list_link
from booking.places.models import Booking, BookingPolicy
from booking.places.queries.policy import policy_and_word_of
from cms.accounts.family.queries.families import pickup_persons_of
from cms.accounts.family.services.children import ERASED_BIRTH_DATE
from cms.accounts.models import User
from cms.core.calendar.reminders import REMIND_FROM
from cms.core.calendar.times import age_in_months, at, local
from cms.core.display import wording
from cms.core.display.places import Stamps
from cms.core.security.codes import spell_reference
from directory.districts.class_kinds import CareMode
from directory.districts.components.age_words import day_age_words
from directory.register.fees import fee_on, fee_words, meal_words
from directory.register.models import ProductFee


@dataclass(frozen=True, slots=True)
class Summary:
    """The texts of one booking. ``sum_words`` explains the fee where it is for more than one unit; ``meal`` says what
    comes on top for meals.
    """

    child: str
    age: str
    length: str
    fee: str
    sum_words: str
    meal: str
    reference: str
    pickup: list[str]
    allergies: str
    free_cancel: str
    needs_answer: bool
    stale_words: str
    reminder: str


def summarise(booking: Booking, *, user: User, now: dt.datetime) -> Summary:
    """The texts of a care booking loaded with institution, child, product and pool. Queries:
    rules, fees, pick-up. ``stale_words`` say for how long nobody has vouched for the places.
    """
    policy, word = policy_and_word_of(booking.institution_id or 0, now)
    child = booking.child
    fee = _fee_of(booking)
    asks = word.needs_answer and booking.status == Booking.Status.HELD
    minutes = int((booking.ends_at - booking.starts_at).total_seconds() // 60)
    return Summary(
        child=child.nickname if child else "",
        age=_age_in_words(booking),
        length=wording.duration(minutes),
        fee=wording.yuan(booking.amount),
        sum_words=_sum_in_words(booking, fee, policy, minutes),
        meal=meal_words(fee.meal_fee) if fee else "",
        reference=spell_reference(booking.reference),
        pickup=[person.relation or person.name for person in pickup_persons_of(user)],
        allergies=child.allergies if child else "",
        free_cancel=free_cancel_words(booking, now, needs_answer=asks),
        needs_answer=word.needs_answer,
        stale_words=Stamps(now).words(word.confirmed_at, stale=True) if word.stale else "",
        reminder=_reminder(booking),
    )


def free_cancel_words(booking: Booking, now: dt.datetime, *, needs_answer: bool = False) -> str:
    """「11月25日 周三 14:00 前可免费取消」; once that moment is over, what cancelling then comes to: no rule knows of a
    consequence. A request can be taken back until it is answered (``needs_answer``: it becomes one when confirmed).
    """
    until = booking.free_cancel_until
    if booking.status == Booking.Status.REQUESTED or needs_answer:
        return _("机构答复前随时可以取消，不扣钱，也不影响以后预约。")
    if until is None:
        return ""
    if until <= now:
        return _("来不了请尽早取消，现在取消也不扣钱，不影响以后预约。")
    return _("%(moment)s 前可免费取消。") % {"moment": wording.moment(until)}


def times_in_words(booking: Booking) -> str:
    """「9:40 到，11:55 离开」, as the institution recorded it; empty where it recorded nothing."""
    clocks = [(booking.arrived_at, _("%s 到")), (booking.left_at, _("%s 离开"))]
    return "，".join(words % wording.clock(moment) for moment, words in clocks if moment)


def list_url(booking: Booking) -> str:
    """The list of institutions with this booking as its question."""
    child = booking.child
    return list_link(
        district=booking.institution.district.slug if booking.institution else "",
        age=age_in_months(child.birth_date, booking.service_date) if child else None,
        day=booking.service_date,
        span=(local(booking.starts_at).time(), local(booking.ends_at).time()),
    )


def _reminder(booking: Booking) -> str:
    """When the reminder comes; empty for a booking made after that moment."""
    moment = at(booking.service_date - dt.timedelta(days=1), REMIND_FROM)
    if moment <= booking.changed_at:
        return ""
    return wording.moment(moment)


def _age_in_words(booking: Booking) -> str:
    if booking.child is None or booking.child.birth_date == ERASED_BIRTH_DATE:
        return ""
    return day_age_words(age_in_months(booking.child.birth_date, booking.service_date), booking.pool.bucket)


def _fee_of(booking: Booking) -> ProductFee | None:
    """The fee of the stay's day."""
    if booking.product is None:
        return None
    return fee_on(booking.product.fees.all(), booking.service_date, booking.pool.bucket)


def _sum_in_words(booking: Booking, fee: ProductFee | None, policy: BookingPolicy, minutes: int) -> str:
    product = booking.product
    if product is None or fee is None or booking.mode not in (CareMode.HOURLY, CareMode.TEMPORARY):
        return ""
    unit = policy.step_minutes if booking.mode == CareMode.HOURLY else product.block_minutes or minutes
    count = -(-minutes // unit)
    # Rules may have changed since: the sum is shown only where it is the one that was agreed.
    if count == 1 or count * fee.fee != booking.amount:
        return ""
    words = fee_words(booking.mode, fee.fee, step_minutes=policy.step_minutes)
    return f"{words} × {wording.duration(count * unit) if booking.mode == CareMode.HOURLY else count}"
