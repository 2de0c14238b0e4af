"""What the first two pages of the flow offer: which child, which way of being looked after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from booking.flow.queries.modes import OfferedMode, OfferedModes
from booking.places.bookable_days import BookingTerms, OfferedProduct
from booking.places.queries.asked_stay import CoveringStay
from booking.places.queries.buckets import first_month_taken
from booking.places.stay_rules import bucket_for
from cms.accounts.models import Child
from cms.core.calendar.times import age_in_months
from cms.core.display import wording
from directory.districts.class_kinds import CareMode, kind_label
from directory.districts.components.age_words import age_words, day_age_words
from directory.register.enums import HalfDay
from directory.register.fees import fee_words


@dataclass(frozen=True, slots=True)
class ChildChoice:
    """A child of the family, and whether the institution can take it; ``words`` says its age and class, or why not."""

    child: Child
    fits: bool
    words: str


@dataclass(frozen=True, slots=True)
class ModeChoice:
    """A mode the institution offers: ``fee`` in words, ``hours`` beside it where it is for the asked ones.

    ``note`` says what it has over another mode of the same price; ``fits``: the asked hours can be booked.
    """

    mode: str
    label: str
    words: str
    fee: str
    hours: str = ""
    note: str = ""
    fits: bool = False


def child_choices(
    kinds: Collection[str],
    children: Iterable[Child],
    *,
    today: dt.date,
    last_day: dt.date,
    asked_day: dt.date | None = None,
) -> list[ChildChoice]:
    """Each child with its answer. A child fits if some day that can be booked finds a class for it.

    The words are of the asked day where there is one.
    """
    choices = [_child_choice(kinds, child, today=today, last_day=last_day) for child in children]
    if asked_day is None or not today <= asked_day <= last_day:
        return choices
    return [_on_day(kinds, choice, asked_day) for choice in choices]


def _on_day(kinds: Collection[str], choice: ChildChoice, day: dt.date) -> ChildChoice:
    """With the age and class of that day, as the list said it."""
    age = age_in_months(choice.child.birth_date, day)
    bucket = bucket_for(kinds, age)
    return replace(choice, words=day_age_words(age, bucket)) if choice.fits and bucket else choice


def _child_choice(kinds: Collection[str], child: Child, *, today: dt.date, last_day: dt.date) -> ChildChoice:
    length = (last_day - today).days + 1
    ages = [age_in_months(child.birth_date, today + dt.timedelta(days=offset)) for offset in range(length)]
    bucket = next((found for age in ages if (found := bucket_for(kinds, age))), None)
    if bucket is None:
        age = ages[0]
        return ChildChoice(child, False, age_words(age, first_month_taken(kinds, age), child.birth_date))
    words = _("%(age)s，%(kind)s") % {"age": wording.months(max(ages[0], 0)), "kind": kind_label(bucket)}
    return ChildChoice(child, True, words)


def mode_choices(offered: OfferedModes) -> list[ModeChoice]:
    """One choice per mode, in the order of the law's list; with asked hours the price of these, where they fit."""
    stays = [each.stay for each in offered.modes if each.stay]
    return [_mode_choice(each, offered.terms, stays) for each in offered.modes]


def best_mode(offered: OfferedModes) -> str:
    """The mode in which the asked hours cost least, of equal ones that with the nearest hours; the only mode; or ""."""
    fitting = [(each.stay.order, each.mode) for each in offered.modes if each.stay]
    if fitting:
        return min(fitting, key=lambda found: found[0])[1].value
    return offered.modes[0].mode.value if len(offered.modes) == 1 else ""


def _mode_choice(offered: OfferedMode, terms: BookingTerms, stays: Sequence[CoveringStay]) -> ModeChoice:
    mode, products = offered.mode, offered.products
    words = _hours_in_words(mode, products, terms)
    if offered.stay is None:
        fee = fee_words(mode, products[0].fee, step_minutes=terms.step_minutes)
        if any(product.fee != products[0].fee for product in products):
            fee = _("%s起") % fee
        return ModeChoice(mode.value, str(mode.label), words, fee)
    stay = offered.stay
    fee = _("共 %s") % wording.yuan(stay.amount)
    hours = wording.period(*(dt.time(minute // 60, minute % 60) for minute in (stay.starts, stay.ends)))
    return ModeChoice(mode.value, str(mode.label), words, fee, hours, _same_price(stay, stays), fits=True)


def _same_price(stay: CoveringStay, stays: Iterable[CoveringStay]) -> str:
    """「同样 54 元，可待到 18:00」: what a stay has over a shorter one that costs as much."""
    same = [other for other in stays if other.amount == stay.amount and other.order < stay.order]
    if not same:
        return ""
    shorter = min(same, key=lambda other: other.order)
    gains = []
    if stay.starts < shorter.starts:
        gains.append(_("%s 就能来") % _clock(stay.starts))
    if stay.ends > shorter.ends:
        gains.append(_("可待到 %s") % _clock(stay.ends))
    return "，".join([_("同样 %s") % wording.yuan(stay.amount), *gains])


def _clock(minute: int) -> str:
    return wording.clock(dt.time(minute // 60, minute % 60))


def _hours_in_words(mode: CareMode, products: Sequence[OfferedProduct], policy: BookingTerms) -> str:
    """When the mode takes place: 「上午 8:00–12:00，下午 14:00–18:00」."""
    by_start = sorted(products, key=lambda product: (product.starts, product.ends))
    if mode == CareMode.HOURLY:
        hours = wording.period(by_start[0].starts, max(product.ends for product in products))
        least = wording.duration(policy.minimum_minutes)
        return _("%(hours)s 之间任选，%(least)s起") % {"hours": hours, "least": least}
    if mode == CareMode.TEMPORARY:
        length = wording.duration(by_start[0].block_minutes or 0)
        return (
            _("每次 %(length)s，开始前都可以约") % {"length": length}
            if not policy.temporary_cutoff_minutes
            else (_("每次 %(length)s") % {"length": length})
        )
    parts = [f"{_part(product.part)} {wording.period(product.starts, product.ends)}" for product in by_start]
    return "，".join(dict.fromkeys(part.strip() for part in parts))


def _part(part: str) -> str:
    return str(HalfDay(part).label) if part else ""
