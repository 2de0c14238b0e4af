"""What an institution offers: classes, opening hours, regular places, products. One act per setting.

Cells of the weeks ahead follow from these rows; booking regenerates them after an act
(``booking.places.services.generation``). Every act is one transaction and leaves an entry in the history.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cms.core.calendar.times import local_date
from cms.core.display.wording import period
from cms.core.errors import InvalidInput
from directory.districts.services.checking import assign, lock_row, save_checked
from directory.districts.services.history import differences, entered, record
from directory.register.models import CareProduct, ClassGroup, Institution, OpeningRule
from directory.register.models.offering import WEEKDAYS
from directory.register.services.changes import institution_changed
from directory.register.services.fees import save_fee
from directory.register.services.modes import refuse_offered
from directory.register.services.standing import lock_institution

Row = TypeVar("Row", ClassGroup, CareProduct)

#: The finest raster of cells.
RASTER_MINUTES = 15


class RegularTooMany(InvalidInput):
    """More regular children than the class has places."""

    code = "regular_too_many"
    message = _("在托宝宝的人数不能超过这个班的托位。")


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours of one weekday."""

    opens: dt.time
    closes: dt.time


@transaction.atomic
def save_class_group(
    *,
    institution: Institution,
    values: dict[str, Any],
    now: dt.datetime,
    class_group: ClassGroup | None = None,
    actor: AbstractBaseUser | None = None,
) -> ClassGroup:
    """Add a class, or change the given one (``values``: kind, name, places, caregivers, active).

    Fewer places lower the regular places of its hours with them, so that they never pass the class. Raises
    ``InvalidInput`` for a name used twice or places over the national standard.
    """
    group = ClassGroup(institution=institution) if class_group is None else lock_row(class_group)
    return _save(group, values=values, now=now, actor=actor, after=_cap_regular_places)


@transaction.atomic
def save_opening_rules(
    *,
    class_group: ClassGroup,
    hours: Mapping[int, Hours],
    now: dt.datetime,
    actor: AbstractBaseUser | None = None,
) -> list[OpeningRule]:
    """Set the week of a class: ``{weekday 0–6: hours}``; a weekday left out is closed.

    A weekday that was open before has the regular children it had then. A new one starts with all places taken by them,
    so that nothing is offered before the institution says so.
    """
    class_group = lock_row(class_group)
    aside = dict(class_group.regular_set_aside or {})
    known = {rule.weekday: rule for rule in class_group.opening_rules.select_for_update(no_key=True)}
    before = {weekday: Hours(rule.opens, rule.closes) for weekday, rule in known.items()}
    rules = []
    for weekday, span in sorted(hours.items()):
        rule = known.pop(weekday, None) or OpeningRule(
            class_group=class_group,
            weekday=weekday,
            regular_places=min(aside.pop(str(weekday), class_group.places), class_group.places),
        )
        rule.opens, rule.closes = span.opens, span.closes
        _check_quarters(rule, "opens", "closes")
        save_checked(rule)
        rules.append(rule)
    OpeningRule.objects.filter(pk__in=[rule.pk for rule in known.values()]).delete()
    class_group.regular_set_aside = aside | {str(rule.weekday): rule.regular_places for rule in known.values()}
    class_group.save(update_fields=["regular_set_aside"])
    changes = _changed_hours(before, hours)
    of = class_group.institution
    record(instance=of, action="directory.hours", actor=actor, row=class_group.name, changes=changes)
    institution_changed(institution_id=class_group.institution_id, now=now)
    return rules


