"""Refusals: published with their reasons, linked to a later success, never erased."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.core.calendar.times import local_date
from cms.core.errors import InvalidInput, Refused
from cms.core.runtime import versions
from cms.core.text import matching_key, one_line
from cms.core.web.page_cache import PUBLIC_PAGES
from directory.districts.models import District
from directory.districts.services.checking import assign, lock_row, save_checked
from directory.districts.services.history import differences, entered, record
from directory.districts.telephones import has_personal_number
from directory.register.models import Institution, Refusal
from directory.register.services.standing import ReasonMissing

#: A shorter name is part of too many words.
SHORTEST_NAME = 2


class ReasonsRequired(InvalidInput):
    """No refusal without public reasons."""

    code = "reasons_required"
    message = _("请写明理由：哪一项不符合，依据哪一条。没有理由不能登记。")


class PersonalDataInReasons(InvalidInput):
    """The reasons carry the name or a number of a natural person."""

    code = "personal_data"
    message = _("理由会向社会公开，请去掉个人姓名、手机号和身份证号。")


class NotPublished(Refused):
    """The public does not see it."""

    code = "not_published"
    message = _("这一条没有公开，不用撤下。")


class OtherInstitution(Refused):
    """The later success belongs to another institution."""

    code = "other_institution"
    message = _("后来通过的备案属于另一家机构。")


@transaction.atomic
def refuse_institution(
    *,
    district: District,
    institution_name: str,
    refused_date: dt.date,
    office: str,
    reasons: str,
    rule: str,
    source_title: str,
    now: dt.datetime,
    institution: Institution | None = None,
    source_url: str = "",
    publish: bool = True,
    actor: AbstractBaseUser | None = None,
) -> Refusal:
    """Record that an institution was not accepted; publishing is part of refusing unless ``publish`` is False.

    Raises ``ReasonsRequired``, ``PersonalDataInReasons``, ``InvalidInput``.
    """
    values = {
        "institution_name": one_line(institution_name),
        "refused_date": refused_date,
        "office": office,
        "reasons": reasons.strip(),
        "rule": rule,
        "source_title": source_title,
        "source_url": source_url,
    }
    refusal = Refusal(district=district, institution=institution, published_at=now if publish else None, **values)
    _check(refusal, today=local_date(now))
    save_checked(refusal)
    changes = entered(values)
    record(instance=refusal, action="directory.refuse", actor=actor, institution=institution_name, changes=changes)
    versions.bump(PUBLIC_PAGES)
    return refusal


@transaction.atomic
def correct_refusal(
    *, refusal: Refusal, values: dict[str, Any], now: dt.datetime, actor: AbstractBaseUser | None = None
) -> Refusal:
    """Put right what was entered wrongly; the history shows the earlier value.

    ``later_authorisation`` notes under the refusal that the institution was accepted later; None takes that back.
    Raises as ``refuse_institution``, and ``OtherInstitution`` if it isn't the one that the refusal names.
    """
    refusal = lock_row(refusal)
    values = _with_institution(refusal, values)
    if "institution_name" in values:
        values = values | {"institution_name": one_line(values["institution_name"])}
    changes = differences(refusal, values)
    assign(refusal, values)
    refusal.reasons = refusal.reasons.strip()
    _check(refusal, today=local_date(now))
    save_checked(refusal)
    record(instance=refusal, action="directory.correct", actor=actor, changes=changes)
    versions.bump(PUBLIC_PAGES)
    return refusal


@transaction.atomic
def publish_refusal(*, refusal: Refusal, now: dt.datetime, actor: AbstractBaseUser | None = None) -> Refusal:
    """Show it to the public. Publishing twice changes nothing."""
    refusal = lock_row(refusal)
    if refusal.published_at is None:
        refusal.published_at = now
        refusal.save(update_fields=["published_at"])
        record(instance=refusal, action="wagtail.publish", actor=actor)
        versions.bump(PUBLIC_PAGES)
    return refusal


@transaction.atomic
def withdraw_refusal(
    *, refusal: Refusal, reason: str, now: dt.datetime, actor: AbstractBaseUser | None = None
) -> Refusal:
    """Take what was published by mistake out of the public's sight; the row stays, and the history says why.

    Raises ``NotPublished``, ``ReasonMissing``.
    """
    refusal = lock_row(refusal)
    if refusal.published_at is None:
        raise NotPublished
    if not reason.strip():
        raise ReasonMissing(fields={"reason": str(ReasonMissing.message)})
    refusal.published_at = None
    refusal.save(update_fields=["published_at"])
    record(instance=refusal, action="directory.take_down", actor=actor, reason=reason.strip())
    versions.bump(PUBLIC_PAGES)
    return refusal


def _with_institution(refusal: Refusal, values: dict[str, Any]) -> dict[str, Any]:
    """A later success says which institution it was, where nobody else does."""
    institution = values.get("institution", refusal.institution)
    later = values.get("later_authorisation", refusal.later_authorisation)
    return values if institution is not None or later is None else values | {"institution": later.institution}


def _names_a_head(refusal: Refusal) -> bool:
    """Whether the reasons name the head of the institution, as far as the register knows who that is."""
    meant = Q(pk=refusal.institution_id) | Q(district=refusal.district, name=refusal.institution_name)
    heads = {matching_key(name) for name in Institution.objects.filter(meant).values_list("head_name", flat=True)}
    reasons = matching_key(refusal.reasons)
    return any(len(head) >= SHORTEST_NAME and head in reasons for head in heads)


def _check(refusal: Refusal, *, today: dt.date) -> None:
    if not refusal.reasons:
        raise ReasonsRequired(fields={"reasons": str(ReasonsRequired.message)})
    if has_personal_number(f"{refusal.reasons}\n{refusal.institution_name}") or _names_a_head(refusal):
        raise PersonalDataInReasons(fields={"reasons": str(PersonalDataInReasons.message)})
    if refusal.refused_date > today:
        words = str(_("日期不能晚于今天。"))
        raise InvalidInput(words, fields={"refused_date": words})
    if refusal.institution is not None and refusal.institution.district_id != refusal.district_id:
        words = str(_("这家机构不在所选的区。"))
        raise InvalidInput(words, fields={"institution": words})
    later = refusal.later_authorisation
    if later is not None and later.institution_id != refusal.institution_id:
        raise OtherInstitution(fields={"later_authorisation": str(OtherInstitution.message)})
