"""What the classes add to the staff's start page."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from cms.accounts.models import User
from cms.core.web.staff_scope import Person
from directory.register.ports import StaffLine
from parenting.classes.models import ClassSession
from parenting.classes.queries.staff import sessions_of_staff
from parenting.classes.queries.stranded import count_families, stranded

#: Among what families wait for.
ORDER = 35
#: How the list of classes is narrowed to these.
STRANDED = "stranded"


def stranded_classes(person: Person, now: dt.datetime) -> list[StaffLine]:
    """Classes whose institution is not open then, for those who may move or cancel them."""
    if not (isinstance(person, User) and person.has_perm("parenting.change_classsession")):
        return []
    sessions = stranded(sessions_of_staff(person), now=now)
    if not sessions:
        return []
    words = _("%(count)s 场课堂的承办机构那时不开门，%(families)s 家报了名，请改时间、换机构或取消")
    url = reverse(ClassSession.snippet_viewset.get_url_name("list"))
    named = {"count": len(sessions), "families": count_families(sessions)}
    return [StaffLine(ORDER, words % named, f"{url}?work={STRANDED}")]
