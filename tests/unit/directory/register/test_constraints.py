"""Every named constraint of the directory refuses what it names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from directory.districts.services.checking import WORDS
from directory.register.models import ProductFee, StaffInvite
from directory.search.models import SearchPosting
from tests.constraints import own_constraints, refuses
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import (
    MADE_AT,
    AuthorisationFactory,
    CareProductFactory,
    ClassGroupFactory,
    ClosingDayFactory,
    DistrictFactory,
    DistrictStaffFactory,
    InstitutionFactory,
    InstitutionMemberFactory,
    OpeningRuleFactory,
    ProductFeeFactory,
    RefusalFactory,
    TitleFactory,
    TownshipFactory,
)

pytestmark = pytest.mark.django_db

PAST = dt.date(2020, 1, 1)


def twice(factory: Any, **values: Any) -> None:
    factory(**values)
    factory(**values)


def second_authorisation() -> None:
    institution = InstitutionFactory(public=True)
    AuthorisationFactory(institution=institution)


def second_title() -> None:
    twice(TitleFactory, institution=InstitutionFactory(public=True))


def second_fee() -> None:
    twice(ProductFeeFactory, product=CareProductFactory(fee=False))


def second_rule() -> None:
    group = ClassGroupFactory()
    for _ in range(2):
        group.opening_rules.create(weekday=1, opens=dt.time(8), closes=dt.time(9), regular_places=0)


def invite(**values: Any) -> None:
    StaffInvite.objects.create(
        institution=InstitutionFactory(),
        token_hash="x",
        created_by=StaffUserFactory(),
        created_at=MADE_AT,
        expires_at=MADE_AT,
        **{"role": "caregiver", **values},
    )


BREAKS: dict[str, Callable[[], Any]] = {
    "district_centre_whole": lambda: DistrictFactory(centre_latitude=None),
    "township_name_once_a_district": lambda: twice(TownshipFactory, district=DistrictFactory(), name="工农"),
    "township_centre_whole": lambda: TownshipFactory(centre_longitude=112.4),
    "township_kind_known": lambda: TownshipFactory(kind="village"),
    "institution_name_address_once": lambda: twice(InstitutionFactory, name="示例园", address="示例路1号"),
    "institution_inclusive_within_places": lambda: InstitutionFactory(places=10, inclusive_places=11),
    "institution_position_whole": lambda: InstitutionFactory(longitude=None),
    "institution_rectification_until_after_from": lambda: InstitutionFactory(
        rectification_from_date=dt.date(2026, 11, 2), rectification_until_date=dt.date(2026, 11, 1)
    ),
    "institution_public_only_while_open": lambda: InstitutionFactory(is_public=True, state="draft"),
    "institution_title_needs_publicity": lambda: InstitutionFactory(is_demonstration=True),
    "institution_state_known": lambda: InstitutionFactory(state="lost"),
    "authorisation_one_live": second_authorisation,
    "authorisation_basis_known": lambda: AuthorisationFactory(basis="rumour"),
    "authorisation_until_after_from": lambda: AuthorisationFactory(until_date=PAST),
    "authorisation_end_has_reason": lambda: AuthorisationFactory(ended_date=dt.date(2026, 1, 1)),
    "authorisation_has_source": lambda: AuthorisationFactory(source_title=""),
    "title_one_live_a_kind": second_title,
    "title_until_after_from": lambda: TitleFactory(until_date=PAST),
    "title_end_has_reason": lambda: TitleFactory(ended_date=dt.date(2026, 2, 1)),
    "title_has_source": lambda: TitleFactory(source_title=""),
    "refusal_has_reasons": lambda: RefusalFactory(reasons=""),
    "refusal_has_source": lambda: RefusalFactory(source_title=""),
    "class_group_name_once": lambda: twice(ClassGroupFactory, institution=InstitutionFactory(), name="小一班"),
    "class_group_within_standard": lambda: ClassGroupFactory(kind="infant", places=11),
    "opening_rule_once_a_weekday": second_rule,
    "opening_rule_closes_after_opening": lambda: OpeningRuleFactory(opens=dt.time(9), closes=dt.time(9)),
    "opening_rule_weekday_known": lambda: OpeningRuleFactory(weekday=7),
    "closing_day_part_once": lambda: twice(
        ClosingDayFactory, institution=InstitutionFactory(), date=dt.date(2027, 1, 1), from_minute=720
    ),
    "closing_day_minutes_in_order": lambda: ClosingDayFactory(from_minute=720, to_minute=720),
    "closing_day_class_kind_known": lambda: ClosingDayFactory(class_kind="all"),
    "institution_rectification_kind_known": lambda: InstitutionFactory(rectification_kind="later"),
    "care_product_mode_known": lambda: CareProductFactory(mode="overnight"),
    "care_product_ends_after_start": lambda: CareProductFactory(starts=dt.time(9), ends=dt.time(9)),
    "care_product_part_only_half_day": lambda: CareProductFactory(part="morning"),
    "care_product_block_only_temporary": lambda: CareProductFactory(block_minutes=60),
    "care_product_once": lambda: twice(CareProductFactory, institution=InstitutionFactory()),
    "product_fee_once_a_day": second_fee,
    "product_fee_class_known": lambda: ProductFeeFactory(class_kind="nursery"),
    "institution_member_once": lambda: twice(
        InstitutionMemberFactory, institution=InstitutionFactory(), user=StaffUserFactory()
    ),
    "institution_member_role_known": lambda: InstitutionMemberFactory(user=StaffUserFactory(), role="cook"),
    "district_staff_once": lambda: twice(DistrictStaffFactory, district=DistrictFactory(), user=StaffUserFactory()),
    "district_staff_department_known": lambda: DistrictStaffFactory(user=StaffUserFactory(), department="tax"),
    "staff_invite_role_known": lambda: invite(role="cook"),
    "staff_invite_used_or_taken_back": lambda: invite(used_at=MADE_AT, taken_back_at=MADE_AT),
    "staff_invite_closed_names_nobody": lambda: invite(used_at=MADE_AT, name="王芳"),
    "district_staff_of_a_district_or_the_site": lambda: DistrictStaffFactory(user=StaffUserFactory(), district=None),
    "district_staff_site_editor_once": lambda: twice(
        DistrictStaffFactory, user=StaffUserFactory(), district=None, department="site_editor"
    ),
}


def test_fee_of_another_class_day_or_product_is_another() -> None:
    """The class is "" for all, so that two of them are one, which NULL would not be."""
    product = CareProductFactory(fee=100)

    for row in ({"class_kind": "infant"}, {"from_date": dt.date(2026, 12, 1)}):
        ProductFeeFactory(product=product, **row)
    CareProductFactory(institution=product.institution, half_day=True)

    assert ProductFee.objects.count() == 4


@pytest.mark.parametrize("values", [{"name": "王芳"}, {"token": "t"}])
@pytest.mark.parametrize("closed", ["used_at", "taken_back_at"])
def test_closed_invitation_names_nobody_and_leads_nowhere(values: dict[str, str], closed: str) -> None:
    refuses("staff_invite_closed_names_nobody", lambda: invite(**values, **{closed: MADE_AT}))


def named_constraints() -> set[str]:
    models = apps.get_app_config("directory").get_models()
    return {constraint.name for model in models for constraint in model._meta.constraints}


def test_posting_has_a_known_part() -> None:
    """Past the model, whose rows only the index writes."""
    refuses("search_posting_part_known", lambda: SearchPosting.objects.create(term="t", part=3, data=b""))


def test_temporary_care_needs_blocks() -> None:
    """A comparison with NULL is unknown, and an unknown CHECK would pass."""
    with pytest.raises(IntegrityError), transaction.atomic():
        CareProductFactory(mode="temporary", block_minutes=None)


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_constraint_refuses(name: str) -> None:
    refuses(name, BREAKS[name])


def test_every_constraint_has_a_test() -> None:
    """Those of uploads and returns stand beside their own tests; that of the search index has one of its own above."""
    others = ("search_", "list_upload_", "introduction_return_")
    assert {name for name in named_constraints() if not name.startswith(others)} == set(BREAKS)


def test_words_name_real_constraints_and_fields() -> None:
    by_name = {constraint.name: model for model, constraint in own_constraints()}

    for name, (field, _words) in WORDS.items():
        assert name in by_name
        assert field == "" or by_name[name]._meta.get_field(field)
