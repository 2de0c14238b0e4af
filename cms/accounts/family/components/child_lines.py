"""A child in one line: age, class, allergies and what comes next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cms.accounts import ports
from cms.accounts.models import Child
from cms.core.calendar.times import age_in_months
from cms.core.display.wording import month, months

THIRD_BIRTHDAY = 36


@dataclass(frozen=True, slots=True)
class ChildLine:
    """A child as its family sees it: age, class and what comes next."""

    child: Child
    age: str
    note: str


def child_line(child: Child, today: dt.date) -> ChildLine:
    """「17 个月」 and 「托小班；花生过敏；2027年6月升托大班」."""
    age = max(0, age_in_months(child.birth_date, today))
    class_of = ports.child_class.get()
    found = class_of(child.birth_date, today) if class_of else ports.ChildClass("")
    notes = [found.words, allergy_words(child.allergies), _next_class(found)]
    return ChildLine(
        child, _("满 3 岁") if age >= THIRD_BIRTHDAY else months(age), "；".join(note for note in notes if note)
    )


def allergy_words(text: str) -> str:
    """「花生过敏」, whether or not the family wrote the last two characters; a long note stays as it is."""
    short = len(text) <= 12 and "过敏" not in text and "无" not in text and "没有" not in text
    return _("%(what)s过敏") % {"what": text} if text and short else text


def _next_class(found: ports.ChildClass) -> str:
    if found.next_from is None:
        return ""
    return _("%(month)s升%(kind)s") % {"month": month(found.next_from), "kind": found.next_words}
