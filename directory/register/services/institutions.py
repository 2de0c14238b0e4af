"""Institutions themselves: entered, corrected, put under rectification, ended."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cms.core.calendar.times import local_date
from cms.core.errors import InvalidInput, Refused
from cms.core.text import compact, one_line
from directory.districts.models import District
from directory.districts.services.checking import assign, save_checked
from directory.districts.services.history import differences, entered, record
from directory.register import credit_code, ports
from directory.register.models import Institution, InstitutionProfile
from directory.register.services.changes import institution_changed, reopen_booking
from directory.register.services.members import end_memberships
from directory.register.services.modes import refuse_filed, refuse_narrower
from directory.register.services.standing import (
    AlreadyEnded,
    InstitutionEnded,
    ReasonMissing,
    end_row,
    lock_institution,
)
from directory.register.services.townships import recompute_centre

#: What staff may enter; state and publicity follow from services.
FIELDS = frozenset(
    {
        "name",
        "address",
        "township",
        "phone",
        "head_name",
        "credit_code",
        "nature",
        "latitude",
        "longitude",
        "places",
        "inclusive_places",
        "filed_modes",
    }
)

#: What families are told of bookings that end with the institution.
TOLD_ENDED = _("机构已终止")

_TEXTS = frozenset({"name", "address", "phone", "head_name"})


class NotUnderRectification(Refused):
    """There is no rectification to end."""

    code = "not_under_rectification"
    message = _("这家机构不在限期整改中。")


class NotPublic(Refused):
    """Only an institution that parents see can be put under rectification."""

    code = "not_public"
    message = _("这家机构没有公开，不用登记整改。")


class UnderRectification(Refused):
    """There is a rectification already: it is changed or ended, not entered twice."""

    code = "under_rectification"
    message = _("这家机构已经在限期整改中，这次没有再登记。要改整改期间的做法，或整改已完成，请回机构页办理。")


@transaction.atomic
def create_institution(
    *, district: District, values: dict[str, Any], now: dt.datetime, actor: AbstractBaseUser | None = None
) -> Institution:
    """Enter an institution as a draft with an empty profile. Raises ``InvalidInput`` with a message per field."""
    institution = Institution(district=district, created_at=now, changed_at=now)
    values = _tidied(values)
    _assign(institution, values)
    refuse_filed(district, institution.filed_modes, local_date(now))
    save_checked(institution)
    InstitutionProfile.objects.create(institution=institution)
    record(instance=institution, action="wagtail.create", actor=actor, changes=entered(values))
    _after(institution, now=now)
    return institution


@transaction.atomic
def correct_institution(
    *,
    institution: Institution,
    values: dict[str, Any],
    now: dt.datetime,
    actor: AbstractBaseUser | None = None,
) -> Institution:
    """Put right what was entered wrongly; the history shows the earlier value, unless it is personal.

    Raises ``InstitutionEnded``, ``InvalidInput``.
    """
    institution = lock_institution(institution)
    if institution.state == Institution.State.ENDED:
        raise InstitutionEnded(str(_("这家机构已终止，资料不能再改。")))
    earlier_township = institution.township
    values = _tidied(values)
    changes = differences(institution, values)
    filed_before = set(institution.filed_modes)
    _assign(institution, values)
    if set(institution.filed_modes) != filed_before:
        refuse_filed(institution.district, set(institution.filed_modes) - filed_before, local_date(now))
        refuse_narrower(institution, institution.filed_modes)
    institution.changed_at = now
    save_checked(institution)
    record(instance=institution, action="wagtail.edit", actor=actor, changes=changes)
    if earlier_township is not None and earlier_township != institution.township:
        recompute_centre(township=earlier_township)
    if "places" in changes:
        reopen_booking([institution], now=now)
    _after(institution, now=now)
    return institution


@transaction.atomic
def end_institution(
    *,
    institution: Institution,
    ended_date: dt.date,
    reason: str,
    now: dt.datetime,
    actor: AbstractBaseUser | None = None,
) -> Institution:
    """The institution gives up: authorisation, titles, bookings and memberships end in this transaction.

    Raises ``AlreadyEnded``, ``ReasonMissing``, ``InvalidInput`` (a day in the future).
    """
    institution = lock_institution(institution)
    if institution.state == Institution.State.ENDED:
        raise AlreadyEnded
    if not reason.strip():
        raise ReasonMissing(fields={"reason": str(ReasonMissing.message)})
    if ended_date > local_date(now):
        words = str(_("日期不能晚于今天。"))
        raise InvalidInput(words, fields={"ended_date": words})
    for authorisation in institution.authorisations.filter(ended_date__isnull=True):
        end_row(authorisation, ended_date=ended_date, reason=reason, now=now, actor=actor, told=TOLD_ENDED)
    institution.refresh_from_db()
    institution.state = Institution.State.ENDED
    institution.changed_at = now
    institution.save(update_fields=["state", "changed_at"])
    record(
        instance=institution,
        action="directory.end",
        actor=actor,
        reason=reason,
        ended_date=ended_date.isoformat(),
    )
    end_memberships(institution=institution, actor=actor, now=now)
    _after(institution, now=now)
    return institution


@transaction.atomic
def start_rectification(
    *,
    institution: Institution,
    kind: str,
    reason: str,
    until_date: dt.date | None,
    now: dt.datetime,
    actor: AbstractBaseUser | None = None,
) -> Institution:
    """No new bookings until the defect is mended. ``kind`` (``RectificationKind``) says whether those there are stay;
    if not they are cancelled, and their families are notified.

    Raises ``UnderRectification``, ``NotPublic``, ``ReasonMissing``, ``InvalidInput`` (a deadline in the past).
    """
    institution = lock_institution(institution)
    today = local_date(now)
    if institution.state == Institution.State.RECTIFICATION:
        raise UnderRectification
    if institution.state != Institution.State.ACTIVE or not institution.is_public:
        raise NotPublic
    if not reason.strip():
        raise ReasonMissing(fields={"reason": str(ReasonMissing.message)})
    if until_date is not None and until_date < today:
        words = str(_("整改期限不能早于今天。"))
        raise InvalidInput(words, fields={"until_date": words})
    institution.state = Institution.State.RECTIFICATION
    institution.rectification_kind = kind
    institution.rectification_from_date = today
    institution.rectification_until_date = until_date
    institution.rectification_reason = reason.strip()
    institution.changed_at = now
    institution.save()
    changes = entered({"rectification_until_date": until_date})
    record(instance=institution, action="directory.rectify", actor=actor, reason=reason, kind=kind, changes=changes)
    stop_bookings(institution, now=now)
    institution_changed(institution_id=institution.pk, now=now)
    return institution


@transaction.atomic
def end_rectification(
    *, institution: Institution, note: str, now: dt.datetime, actor: AbstractBaseUser | None = None
) -> Institution:
    """The check found the defect mended: bookings open again. ``note`` says who checked and what was found.

    Raises ``NotUnderRectification``, ``ReasonMissing``.
    """
    institution = lock_institution(institution)
    if institution.state != Institution.State.RECTIFICATION:
        raise NotUnderRectification
    if not note.strip():
        raise ReasonMissing(str(_("请写明谁复查、结果如何。")), fields={"note": str(_("请写明谁复查、结果如何。"))})
    institution.state = Institution.State.ACTIVE
    institution.rectification_from_date = None
    institution.rectification_until_date = None
    institution.rectification_reason = institution.rectification_kind = ""
    institution.changed_at = now
    institution.save()
    record(instance=institution, action="directory.rectified", actor=actor, note=note)
    ports.notify_offering_changed(institution_id=institution.pk, now=now)
    institution_changed(institution_id=institution.pk, now=now)
    return institution


def _tidied(values: dict[str, Any]) -> dict[str, Any]:
    """Texts as the importer registers them, so that what is typed and what is listed is one institution."""
    texts: dict[str, str | None] = {name: one_line(values[name]) for name in _TEXTS & values.keys()}
    if "credit_code" in values:
        texts["credit_code"] = compact(values["credit_code"] or "").replace("-", "").upper() or None
    return values | texts


def stop_bookings(institution: Institution, *, now: dt.datetime) -> None:
    """End what the kind of rectification does not keep, from today on; inside the caller's transaction."""
    keeps = institution.rectification_kind == Institution.Rectification.STOPS_NEW
    reason = _("机构限期整改，暂不接受新预约") if keeps else _("机构限期整改")
    ports.notify_standing_lost(
        institution_id=institution.pk, from_day=local_date(now), reason=str(reason), now=now, keeps_bookings=keeps
    )


def _assign(institution: Institution, values: dict[str, Any]) -> None:
    unknown = values.keys() - FIELDS
    if unknown:
        raise TypeError(f"not entered by staff: {sorted(unknown)}")
    assign(institution, values)
    _check_credit_code(institution)
    township = institution.township
    if township is not None and township.district_id != institution.district_id:
        words = str(_("这个街道或镇不在本区。"))
        raise InvalidInput(words, fields={"township": words})


def _check_credit_code(institution: Institution) -> None:
    code = institution.credit_code
    if code is None:
        return
    if not credit_code.is_valid(code):
        words = str(_("统一社会信用代码不对：应为 18 位，最后一位是校验码。请对照证照再填一次。"))
        raise InvalidInput(words, fields={"credit_code": words})
    if not credit_code.agrees_with_nature(code, institution.nature):
        words = str(_("机构性质和信用代码不一致：91、92 开头是营利性，12、51、52、53 开头不是。"))
        raise InvalidInput(words, fields={"nature": words})


def _after(institution: Institution, *, now: dt.datetime) -> None:
    if institution.township is not None:
        recompute_centre(township=institution.township)
    institution_changed(institution_id=institution.pk, now=now)
