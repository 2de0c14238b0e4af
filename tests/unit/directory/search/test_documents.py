"""What the index knows of one institution."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from directory.register import ports
from directory.register.models import Institution
from directory.register.services.institutions import correct_institution
from directory.search.documents import IndexedInstitution, build_documents
from directory.search.pinyin import sort_key
from tests.factories.directory import (
    AuthorisationFactory,
    CareProductFactory,
    ClassGroupFactory,
    DistrictFactory,
    InstitutionFactory,
    ProductFeeFactory,
    TownshipFactory,
)

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)


def house(**values: Any) -> Institution:
    district = DistrictFactory(slug="jianxi", name="涧西区")
    township = TownshipFactory(district=district, code="410305001", name="珠江路街道")
    return InstitutionFactory(
        **{
            "district": district,
            "township": township,
            "filed_modes": [],
            "inclusive_places": 0,
            "public": True,
            **values,
        }
    )


def record_of(institution: Institution) -> IndexedInstitution:
    return build_documents([institution.pk], today=TODAY)[institution.pk]


def test_document_in_full() -> None:
    made = house(name="小满园", address="路1号", places=30, filed_modes=["hourly", "full_day", "unknown"])
    CareProductFactory(institution=made, half_day=True)
    for kind in ("senior_toddler", "infant"):
        ClassGroupFactory(institution=made, kind=kind)

    record = record_of(made)

    assert record.document == {
        "id": made.public_id,
        "name": "小满园",
        "district": "jianxi",
        "district_name": "涧西区",
        "street": "410305001",
        "street_name": "珠江路街道",
        "address": "路1号",
        "phone": made.phone,
        "latitude": 34.66,
        "longitude": 112.40,
        "modes": ["full_day", "half_day", "hourly"],
        "class_kinds": ["infant", "senior_toddler"],
        "inclusive": False,
        "demonstration": False,
        "basis": "filing",
        "places": 30,
        "prices": {"half_day": 4500},
        "month_price": None,
        "sounds": ["xiao", "man", "yuan"],
        "former": [],
    }
    assert (record.pk, record.latitude, record.longitude, record.price_from) == (made.pk, 34.66, 112.40, 4500)
    assert record.name_key == sort_key("小满园")


def numbers_of(record: IndexedInstitution) -> set[str]:
    return {term for term in record.terms if term.startswith("d:")}


def test_numbers_of_a_record_are_found_as_a_whole() -> None:
    made = house(phone="0379-6460 0000", credit_code="91410305MARP00171K")

    assert numbers_of(record_of(made)) == {"d:037964600000", "d:37964600000", "d:64600000", "d:91410305marp00171k"}
    assert numbers_of(record_of(house(phone="", credit_code=None))) == set()


def test_former_names_of_a_record() -> None:
    made = house(name="小满园")
    for name in ("新月园", "小满园"):
        correct_institution(institution=made, values={"name": name}, now=timezone.now())

    record = record_of(Institution.objects.get(pk=made.pk))

    assert record.document["former"] == ["新月园"]
    assert {"t:新月", "p:^xin", "i:xyy"} <= record.terms
    assert "n:新月" not in record.terms
    assert "sounds" in record.document


def test_every_usual_reading_is_a_term() -> None:
    record = record_of(house(name="朝阳园"))

    assert {"p:^cha", "p:oya", "p:^zha", "i:cyy", "i:zyy"} <= record.terms
    assert record.document["sounds"] == ["chao zhao", "yang", "yuan"]
    assert record.name_key == "chao yang yuan\t朝阳园"


def test_facets_of_a_record() -> None:
    made = house(inclusive_places=1, filed_modes=["hourly"])
    Institution.objects.filter(pk=made.pk).update(is_demonstration=True)
    ClassGroupFactory(institution=made)

    assert {term for term in record_of(made).terms if term.startswith("=")} == {
        "=all:", "=located:", "=district:jianxi", "=street:410305001", "=mode:hourly", "=class_kind:toddler",
        "=inclusive:true", "=demonstration:true",
    }  # fmt: skip


def test_facets_of_a_record_without_anything() -> None:
    made = house(township=None, latitude=None, longitude=None)

    record = record_of(made)
    assert {term for term in record.terms if term.startswith("=")} == {"=all:", "=district:jianxi"}
    assert (record.document["street"], record.document["street_name"], record.price_from) == ("", "", None)


@pytest.mark.parametrize(("places", "product", "inclusive"), [(0, False, False), (1, False, True), (0, True, True)])
def test_inclusive_by_its_places_or_a_product(places: int, product: bool, inclusive: bool) -> None:
    made = house(inclusive_places=places)
    CareProductFactory(institution=made, inclusive=False)
    CareProductFactory(institution=made, inclusive=product, half_day=True)

    assert record_of(made).document["inclusive"] is inclusive


@pytest.mark.parametrize(
    ("fees", "step", "price"),
    [([900], 30, 1800), ([900], 60, 900), ([901], 15, 3604), ([900, 800], 30, 1600), ([800, 900], 30, 1600)],
)
def test_price_of_an_hour_by_the_step(fees: list[int], step: int, price: int) -> None:
    made = house()
    for number, fee in enumerate(fees):
        CareProductFactory(institution=made, hourly=True, fee=fee, inclusive=bool(number))

    with ports.step_minutes.replaced_by(lambda pks: dict.fromkeys(pks, step)):
        assert record_of(made).document["prices"] == {"hourly": price}


def test_step_of_a_house_that_said_none_is_the_default() -> None:
    made = house()
    CareProductFactory(institution=made, hourly=True, fee=900)

    with ports.step_minutes.replaced_by(lambda pks: {}):
        assert record_of(made).document["prices"] == {"hourly": 1800}
    with ports.step_minutes.replaced_by(None):
        assert record_of(made).document["prices"] == {"hourly": 1800}


def test_prices_are_those_of_the_day() -> None:
    made = house()
    product = CareProductFactory(institution=made, fee=5400)
    ProductFeeFactory(product=product, fee=6000, from_date=TODAY)
    ProductFeeFactory(product=product, fee=9000, from_date=TODAY + dt.timedelta(days=1))
    to_come = CareProductFactory(institution=made, hourly=True, fee=False, inclusive=True)
    ProductFeeFactory(product=to_come, from_date=TODAY + dt.timedelta(days=1))

    document = record_of(made).document

    assert document["prices"] == {"full_day": 6000}
    assert (document["inclusive"], "hourly" in document["modes"]) == (False, False)


def test_price_is_the_lowest_of_all_classes() -> None:
    made = house()
    product = CareProductFactory(institution=made, fee=5400)
    ProductFeeFactory(product=product, fee=5000, class_kind="senior_toddler")
    ProductFeeFactory(product=product, fee=9000, class_kind="infant")
    for kind in ("infant", "senior_toddler", "toddler"):
        ClassGroupFactory(institution=made, kind=kind)

    assert record_of(made).document["prices"] == {"full_day": 5000}


def test_price_that_nobody_can_get_is_not_shown() -> None:
    made = house()
    product = CareProductFactory(institution=made, fee=5400, fee__monthly_fee=100000)
    ProductFeeFactory(product=product, fee=5000, class_kind="senior_toddler", monthly_fee=90000)
    ProductFeeFactory(product=product, fee=9000, class_kind="infant", monthly_fee=150000)
    ClassGroupFactory(institution=made, kind="infant")
    ClassGroupFactory(institution=made, kind="senior_toddler", active=False)
    other = house()
    ClassGroupFactory(institution=other, kind="senior_toddler")

    found = record_of(made)

    assert (found.document["prices"], found.price_from, found.document["month_price"]) == (
        {"full_day": 9000}, 9000, 150000,
    )  # fmt: skip


def test_month_is_the_lowest_that_is_asked_today() -> None:
    made = house()
    CareProductFactory(institution=made, fee__monthly_fee=150000)
    CareProductFactory(institution=made, ends=dt.time(17), fee__monthly_fee=140000)
    CareProductFactory(institution=made, ends=dt.time(16))
    CareProductFactory(institution=made, ends=dt.time(15), fee__monthly_fee=1, fee__from_date=dt.date(2027, 1, 1))
    CareProductFactory(institution=made, ends=dt.time(14), fee__monthly_fee=1, active=False)

    assert record_of(made).document["month_price"] == 140000


def test_price_that_stands_for_a_house_is_that_of_a_few_hours() -> None:
    made = house()
    CareProductFactory(institution=made, half_day=True, fee=100)
    CareProductFactory(institution=made, hourly=True, fee=900)

    assert record_of(made).price_from == 1800


def test_a_name_that_grows_when_folded_has_no_sounds() -> None:
    assert record_of(house(name="㍿园")).document["sounds"] == []


def test_words_of_places_modes_and_kinds_are_found() -> None:
    made = house(name="甲园", address="乙路", filed_modes=["temporary"])
    ClassGroupFactory(institution=made, kind="mixed")

    terms = record_of(made).terms

    assert {
        "n:甲",
        "t:甲",
        "p:^ji",
        "i:jy",
        "t:乙路",
        "t:珠江",
        "p:zhu",
        "t:涧西",
        "i:jxq",
        "t:临时",
        "t:混合",
    } <= terms
    assert not {"n:乙", "n:珠"} & terms


def test_only_public_ones_have_a_record_in_order_of_their_keys() -> None:
    first, second = house(), house(name="乙")
    draft = InstitutionFactory(district=first.district)
    AuthorisationFactory(institution=second, ended_date="2026-01-01", ended_reason="换发", basis="permit")

    found = build_documents([draft.pk, second.pk, first.pk], today=TODAY)

    assert list(found) == [first.pk, second.pk]
    assert found[second.pk].document["basis"] == "filing"
    assert build_documents([], today=TODAY) == {}


@pytest.mark.parametrize("changed", [{"name": "乙园"}, {"address": "别处"}, {"places": 7}, {"latitude": 34.67}])
def test_digest_tells_records_apart(changed: dict[str, Any]) -> None:
    made = house(name="甲园")
    before = record_of(made).digest
    assert record_of(made).digest == before

    Institution.objects.filter(pk=made.pk).update(**changed)

    assert record_of(made).digest != before
