"""The telephone numbers of a family that has signed up: read on tap, logged, and only around the day of the class."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cms.accounts.family.queries.contacts import Contact, contacts_of
from cms.accounts.family.queries.visibility import child_visible_on
from cms.accounts.family.services.access_log import log_child_access
from cms.accounts.models import User
from cms.core.errors import NotAllowed
from parenting.classes.models import ClassSession
from parenting.classes.queries.signups import attendance
from parenting.classes.refusals import SessionNotThere


class OutsideClassDays(NotAllowed):
    """The number is shown only from the day before to the day after."""

    code = "outside_call_days"
    message = _("电话只在课堂前一天到后一天可以查看。")


@transaction.atomic
def reveal_contacts(*, actor: User, session: ClassSession, signup: str, now: dt.datetime) -> list[Contact]:
    """The numbers of the family's adults, whoever signed up first; ``signup`` is a booking's public id.

    Writes the read log in the same transaction. Raises ``SessionNotThere``, ``OutsideClassDays``.
    """
    found = attendance(session).filter(booking__public_id=signup).first()
    if found is None:
        raise SessionNotThere
    if not child_visible_on(found.booking.service_date, now):
        raise OutsideClassDays
    contacts = contacts_of(found.family_id, first=found.booking.created_by_id)
    log_child_access(
        children=[found.child] if found.child else [],
        actor=actor,
        place=session.organiser,
        district_code=session.district.code,
        purpose="phone",
        now=now,
    )
    return contacts
