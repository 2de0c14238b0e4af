"""What the first two pages of the flow offer: which child, which way of being looked after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from booking.care.queries.offering import BOOKABLE_MODES
from booking.places.models import BookingPolicy
from booking.places.queries.buckets import first_month_taken
from booking.places.stay_rules import bucket_for
from cms.accounts.models import Child
from cms.core.calendar.times import age_in_months
from cms.core.display import wording
from directory.districts.class_kinds import CareMode, kind_label
from directory.districts.components.age_words import age_words, day_age_words
from directory.register.fees import fee_in_words
from directory.register.models import CareProduct


@dataclass(frozen=True, slots=True)
class ChildChoice:
    """A child of the family, and whether the institution can take it; ``words`` says its age and class, or why not."""

    child: Child
    fits: bool
    words: str


@dataclass(frozen=True, slots=True)
class ModeChoice:
    """A mode the institution offers, with its cheapest fee in words."""

    mode: str
    label: str
    words: str
    fee: str


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


def mode_choices(products: Sequence[CareProduct], policy: BookingPolicy) -> list[ModeChoice]:
    """One choice per mode, in the order of the law's list."""
    by_mode: dict[str, list[CareProduct]] = {}
    for product in products:
        by_mode.setdefault(product.mode, []).append(product)
    return [_mode_choice(mode, by_mode[mode], policy) for mode in BOOKABLE_MODES if mode in by_mode]


def _mode_choice(mode: CareMode, products: Sequence[CareProduct], policy: BookingPolicy) -> ModeChoice:
    cheapest = products[0]
    fee = fee_in_words(cheapest, step_minutes=policy.step_minutes)
    if any(product.fee != cheapest.fee for product in products):
        fee = _("%s起") % fee
    return ModeChoice(mode.value, str(mode.label), _hours_in_words(mode, products, policy), fee)


def _hours_in_words(mode: CareMode, products: Sequence[CareProduct], policy: BookingPolicy) -> str:
    """When the mode takes place: 「上午 8:00–12:00，下午 14:00–18:00」."""
    by_start = sorted(products, key=lambda product: (product.starts, product.ends))
    if mode == CareMode.HOURLY:
        hours = wording.period(by_start[0].starts, max(product.ends for product in products))
        least = wording.duration(policy.minimum_minutes)
        return _("%(hours)s 之间任选，%(least)s起") % {"hours": hours, "least": least}
    if mode == CareMode.TEMPORARY:
        length = wording.duration(by_start[0].block_minutes or 0)
        return (
            _("每段 %(length)s，开始前都可以约") % {"length": length}
            if not policy.temporary_cutoff_minutes
            else (_("每段 %(length)s") % {"length": length})
        )
    parts = [f"{product.get_part_display()} {wording.period(product.starts, product.ends)}" for product in by_start]
    return "，".join(dict.fromkeys(part.strip() for part in parts))
