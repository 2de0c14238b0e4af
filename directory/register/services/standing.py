"""The standing of an institution: what follows from its authorisations and titles together.

Public = a published authorisation that is neither ended nor past its date. Losing it ends every title and the publicity
in one transaction, and notifies the apps registered at ``directory.register.ports``.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.core.calendar.times import local_date
from cms.core.errors import InvalidInput, Refused
from directory.districts.services.checking import assign, lock_row, save_checked
from directory.districts.services.history import differences, record
from directory.register import ports
from directory.register.models import Authorisation, Institution, Title
from directory.register.services.changes import institution_changed

Row = TypeVar("Row", Authorisation, Title)
EXPIRED_REASON = _("有效期已满")
ENDED_WITH_AUTHORISATION = _("备案或许可已结束")
#: What families are told where nobody ended the authorisation.
TOLD_EXPIRED = _("机构的备案或许可已到期")


class InstitutionEnded(Refused):
    """The institution has ended; nothing can be granted to it."""

    code = "ended"
    message = _("这家机构已终止，不能再办理。")


class NeedsAuthorisation(Refused):
    """A title without a live, published authorisation."""

    code = "needs_authorisation"
    message = _("示范称号只给已公开备案（或许可）的机构，请先公开备案。")


class AlreadyEnded(Refused):
    """The row was ended before."""

    code = "already_ended"
    message = _("这一条已经结束。")


class ReasonMissing(InvalidInput):
    """An end without a reason."""

    code = "reason_missing"
    message = _("请写明原因。")


def refresh_publicity(*, institution: Institution, now: dt.datetime, reason: str) -> Institution:
    """Write ``state``, ``is_public`` and ``is_demonstration`` as the rows say; inside the caller's transaction.

    ``reason`` is shown to families if the institution stops being public by this.
    """
    today = local_date(now)
    was_public = institution.is_public
    _set_state(institution, authorised=institution.authorisations.live(today).exists())
    lost, gained = was_public and not institution.is_public, institution.is_public and not was_public
    if lost:
        _end_titles(institution, today=today, now=now)
    institution.is_demonstration = (
        institution.is_public and institution.titles.live(today).filter(kind=Title.Kind.DEMONSTRATION).exists()
    )
    institution.changed_at = now
    institution.save()
    if lost:
        ports.notify_standing_lost(institution_id=institution.pk, from_day=today, reason=reason, now=now)
    if gained:
        ports.notify_offering_changed(institution_id=institution.pk, now=now)
    institution_changed(institution_id=institution.pk, now=now)
    return institution


def _set_state(institution: Institution, *, authorised: bool) -> None:
    is_open = institution.state != Institution.State.ENDED
    institution.is_public = authorised and is_open
    if institution.is_public and institution.state == Institution.State.DRAFT:
        institution.state = Institution.State.ACTIVE
    if not institution.is_public and is_open:
        institution.state = Institution.State.DRAFT
        institution.rectification_from_date = institution.rectification_until_date = None
        institution.rectification_reason = institution.rectification_kind = ""


def lock_institution(institution: Institution) -> Institution:
    """The institution as it now is; nobody else changes it until the transaction ends."""
    return lock_row(institution)


def check_dates(row: Authorisation | Title, *, today: dt.date) -> None:
    """Raise ``InvalidInput`` for a beginning in the future, or an end already past on a row that has not ended."""
    fields = {}
    if row.from_date and row.from_date > today:
        fields["from_date"] = str(_("日期不能晚于今天。"))
    if row.has_run_out(today) and row.ended_date is None:
        fields["until_date"] = str(_("有效期已过。如果已经结束，请不要再登记为有效。"))
    if fields:
        raise InvalidInput(next(iter(fields.values())), fields=fields)


def correct_row(row: Row, *, values: dict[str, Any], now: dt.datetime, actor: AbstractBaseUser | None) -> Row:
    """Change a row and let the institution's standing follow; inside the caller's transaction."""
    institution = _lock(row)
    changes = differences(row, values)
    assign(row, values)
    check_dates(row, today=local_date(now))
    save_checked(row)
    record(instance=row, action="directory.correct", actor=actor, changes=changes)
    refresh_publicity(institution=institution, now=now, reason=str(ENDED_WITH_AUTHORISATION))
    return row


def publish_row(row: Row, *, now: dt.datetime, actor: AbstractBaseUser | None) -> Row:
    """Show a row to the public; raises ``AlreadyEnded``. Inside the caller's transaction."""
    institution = _lock(row)
    if row.ended_date is not None:
        raise AlreadyEnded
    if row.published_at is None:
        row.published_at = now
        row.save(update_fields=["published_at"])
        record(instance=row, action="wagtail.publish", actor=actor)
        refresh_publicity(institution=institution, now=now, reason="")
    return row


def end_row(
    row: Row,
    *,
    ended_date: dt.date,
    reason: str,
    now: dt.datetime,
    actor: AbstractBaseUser | None,
    told: str | Promise = ENDED_WITH_AUTHORISATION,
) -> Row:
    """End a row as of a day between its beginning and today; ``told`` is what families hear if bookings end with it.

    Raises ``AlreadyEnded``, ``ReasonMissing``, ``InvalidInput``.
    """
    institution = _lock(row)
    if row.ended_date is not None:
        raise AlreadyEnded
    if not reason.strip():
        raise ReasonMissing(fields={"reason": str(ReasonMissing.message)})
    if ended_date > local_date(now) or (row.from_date and ended_date < row.from_date):
        words = str(_("结束日期应在通过日期和今天之间。"))
        raise InvalidInput(words, fields={"ended_date": words})
    row.ended_date, row.ended_reason = ended_date, reason.strip()
    row.save(update_fields=["ended_date", "ended_reason"])
    record(instance=row, action="directory.end", actor=actor, reason=reason)
    refresh_publicity(institution=institution, now=now, reason=str(told))
    return row


def _lock(row: Authorisation | Title) -> Institution:
    """The row's institution, locked, and ``row`` itself as it now is."""
    institution = lock_institution(row.institution)
    row.refresh_from_db()
    return institution


def _end_titles(institution: Institution, *, today: dt.date, now: dt.datetime) -> None:
    for title in institution.titles.filter(ended_date__isnull=True):
        title.ended_date = max(today, title.from_date)
        title.ended_reason = str(ENDED_WITH_AUTHORISATION)
        title.save(update_fields=["ended_date", "ended_reason"])
        record(instance=title, action="directory.end", actor=None, reason=title.ended_reason)