@transaction.atomic
def save_regular_places(
    *,
    institution: Institution,
    places: Mapping[int, int],
    now: dt.datetime,
    actor: AbstractBaseUser | None = None,
) -> None:
    """Places that regular children take: ``{opening rule id: places}``, rules of this institution only.

    Raises ``RegularTooMany`` where a class has fewer places.
    """
    rules = OpeningRule.objects.filter(class_group__institution=institution, pk__in=list(places))
    rules = rules.select_for_update(no_key=True)
    changes = {}
    for rule in rules.select_related("class_group").order_by("class_group", "weekday"):
        if not 0 <= places[rule.pk] <= rule.class_group.places:
            raise RegularTooMany
        if rule.regular_places != places[rule.pk]:
            label = f"{rule.class_group.name} {rule.get_weekday_display()}"
            changes[label] = [str(rule.regular_places), str(places[rule.pk])]
        rule.regular_places = places[rule.pk]
        rule.save(update_fields=["regular_places"])
    record(instance=institution, action="directory.regular_places", actor=actor, changes=changes)
    institution_changed(institution_id=institution.pk, now=now)


@transaction.atomic
def save_product(
    *,
    institution: Institution,
    values: dict[str, Any],
    now: dt.datetime,
    product: CareProduct | None = None,
    fee: dict[str, Any] | None = None,
    step: int | None = None,
    actor: AbstractBaseUser | None = None,
) -> CareProduct:
    """Add a way to be looked after, with its first ``fee`` (``step``: see ``fees.save_fee``), or change the given one.

    Bookings made before keep the fee they were made with. Raises ``InvalidInput``, also for a mode that is not filed;
    what is offered already may be changed or taken away whatever has been filed since.
    """
    row = CareProduct(institution=institution) if product is None else lock_row(product)
    stands = product is not None and row.active and row.mode

    def check(changed: CareProduct) -> None:
        _check_product(changed)
        if changed.active and changed.mode != stands:
            refuse_offered(lock_institution(changed.institution), changed.mode, local_date(now))

    saved = _save(row, values=values, now=now, actor=actor, before=check)
    if fee is not None:
        save_fee(product=saved, values=fee, step=step, now=now, actor=actor)
    return saved


def _changed_hours(before: Mapping[int, Hours], after: Mapping[int, Hours]) -> dict[str, list[str]]:
    """The weekdays whose hours change, for the history: 「周六」 → [「休息」, 「9:00–12:00」]."""
    changed = [(weekday, label) for weekday, label in WEEKDAYS if before.get(weekday) != after.get(weekday)]
    return {
        str(label): [_hours_words(before.get(weekday)), _hours_words(after.get(weekday))] for weekday, label in changed
    }


def _hours_words(hours: Hours | None) -> str:
    return period(hours.opens, hours.closes) if hours else str(_("休息"))


def _check_product(product: CareProduct) -> None:
    _check_quarters(product, "starts", "ends")
    if product.block_minutes and product.block_minutes % RASTER_MINUTES:
        words = str(_("每段分钟数请用 15 的倍数。"))
        raise InvalidInput(words, fields={"block_minutes": words})


def _check_quarters(row: OpeningRule | CareProduct, *names: str) -> None:
    """Cells begin on quarters of an hour; hours between them could never be booked whole."""
    for name in names:
        clock = getattr(row, name)
        if isinstance(clock, dt.time) and (clock.minute % RASTER_MINUTES or clock.second):
            words = str(_("时间请用整刻钟，例如 8:00、8:15、8:30。"))
            raise InvalidInput(words, fields={name: words})


def _cap_regular_places(group: ClassGroup) -> None:
    group.opening_rules.filter(regular_places__gt=group.places).update(regular_places=group.places)


def _save(
    row: Row,
    *,
    values: dict[str, Any],
    now: dt.datetime,
    actor: AbstractBaseUser | None,
    before: Callable[[Row], None] | None = None,
    after: Callable[[Row], None] | None = None,
) -> Row:
    changes = differences(row, values) if row.pk else entered(values)
    assign(row, values)
    row.confirmed_at = now
    if before is not None:
        before(row)
    save_checked(row)
    if after is not None:
        after(row)
    of = row._meta.model_name
    record(instance=row.institution, action="directory.offering", actor=actor, of=of, row=str(row), changes=changes)
    institution_changed(institution_id=row.institution_id, now=now)
    return row
