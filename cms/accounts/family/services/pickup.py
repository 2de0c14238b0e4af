"""Who else may fetch the children."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from cms.accounts.family.services.families import FamilyFull, as_guardian
from cms.accounts.models import PickupPerson, User
from cms.accounts.names import MAX_NAME, MAX_RELATION, BadName, read_name
from cms.accounts.phone import BadPhone, normalise_phone
from cms.core.errors import InvalidInput, NotFound

MAX_PICKUP_PERSONS = 8


class PickupNotFound(NotFound):
    """No such person in the user's family."""

    message = _("没有找到这个人")


def add_pickup_person(
    *, user: User, name: str, relation: str, phone: str, is_adult: bool, now: dt.datetime
) -> PickupPerson:
    """Allow an adult to fetch the children. Raises ``InvalidInput`` with its fields."""
    columns = _read(name=name, relation=relation, phone=phone, is_adult=is_adult)
    with as_guardian(user=user, now=now) as member:
        if PickupPerson.objects.filter(family_id=member.family_id).count() >= MAX_PICKUP_PERSONS:
            raise FamilyFull
        return PickupPerson.objects.create(family_id=member.family_id, created_at=now, **columns)


def remove_pickup_person(*, user: User, public_id: str, now: dt.datetime) -> None:
    """Take away the right to fetch the children. Raises ``PickupNotFound``."""
    with as_guardian(user=user, now=now) as member:
        removed, _by_model = PickupPerson.objects.filter(family=member.family, public_id=public_id).delete()
        if not removed:
            raise PickupNotFound


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
