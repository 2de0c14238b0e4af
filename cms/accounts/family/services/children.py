"""Children of a family: entered by a guardian who has just consented, changed and erased by a guardian."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from cms.accounts.family.queries.consents import current_text
from cms.accounts.family.queries.families import child_of
from cms.accounts.family.services.families import as_guardian, lock_child
from cms.accounts.models import Child, Consent, Family, User
from cms.accounts.names import too_long
from cms.core.calendar.times import age_in_months, local_date
from cms.core.errors import InvalidInput, Refused
from cms.core.runtime import personal_data
from cms.core.runtime.kernel_ports import DataHold, PersonalDataScope
from cms.core.text import one_line, plain

MAX_CHILDREN = 8
MAX_NICKNAME = 20
MAX_NOTE = 300
#: Bookings end at the third birthday; an older brother's record is of no use here, a wrong year is likely.
MAX_AGE_MONTHS = 84
BIRTH_DATE_STAYS = _("出生日期现在不能改：下面这些是按原来的出生日期约的，取消后再改，再重新约")
ERASED_NICKNAME = "已删除"
ERASED_BIRTH_DATE = dt.date(1900, 1, 1)


class ConsentRequired(InvalidInput):
    """Without the guardian's yes to the text in force no child is entered."""

    code = "consent_required"
    message = _("请先阅读并同意《儿童个人信息保护规则》")


class ChildInvalid(InvalidInput):
    """A field of the child can't be as it is."""

    message = _("请检查宝宝的资料")


class TooManyChildren(Refused):
    """More children than a family enters."""

    code = "family_full"
    message = _("宝宝的人数已满，如需增加请联系我们")


class StillNeeded(Refused):
    """Something coming needs the record: it is ended first. ``holds`` name what."""

    code = "still_needed"
    message = _("请先取消以后的预约")

    def __init__(self, holds: list[DataHold], *, fields: dict[str, str] | None = None) -> None:
        super().__init__(" ".join(hold.words for hold in holds), fields=fields)
        self.holds = holds


@dataclass(frozen=True, slots=True)
class ChildDetails:
    """What a guardian enters about a child."""

    nickname: str
    birth_date: dt.date
    sex: str = ""
    allergies: str = ""
    care_notes: str = ""


def add_child(*, user: User, details: ChildDetails, consent_version: str, now: dt.datetime) -> Child:
    """Enter a child together with the guardian's consent to the text in force.

    Raises ``ConsentRequired`` for an absent or old version, ``ChildInvalid`` with its fields, ``GuardianOnly``.
    """
    with as_guardian(user=user, now=now) as member:
        text = current_text()
        if consent_version != text.version:
            raise ConsentRequired(fields={"consent_version": str(ConsentRequired.message)})
        _check(details, today=local_date(now))
        if Child.objects.filter(family_id=member.family_id).count() >= MAX_CHILDREN:
            raise TooManyChildren
        child = Child.objects.create(family=member.family, created_at=now, **_columns(details))
        Consent.objects.create(
            family=member.family,
            child=child,
            user=user,
            text=text,
            decision=Consent.Decision.GIVEN,
            decided_at=now,
        )
    return child


def change_child(*, user: User, child: str, details: ChildDetails, now: dt.datetime) -> Child:
    """Correct a child's record. The birth date stays while a coming booking was made by it (``StillNeeded``)."""
    with as_guardian(user=user, now=now):
        _check(details, today=local_date(now))
        row = _lock_child(user, child)
        if details.birth_date != row.birth_date:
            _require_free(_scope(user, row), now=now, fields={"birth_date": str(BIRTH_DATE_STAYS)})
        columns = _columns(details)
        for name, value in columns.items():
            setattr(row, name, value)
        row.save(update_fields=list(columns))
    return row


def find_holds_on_child(*, user: User, child: Child, now: dt.datetime) -> list[DataHold]:
    """What must be ended before the record can go."""
    return personal_data.find_holds(_scope(user, child), now=now)


def erase_child(*, user: User, child: str, withdraw: bool = False, now: dt.datetime) -> None:
    """Delete a child's record, on request or because consent was withdrawn (PIPL 47).

    Past bookings are kept for the institution's accounts: they then point to an emptied record that no family
    holds any more. Raises ``StillNeeded``.
    """
    with as_guardian(user=user, now=now) as member:
        row = _lock_child(user, child)
        scope = _scope(user, row)
        _require_free(scope, now=now)
        if withdraw:
            given = row.consents.filter(decision=Consent.Decision.GIVEN).order_by("-decided_at").first()
            text = given.text if given else current_text()
            Consent.objects.create(
                family=member.family, user=user, text=text, decision=Consent.Decision.WITHDRAWN, decided_at=now
            )
        personal_data.erase_all(scope, now=now)


def erase_children_of(scope: PersonalDataScope, now: dt.datetime) -> None:
    """The accounts' part of an erasure: the records of the children."""
    if scope.family_id is None:
        return
    for row in Child.objects.filter(pk__in=scope.child_ids, family_id=scope.family_id):
        _delete_or_empty(row, now=now)


def _delete_or_empty(row: Child, *, now: dt.datetime) -> None:
    row.accesses.all().delete()
    try:
        with transaction.atomic():
            row.delete()
        return
    except ProtectedError:
        row.refresh_from_db(fields=["public_id"])
    Consent.objects.filter(child=row).update(child=None)
    row.family = Family.objects.create(created_at=now)
    row.nickname = ERASED_NICKNAME
    row.birth_date = ERASED_BIRTH_DATE
    row.sex = row.allergies = row.care_notes = ""
    row.save()


def _lock_child(user: User, public_id: str) -> Child:
    """The user's child, locked; raises ``ChildNotFound`` if another adult erased it meanwhile."""
    found = child_of(user, public_id)
    return lock_child(found.pk, family_id=found.family_id)


def _scope(user: User, child: Child) -> PersonalDataScope:
    return PersonalDataScope(user, child.family_id, (child.pk,))


def _require_free(scope: PersonalDataScope, *, now: dt.datetime, fields: dict[str, str] | None = None) -> None:
    holds = personal_data.find_holds(scope, now=now)
    if holds:
        raise StillNeeded(holds, fields=fields)


def _check(details: ChildDetails, *, today: dt.date) -> None:
    fields: dict[str, str] = {}
    nickname = one_line(details.nickname)
    if not nickname:
        fields["nickname"] = str(_("请填宝宝的小名，例如 豆豆"))
    elif len(nickname) > MAX_NICKNAME:
        fields["nickname"] = too_long(str(_("小名")), most=MAX_NICKNAME, typed=len(nickname))
    if details.birth_date > today:
        fields["birth_date"] = str(_("出生日期在今天以后，请再看一下；还没出生的宝宝，出生后再来登记"))
    elif age_in_months(details.birth_date, today) >= MAX_AGE_MONTHS:
        fields["birth_date"] = str(_("出生日期太早，请再看一下年份"))
    if details.sex not in ("", *Child.Sex.values):
        fields["sex"] = str(_("请选性别，或不选"))
    for name, label in (("allergies", _("过敏")), ("care_notes", _("照护提醒"))):
        typed = len(getattr(details, name))
        if typed > MAX_NOTE:
            fields[name] = too_long(str(label), most=MAX_NOTE, typed=typed)
    if fields:
        raise ChildInvalid(fields=fields)


def _columns(details: ChildDetails) -> dict[str, object]:
    return {
        "nickname": one_line(details.nickname),
        "birth_date": details.birth_date,
        "sex": details.sex,
        "allergies": plain(details.allergies).strip(),
        "care_notes": plain(details.care_notes).strip(),
    }
