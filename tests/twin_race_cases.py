"""Equal calls at once: one is done, the other is refused in words; for tests/integration and tests/services.

What runs under an institution's lock anyway (authorisations, titles, use of a link) has its cases elsewhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from cms.core.calendar.services import save_day
from cms.core.errors import InvalidInput
from directory.districts.services.rules import save_rule
from directory.districts.services.staff import appoint_staff
from directory.register.models import Institution
from directory.register.services import invites, offering
from directory.register.services.fees import save_fee
from directory.register.services.institutions import create_institution
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import (
    CareProductFactory,
    ClassGroupFactory,
    InstitutionFactory,
    PolicyDocumentFactory,
)
from tests.races import InFlight

NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)
HOURS = {0: offering.Hours(dt.time(8), dt.time(18))}
GROUP = {"kind": "toddler", "name": "小一班", "places": 5, "caregivers": 1}
PRODUCT = {"mode": "full_day", "starts": dt.time(8), "ends": dt.time(18)}
FEE = {"from_date": dt.date(2026, 12, 1), "fee": 5400}
RULE = {"kind": "places_per_thousand", "value": 4.5, "text": "x"}
DAY = {"date": dt.date(2026, 10, 1), "kind": "holiday", "name": "国庆节", "source": "x"}
Act = Callable[[], Any]


def appoint(institution: Institution, name: str) -> Any:
    return appoint_staff(district=institution.district, department="health_commission", username=name, now=NOW)


def appointing_a_known_user(institution: Institution) -> tuple[Act, str]:
    StaffUserFactory(username="li")
    return lambda: appoint(institution, "li"), "这位工作人员已在该部门。"


def making_accounts_of_one_name(institution: Institution) -> tuple[Act, str]:
    links = [
        invites.invite_manager(institution=each, actor=StaffUserFactory(), now=NOW)[1]
        for each in (institution, InstitutionFactory())
    ]

    def make() -> Any:
        return invites.create_manager(token=links.pop(), username="wang", password="quiet-garden-7", now=NOW)

    return make, "这个用户名已有人用，请换一个。"


def entering_a_rule(institution: Institution) -> tuple[Act, str]:
    values = RULE | {"district": institution.district, "document": PolicyDocumentFactory(district=institution.district)}
    return lambda: save_rule(now=NOW, values=values), "这段时间已有一条施行的同类规定，请先给那一条写上「有效期至」。"


def saving_a_fee(institution: Institution) -> tuple[Act, str]:
    product = CareProductFactory(institution=institution)
    words = "这一天起的收费已经有了，请改那一条，或换一天。"
    return lambda: save_fee(product=product, values=FEE, now=NOW), words


#: name → what prepares two equal calls; returns the call, and the words of the second.
TWINS: dict[str, Callable[[Institution], tuple[Act, str]]] = {
    "appoint a known user": appointing_a_known_user,
    "appoint a new user": lambda institution: (
        lambda: appoint(institution, "li"),
        "这位工作人员已在该部门。",
    ),
    "class": lambda institution: (
        lambda: offering.save_class_group(institution=institution, values=GROUP, now=NOW),
        "已有同名的班，请换一个班名。",
    ),
    "product": lambda institution: (
        lambda: offering.save_product(institution=institution, values=PRODUCT, now=NOW),
        "同样方式、时间和普惠类别的收费已经有了，请修改原来的那一条。",
    ),
    "fee": saving_a_fee,
    "rule": entering_a_rule,
    "institution": lambda institution: (
        lambda: create_institution(
            district=institution.district, values={"name": "小芽", "address": "珠江路1号", "places": 5}, now=NOW
        ),
        "同一地址已有同名机构。",
    ),
    "holiday": lambda institution: (
        lambda: save_day(values=DAY),
        "这一天已经登记过，请修改原来的那一条。",
    ),
    "manager's account": making_accounts_of_one_name,
}


class TwinRaceCases:
    """Every case runs on both databases."""

    @pytest.mark.parametrize("name", list(TWINS))
    def test_second_of_two_equal_calls_is_refused_in_words(self, name):
        act, words = TWINS[name](InstitutionFactory(public=True))

        with InFlight(act), pytest.raises(InvalidInput) as refused:
            act()

        assert list(refused.value.fields.values()) == [words]

    def test_equal_hours_saved_at_once_are_there_once(self):
        group = ClassGroupFactory(institution=InstitutionFactory(public=True))

        def save() -> Any:
            return offering.save_opening_rules(class_group=group, hours=HOURS, now=NOW)

        with InFlight(save):
            rules = save()

        assert list(group.opening_rules.all()) == rules
