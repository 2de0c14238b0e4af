from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from wagtail.models import ModelLogEntry

from cms.core.errors import InvalidInput, Refused
from directory.register.models import Refusal
from directory.register.services import refusals
from tests.factories.directory import AuthorisationFactory, DistrictFactory, InstitutionFactory, RefusalFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)


def refuse(**values: Any) -> Refusal:
    given: dict[str, Any] = {
        "institution_name": "示例托管中心",
        "refused_date": dt.date(2026, 5, 6),
        "office": "区卫健委",
        "reasons": "没有合格的卫生评价报告。",
        "rule": "备案办法第八条",
        "source_title": "公示",
    }
    district = values.pop("district", None) or DistrictFactory()
    return refusals.refuse_institution(district=district, now=NOW, **given | values)


def test_refusal_is_public_with_its_reasons() -> None:
    refusal = refuse()

    assert (refusal.published_at, refusal.reasons) == (NOW, "没有合格的卫生评价报告。")


@pytest.mark.parametrize("reasons", ["", "  \n"])
def test_refusal_without_reasons_is_refused(reasons: str) -> None:
    with pytest.raises(refusals.ReasonsRequired) as caught:
        refuse(reasons=reasons)

    assert list(caught.value.fields) == ["reasons"]


@pytest.mark.parametrize(
    "number",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "１３８００１３８０００",
        "138\u200b00138000",
        "11010519491231002X",
        "110105194912310021",
    ],
)
def test_numbers_of_persons_are_refused(number: str) -> None:
    with pytest.raises(refusals.PersonalDataInReasons):
        refuse(reasons=f"负责人电话 {number}。")


@pytest.mark.parametrize("reasons", ["负责人张小满不符合。", "张 小满没有资格。", "张\u200b小满。"])
def test_name_of_the_head_is_refused(reasons: str) -> None:
    institution = InstitutionFactory(head_name="张小满")

    with pytest.raises(refusals.PersonalDataInReasons):
        refuse(reasons=reasons, district=institution.district, institution=institution)
    with pytest.raises(refusals.PersonalDataInReasons):
        refuse(reasons=reasons, district=institution.district, institution_name=institution.name)


def test_name_of_two_letters_is_refused() -> None:
    institution = InstitutionFactory(head_name="张满")

    with pytest.raises(refusals.PersonalDataInReasons):
        refuse(reasons="负责人张满不符合。", district=institution.district, institution=institution)


@pytest.mark.parametrize("head", ["张大满", "张", ""])
def test_other_names_and_words_may_stand_in_reasons(head: str) -> None:
    institution = InstitutionFactory(head_name=head)

    assert refuse(reasons="张小满一词与负责人无关。", district=institution.district, institution=institution).pk


def test_head_of_a_namesake_in_another_district_is_nobody_meant() -> None:
    institution = InstitutionFactory(head_name="张小满")

    assert refuse(reasons="张小满幼儿读物不合格。", institution_name=institution.name).pk


def test_reasons_with_a_head_are_refused_when_corrected() -> None:
    institution = InstitutionFactory(head_name="张小满")
    refusal = refuse(district=institution.district, institution=institution)

    with pytest.raises(refusals.PersonalDataInReasons):
        refusals.correct_refusal(refusal=refusal, values={"reasons": "张小满没有资格。"}, now=NOW)


def test_credit_code_and_office_phone_may_stand_in_reasons() -> None:
    refusal = refuse(reasons="信用代码 91110000600037341L 与登记不一致，请致电 0379-64000000。")

    assert refusal.pk is not None


def test_refusal_in_the_future_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        refuse(refused_date=dt.date(2026, 11, 27))

    assert list(caught.value.fields) == ["refused_date"]


def test_institution_of_another_district_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        refuse(institution=InstitutionFactory())

    assert list(caught.value.fields) == ["institution"]


def test_draft_is_published_once() -> None:
    refusal = refuse(publish=False)

    refusals.publish_refusal(refusal=refusal, now=NOW)
    published = refusals.publish_refusal(refusal=refusal, now=NOW + dt.timedelta(days=1))

    assert published.published_at == NOW
    assert Refusal.objects.get().published_at == NOW


def test_the_second_correction_keeps_the_first() -> None:
    refusal = RefusalFactory(rule="第八条")
    stale = Refusal.objects.get(pk=refusal.pk)
    refusals.correct_refusal(refusal=refusal, values={"rule": "第九条"}, now=NOW)

    refusals.correct_refusal(refusal=stale, values={"office": "另一部门"}, now=NOW)

    refusal.refresh_from_db()
    assert (refusal.rule, refusal.office) == ("第九条", "另一部门")


