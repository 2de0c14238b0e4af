"""Another way of being under rectification: from 停止新预约 to 停业 or back, in one act."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cms.core.errors import Refused
from directory.districts.services.history import record
from directory.register import ports
from directory.register.models import Institution
from directory.register.services.changes import institution_changed
from directory.register.services.institutions import NotUnderRectification, stop_bookings
from directory.register.services.standing import ReasonMissing, lock_institution

Kind = Institution.Rectification


class SameRectification(Refused):
    """It is under rectification in this way already."""

    code = "same_rectification"
    message = _("整改期间已经是这样，不用再改。")


@transaction.atomic
def change_rectification(
    *, institution: Institution, kind: str, reason: str, now: dt.datetime, actor: AbstractBaseUser | None = None
) -> Institution:
    """Change what the rectification means (``kind``: ``RectificationKind``); matter, beginning and deadline stay.

    Under ``closes`` what is booked is cancelled and its families are notified; back to ``stops_new`` nothing that was
    cancelled comes back. Raises ``NotUnderRectification``, ``SameRectification``, ``ReasonMissing``, ``Busy``.
    """
    institution = lock_institution(institution)
    if institution.state != Institution.State.RECTIFICATION:
        raise NotUnderRectification
    # One of the first release, which had no kind, closed.
    before = institution.rectification_kind or Kind.CLOSES.value
    if kind == before:
        raise SameRectification
    if not reason.strip():
        raise ReasonMissing(fields={"reason": str(ReasonMissing.message)})
    institution.rectification_kind = kind
    institution.changed_at = now
    institution.save(update_fields=["rectification_kind", "changed_at"])
    changes = {"rectification_kind": [before, kind]}
    record(instance=institution, action="directory.rectify_changed", actor=actor, reason=reason, changes=changes)
    if kind == Kind.CLOSES:
        stop_bookings(institution, now=now)
    else:
        ports.notify_offering_changed(institution_id=institution.pk, now=now)
    institution_changed(institution_id=institution.pk, now=now)
    return institution
