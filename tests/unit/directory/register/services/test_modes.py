"""Offered ⊆ filed ⊆ the district's, for each way in; what stands already stays."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from cms.core.errors import InvalidInput
from directory.districts.models import District
from directory.register.models import CareProduct, Institution, ProductFee
from directory.register.services.bulk import create_offerings
from directory.register.services.institutions import correct_institution, create_institution
from directory.register.services.modes import may_offer
from directory.register.services.offering import save_product
from tests.factories.directory import (
    CareProductFactory,
    DistrictFactory,
    InstitutionFactory,
    ProductFeeFactory,
    RuleFactory,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 26)
HOURLY = {"mode": "hourly", "starts": dt.time(8), "ends": dt.time(18)}
FULL_DAY = {"mode": "full_day", "starts": dt.time(8), "ends": dt.time(18)}
HALF_MONTH = FULL_DAY | {"mode": "half_month"}


@pytest.fixture
def district() -> District:
    """Its rule names hourly care and the half month."""
    district = DistrictFactory(name="鄠邑区")
    RuleFactory(district=district, kind="care_modes", value=["half_month", "hourly"])
    return district


def house(district: District, *filed: str) -> Institution:
    return InstitutionFactory(district=district, filed_modes=list(filed))


def create(district: District, *filed: str) -> Institution:
    values = {"name": "小芽", "address": "珠江路1号", "places": 5, "filed_modes": list(filed)}
    return create_institution(district=district, values=values, now=NOW)


@pytest.mark.parametrize(
    ("filed", "offered"),
    [
        ([], ("hourly", "half_month")),
        (["hourly"], ("hourly",)),
        (["half_month", "hourly"], ("hourly", "half_month")),
        (["full_day", "hourly"], ("hourly",)),
        (["full_day"], ()),
    ],
)
def test_offered_is_what_is_filed_within_the_districts(district: District, filed: list[str], offered: Any) -> None:
    assert may_offer(house(district, *filed), DAY) == offered


def test_district_without_a_rule_has_every_mode_but_the_half_month() -> None:
    assert may_offer(house(DistrictFactory()), DAY) == ("full_day", "half_day", "hourly", "temporary")


def test_filing_within_the_district_is_registered(district: District) -> None:
    assert create(district, "hourly", "half_month").filed_modes == ["hourly", "half_month"]


def test_filing_beyond_the_district_is_refused_with_what_there_is(district: District) -> None:
    with pytest.raises(InvalidInput) as caught:
        create(district, "hourly", "full_day")

    words = "鄠邑区的规定里没有全日托；有：计时托、半月托。规定有变化请先在「规定与指标」里改。"
    assert caught.value.fields == {"filed_modes": words}
    assert not Institution.objects.exists()


def test_half_month_is_filed_only_where_the_district_names_it() -> None:
    with pytest.raises(InvalidInput) as caught:
        create(DistrictFactory(), "half_month")

    assert list(caught.value.fields) == ["filed_modes"]


def test_correction_adds_no_mode_beyond_the_district_and_keeps_what_stood(district: District) -> None:
    institution = house(district, "full_day")
    with pytest.raises(InvalidInput):
        correct_institution(institution=institution, values={"filed_modes": ["full_day", "temporary"]}, now=NOW)

    changed = correct_institution(institution=institution, values={"filed_modes": ["full_day", "hourly"]}, now=NOW)
    renamed = correct_institution(institution=institution, values={"name": "新名"}, now=NOW)

    assert (changed.filed_modes, renamed.name) == (["full_day", "hourly"], "新名")


def test_mode_that_is_offered_is_not_taken_out_of_the_filing() -> None:
    institution = house(DistrictFactory(), "full_day", "hourly")
    CareProductFactory(institution=institution, mode="hourly")
    CareProductFactory(institution=institution, mode="full_day", active=False)
    with pytest.raises(InvalidInput) as caught:
        correct_institution(institution=institution, values={"filed_modes": ["full_day"]}, now=NOW)
    assert caught.value.fields == {"filed_modes": "机构还在提供计时托，请先请机构停用这几项收费。"}

    narrowed = correct_institution(institution=institution, values={"filed_modes": ["hourly"]}, now=NOW)
    emptied = correct_institution(institution=institution, values={"filed_modes": []}, now=NOW)

    assert (narrowed.filed_modes, emptied.filed_modes) == (["hourly"], [])


def test_filed_mode_is_offered(district: District) -> None:
    institution = house(district, "hourly")

    assert save_product(institution=institution, values=HOURLY, now=NOW).mode == "hourly"


@pytest.mark.parametrize(("filed", "values"), [(["hourly"], HALF_MONTH), ([], FULL_DAY), (["full_day"], FULL_DAY)])
def test_mode_beyond_filing_or_district_is_not_offered(district: District, filed: list[str], values: Any) -> None:
    institution = house(district, *filed)

    with pytest.raises(InvalidInput) as caught:
        save_product(institution=institution, values=values, now=NOW)

    assert list(caught.value.fields) == ["mode"]
    assert not CareProduct.objects.exists()


def test_refusal_says_what_is_filed(district: District) -> None:
    for filed, words in ((["hourly"], "计时托"), (["full_day"], "（没有）")):
        with pytest.raises(InvalidInput) as caught:
            save_product(institution=house(district, *filed), values=FULL_DAY, now=NOW)
        assert caught.value.fields["mode"] == f"这家机构的备案里没有全日托，不能提供。备案里有：{words}。"


def test_half_month_is_offered_where_district_and_filing_have_it(district: District) -> None:
    assert save_product(institution=house(district, "half_month"), values=HALF_MONTH, now=NOW).mode == "half_month"


def test_what_is_offered_already_may_change_and_end_but_not_begin_again(district: District) -> None:
    institution = house(district, "hourly")
    product = CareProductFactory(institution=institution, mode="full_day")

    shorter = save_product(institution=institution, product=product, values={"ends": dt.time(17)}, now=NOW)
    ended = save_product(institution=institution, product=product, values={"active": False}, now=NOW)
    corrected = save_product(institution=institution, product=product, values={"ends": dt.time(16)}, now=NOW)
    with pytest.raises(InvalidInput):
        save_product(institution=institution, product=product, values={"active": True}, now=NOW)

    assert (shorter.ends, ended.active, corrected.ends) == (dt.time(17), False, dt.time(16))


def test_offered_mode_does_not_become_one_that_is_not_filed(district: District) -> None:
    institution = house(district, "hourly")
    product = CareProductFactory(institution=institution, mode="hourly")

    with pytest.raises(InvalidInput):
        save_product(institution=institution, product=product, values={"mode": "full_day"}, now=NOW)


def test_filing_is_read_under_its_lock() -> None:
    institution = house(DistrictFactory(), "full_day", "hourly")
    Institution.objects.filter(pk=institution.pk).update(filed_modes=["full_day"])

    with pytest.raises(InvalidInput):
        save_product(institution=institution, values=HOURLY, now=NOW)


def test_unknown_mode_keeps_its_own_words(district: District) -> None:
    with pytest.raises(InvalidInput) as caught:
        save_product(institution=house(district), values=HOURLY | {"mode": "night"}, now=NOW)

    assert "备案" not in caught.value.fields["mode"]


def first_fee(institution: Institution, product: dict[str, Any]) -> ProductFee:
    return ProductFeeFactory.build(product=CareProduct(institution=institution, **product))


def test_many_products_are_written_only_if_all_are_filed(district: District) -> None:
    own, other = house(district, "hourly"), house(DistrictFactory())
    fit = [first_fee(own, HOURLY), first_fee(other, FULL_DAY)]
    with pytest.raises(InvalidInput) as caught:
        create_offerings(fees=[*fit, first_fee(own, FULL_DAY)], now=NOW)
    before = CareProduct.objects.count()

    create_offerings(fees=fit, now=NOW)

    assert caught.value.fields == {"mode": f"{own.name}的备案里没有全日托。"}
    assert (before, CareProduct.objects.count()) == (0, 2)