@pytest.mark.parametrize(("day", "refused"), [(26, False), (27, True)])
def test_a_refusal_of_today_is_accepted(day: int, refused: bool) -> None:
    given = dt.date(2026, 11, day)
    if refused:
        with pytest.raises(InvalidInput):
            refuse(refused_date=given)
    else:
        assert refuse(refused_date=given).refused_date == given


@pytest.mark.parametrize("field", ["office", "institution_name", "source_title"])
def test_what_is_missing_is_named(field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        refuse(**{field: ""})

    assert list(caught.value.fields) == [field]
    assert Refusal.objects.count() == 0


def test_a_number_in_the_name_is_refused() -> None:
    with pytest.raises(refusals.PersonalDataInReasons) as caught:
        refuse(institution_name="示例托管 13800138000")

    assert list(caught.value.fields) == ["reasons"]
    assert Refusal.objects.count() == 0


@pytest.mark.parametrize("number", ["138001380001", "1380013800", "12800138000", "110105194912310021A", "913800138000"])
def test_numbers_that_are_no_persons_may_stand(number: str) -> None:
    assert refuse(reasons=f"编号 {number}。").pk


def test_correction() -> None:
    refusal = RefusalFactory()

    refusals.correct_refusal(refusal=refusal, values={"rule": "第九条"}, now=NOW)

    refusal.refresh_from_db()
    assert refusal.rule == "第九条"


def correct(refusal: Refusal, **values: Any) -> Refusal:
    return refusals.correct_refusal(refusal=refusal, values=values, now=NOW)


def test_history_says_of_reasons_only_that_they_changed() -> None:
    refusal = RefusalFactory(reasons="张三没有健康证。", rule="第八条")

    correct(refusal, reasons="一名工作人员没有健康证。", rule="第九条")

    assert ModelLogEntry.objects.get().data == {"changes": {"reasons": [], "rule": ["第八条", "第九条"]}}


def test_later_success_is_linked_and_the_refusal_stays() -> None:
    authorisation = AuthorisationFactory()
    refusal = RefusalFactory(district=authorisation.institution.district)

    correct(refusal, later_authorisation=authorisation)

    refusal.refresh_from_db()
    assert (refusal.later_authorisation, refusal.institution) == (authorisation, authorisation.institution)


def test_wrong_link_is_taken_back() -> None:
    authorisation = AuthorisationFactory()
    institution = authorisation.institution
    refusal = RefusalFactory(district=institution.district, institution=institution, later_authorisation=authorisation)

    correct(refusal, later_authorisation=None)

    refusal.refresh_from_db()
    assert (refusal.later_authorisation, refusal.institution) == (None, institution)


@pytest.mark.parametrize("named", [True, False])
def test_success_of_another_district_is_not_linked(named: bool) -> None:
    institution = InstitutionFactory()
    refusal = RefusalFactory(district=institution.district, institution=institution if named else None)

    with pytest.raises(Refused):
        correct(refusal, later_authorisation=AuthorisationFactory())

    refusal.refresh_from_db()
    assert (refusal.later_authorisation, refusal.institution) == (None, institution if named else None)


def test_success_of_another_institution_is_not_linked() -> None:
    institution = InstitutionFactory()
    other = AuthorisationFactory(institution__district=institution.district)
    refusal = RefusalFactory(district=institution.district, institution=institution)

    with pytest.raises(refusals.OtherInstitution) as caught:
        correct(refusal, later_authorisation=other)

    assert list(caught.value.fields) == ["later_authorisation"]


def test_linked_refusal_is_not_given_to_another_institution() -> None:
    authorisation = AuthorisationFactory()
    district = authorisation.institution.district
    refusal = RefusalFactory(
        district=district, institution=authorisation.institution, later_authorisation=authorisation
    )
    other = InstitutionFactory(district=district)

    with pytest.raises(refusals.OtherInstitution):
        correct(refusal, institution=other)
    changed = correct(refusal, institution=other, later_authorisation=None)

    assert (changed.institution, changed.later_authorisation) == (other, None)


def test_name_of_the_institution_is_tidied_when_entered_and_corrected() -> None:
    refusal = refuse(institution_name="示例\u200b　托管 ")
    entered = refusal.institution_name

    refusals.correct_refusal(refusal=refusal, values={"institution_name": " ⻘年\n托管"}, now=NOW)

    refusal.refresh_from_db()
    assert (entered, refusal.institution_name) == ("示例 托管", "青年托管")
