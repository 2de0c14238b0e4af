"""The first page of 我的 in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from booking.care.queries.bookings import coming_bookings, past_bookings
from booking.care.queries.summary import free_cancel_words
from booking.places.models import Booking
from cms.accounts.models import Child, FamilyMember, User
from cms.accounts.queries.consents import NoConsentText, children_to_ask_again, current_text
from cms.accounts.queries.families import children_of, membership_of, pickup_persons_of
from cms.accounts.queries.messages import count_unread
from cms.core.times import age_in_months, birthday_after_months, local_date
from cms.core.wording import day, month, months
from directory.districts.class_kinds import CLASS_RULES, END_MONTH, FIRST_MONTH, ClassKind, own_class_kind
from parenting.queries.signups import coming_signups


@dataclass(frozen=True, slots=True)
class ChildLine:
    """A child as its family sees it: age, class and what comes next."""

    child: Child
    age: str
    note: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What 我的 says first."""

    member: FamilyMember | None
    next_booking: Booking | None
    next_note: str
    free_cancel: str
    coming: int
    past: int
    unread: int
    children: list[ChildLine]
    pickup: str
    classes: str
    ask_again: bool


def overview_of(user: User, *, now: dt.datetime) -> Overview:
    """Everything of the first page."""
    today = local_date(now)
    coming = list(coming_bookings(user, now=now))
    following = coming[0] if coming else None
    member = membership_of(user)
    lines = [child_line(child, today) for child in children_of(user)]
    return Overview(
        member=member,
        next_booking=following,
        next_note=days_until(following.service_date, today) if following else "",
        free_cancel=free_cancel_words(following, now) if following else "",
        coming=len(coming),
        past=past_bookings(user, now=now).count(),
        unread=count_unread(user),
        children=lines,
        pickup="、".join(person.relation or person.name for person in pickup_persons_of(user)),
        classes=_class_line(user, now=now),
        ask_again=bool(lines) and member is not None and _text_changed(member),
    )


def child_line(child: Child, today: dt.date) -> ChildLine:
    """「17 个月」 and 「托小班；花生过敏；2027年6月升托大班」."""
    age = max(0, age_in_months(child.birth_date, today))
    notes = [_class_words(age), allergy_words(child.allergies), _next_class(child.birth_date, age)]
    return ChildLine(
        child, _("满 3 岁") if age >= END_MONTH else months(age), "；".join(note for note in notes if note)
    )


def allergy_words(text: str) -> str:
    """「花生过敏」, whether or not the family wrote the last two characters; a long note stays as it is."""
    short = len(text) <= 12 and "过敏" not in text and "无" not in text and "没有" not in text
    return _("%(what)s过敏") % {"what": text} if text and short else text


def days_until(date: dt.date, today: dt.date) -> str:
    """「今天」, 「明天」, 「4 天后」."""
    left = (date - today).days
    if left <= 0:
        return _("今天")
    return _("明天") if left == 1 else _("%(count)s 天后") % {"count": left}


def _class_line(user: User, *, now: dt.datetime) -> str:
    """「11月28日 辅食添加」 of the next class, or ""."""
    signup = coming_signups(user, now=now).first()
    return f"{day(signup.booking.starts_at)}　{signup.session.title}" if signup else ""


def _class_words(age: int) -> str:
    kind = own_class_kind(age)
    if kind is not None:
        return str(ClassKind(kind).label)
    return _("满 6 个月后可以入托") if age < FIRST_MONTH else _("满 3 岁，不再提供托育")


def _next_class(birth_date: dt.date, age: int) -> str:
    following = next((kind for kind in own_kinds_after(age)), None)
    if following is None or age < FIRST_MONTH:
        return ""
    since = birthday_after_months(birth_date, CLASS_RULES[following].from_month)
    return _("%(month)s升%(kind)s") % {"month": month(since), "kind": ClassKind(following).label}


def own_kinds_after(age: int) -> list[ClassKind]:
    """The class kinds a child of this age has still before it, the next first."""
    kinds = (ClassKind.INFANT, ClassKind.TODDLER, ClassKind.SENIOR_TODDLER)
    return [kind for kind in kinds if CLASS_RULES[kind].from_month > age]


def _text_changed(member: FamilyMember) -> bool:
    try:
        return bool(children_to_ask_again(member.family, current_text()))
    except NoConsentText:
        return False
