"""Who else may fetch the children."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.accounts.family.services.families import FamilyFull, as_guardian
from cms.accounts.models import FamilyMember, PickupPerson, User
from cms.accounts.names import MAX_NAME, MAX_RELATION, BadName, read_name
from cms.accounts.phone import BadPhone, normalise_phone
from cms.accounts.ports import count_coming_bookings
from cms.core.errors import InvalidInput, NotFound, Refused

MAX_PICKUP_PERSONS = 8


class PickupNotFound(NotFound):
    """No such person in the user's family."""

    message = gettext_lazy("没有找到这个人")


class LastPickupPerson(Refused):
    """Nobody would be left who may fetch the children from stays that are booked."""

    code = "last_pickup"
    message = gettext_lazy("这是最后一位可接走的人，后面还有预约，请再确认一次")


def add_pickup_person(
    *, user: User, name: str, relation: str, phone: str, is_adult: bool, now: dt.datetime
) -> PickupPerson:
    """Allow an adult to fetch the children. Raises ``InvalidInput`` with its fields."""
    columns = _read(name=name, relation=relation, phone=phone, is_adult=is_adult)
    with as_guardian(user=user, now=now) as member:
        if PickupPerson.objects.filter(family_id=member.family_id).count() >= MAX_PICKUP_PERSONS:
            raise FamilyFull
        return PickupPerson.objects.create(family_id=member.family_id, created_at=now, **columns)


def register_member(member: FamilyMember, *, name: str, now: dt.datetime) -> str:
    """Allow an adult who has just joined to fetch the children, as the invite said; inside the caller's transaction.

    Gives a sentence where that can't be, for it is nothing that the one who joins can mend: no number, or a full list.
    Does nothing for somebody who is registered already. Raises ``InvalidInput`` for the name.
    """
    if not member.user.phone:
        return _("账号没有手机号，没能登记成可接走的人")
    relation = member.relation or str(_("家人"))
    columns = _read(name=name, relation=relation, phone=member.user.phone, is_adult=True)
    persons = list(PickupPerson.objects.filter(family_id=member.family_id))
    if any(person.phone == columns["phone"] for person in persons):
        return ""
    if len(persons) >= MAX_PICKUP_PERSONS:
        return _("可接走的人已满 %s 位，没能登记") % MAX_PICKUP_PERSONS
    PickupPerson.objects.create(family_id=member.family_id, created_at=now, **columns)
    return ""


def remove_pickup_person(*, user: User, public_id: str, last_ok: bool = False, now: dt.datetime) -> None:
    """Take away the right to fetch the children.

    Raises ``PickupNotFound``, and ``LastPickupPerson`` where stays are still to come and nobody else may fetch, unless
    ``last_ok`` says that the guardian knows.
    """
    with as_guardian(user=user, now=now) as member:
        person = PickupPerson.objects.filter(family=member.family, public_id=public_id).first()
        if person is None:
            raise PickupNotFound
        others = PickupPerson.objects.filter(family=member.family).exclude(pk=person.pk)
        if not last_ok and not others.exists() and count_coming_bookings(user, now=now):
            raise LastPickupPerson
        person.delete()


def _read(*, name: str, relation: str, phone: str, is_adult: bool) -> dict[str, str]:
    """The columns of a person who may fetch. Raises ``InvalidInput`` with a sentence for each fault."""
    fields: dict[str, str] = {}
    columns: dict[str, str] = {}
    for field, text, label, most in (
        ("name", name, _("姓名"), MAX_NAME),
        ("relation", relation, _("和宝宝的关系"), MAX_RELATION),
    ):
        try:
            columns[field] = read_name(text, label=str(label), most=most)
        except BadName as wrong:
            fields[field] = str(wrong)
    try:
        columns["phone"] = normalise_phone(phone)
    except BadPhone:
        fields["phone"] = str(_("请填 11 位手机号，例如 138 0013 8000"))
    if not is_adult:
        fields["is_adult"] = str(_("只有成年人可以接走宝宝"))
    if fields:
        raise InvalidInput(_("请检查填写的内容"), fields=fields)
    return columns
