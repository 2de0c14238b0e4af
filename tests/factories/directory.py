"""Directory rows for tests: sequences, never chance. An institution is a draft until it is authorised."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from factory.django import DjangoModelFactory

from directory.districts.class_kinds import CareMode, ClassKind
from directory.districts.models import District, DistrictStaff, Office, PolicyDocument, Rule, Township
from directory.register.fees import SINCE_EVER
from directory.register.models import (
    Authorisation,
    CareProduct,
    ClassGroup,
    ClosingDay,
    Institution,
    InstitutionMember,
    InstitutionProfile,
    OpeningRule,
    ProductFee,
    Refusal,
    Title,
)

MADE_AT = dt.datetime(2026, 11, 2, 1, 0, tzinfo=dt.UTC)


class DistrictFactory(DjangoModelFactory):
    """A district with its centre in Luoyang and no rules of its own."""

    class Meta:
        model = District
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"district-{n}")
    code = factory.Sequence(lambda n: f"{990000 + n}")
    name = factory.Sequence(lambda n: f"第{n}区")
    full_name = factory.LazyAttribute(lambda made: f"某某市{made.name}")
    centre_latitude = 34.66
    centre_longitude = 112.40
    radius_km = 30


class TownshipFactory(DjangoModelFactory):
    """A street of its own district."""

    class Meta:
        model = Township
        django_get_or_create = ("code",)

    district = factory.SubFactory(DistrictFactory)
    code = factory.Sequence(lambda n: f"{990000000 + n}")
    name = factory.Sequence(lambda n: f"第{n}街道")
    kind = Township.Kind.STREET


class InstitutionFactory(DjangoModelFactory):
    """A draft with a township and a position, filed for what its district has; ``public=True`` authorises it."""

    class Meta:
        model = Institution
        skip_postgeneration_save = True

    district = factory.SubFactory(DistrictFactory)
    township = factory.SubFactory(TownshipFactory, district=factory.SelfAttribute("..district"))
    name = factory.Sequence(lambda n: f"示例托育园{n}号")
    address = factory.Sequence(lambda n: f"示例路{n}号")
    phone = "0379-00000000"
    latitude = 34.66
    longitude = 112.40
    places = 60
    inclusive_places = 20
    filed_modes = factory.LazyFunction(list)
    created_at = MADE_AT
    changed_at = MADE_AT

    @factory.post_generation
    def public(self: Any, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        if create and extracted:
            AuthorisationFactory(institution=self, **kwargs)


class AuthorisationFactory(DjangoModelFactory):
    """A live filing; its institution becomes active and public with it."""

    class Meta:
        model = Authorisation
        skip_postgeneration_save = True

    institution = factory.SubFactory(InstitutionFactory)
    basis = Authorisation.Basis.FILING
    number = factory.Sequence(lambda n: f"示例备案{n:04d}")
    office = "示例区卫生健康部门"
    from_date = dt.date(2025, 3, 1)
    source_title = "示例名单"
    published_at = MADE_AT

    @factory.post_generation
    def publish(self: Any, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        if create and self.ended_date is None and extracted is not False:
            institution = self.institution
            institution.state, institution.is_public = Institution.State.ACTIVE, True
            institution.save(update_fields=["state", "is_public"])


class TitleFactory(DjangoModelFactory):
    """A live published title; `refresh_publicity` or the service makes it show."""

    class Meta:
        model = Title

    institution = factory.SubFactory(InstitutionFactory, public=True)
    name = "区级示范托育机构"
    office = "示例区卫生健康部门"
    from_date = dt.date(2026, 1, 10)
    source_title = "示例公示"
    published_at = MADE_AT


class RefusalFactory(DjangoModelFactory):
    """A published refusal."""

    class Meta:
        model = Refusal

    district = factory.SubFactory(DistrictFactory)
    institution_name = factory.Sequence(lambda n: f"示例托管中心{n}号")
    refused_date = factory.Sequence(lambda n: dt.date(2026, 3, 1) + dt.timedelta(days=n % 200))
    office = "示例区卫生健康部门"
    reasons = "卫生评价报告不是“合格”。"
    rule = "托育机构登记和备案办法（试行）第八条"
    source_title = "示例公示"
    published_at = MADE_AT


class PolicyDocumentFactory(DjangoModelFactory):
    """The plan of its own district."""

    class Meta:
        model = PolicyDocument

    slug = factory.Sequence(lambda n: f"document-{n}")
    district = factory.SubFactory(DistrictFactory)
    is_plan = True
    title = factory.Sequence(lambda n: f"示例实施方案{n}")


class RuleFactory(DjangoModelFactory):
    """A rule in force of a district: a target, unless another kind is asked for."""

    class Meta:
        model = Rule

    district = factory.SubFactory(DistrictFactory)
    kind = "places_per_thousand"
    value = 4.5
    text = "到 2025 年每千人口托位 4.5 个"
    document = factory.SubFactory(PolicyDocumentFactory, district=factory.SelfAttribute("..district"), is_plan=False)
    quote = "到2025年每千人口托位4.5个"


class InstitutionProfileFactory(DjangoModelFactory):
    """A published introduction."""

    class Meta:
        model = InstitutionProfile

    institution = factory.SubFactory(InstitutionFactory, public=True)
    introduction = "院子朝南，有沙池。"


class ClassGroupFactory(DjangoModelFactory):
    """A toddler class of ten places and two caregivers."""

    class Meta:
        model = ClassGroup

    institution = factory.SubFactory(InstitutionFactory, public=True)
    kind = ClassKind.TODDLER
    name = factory.Sequence(lambda n: f"示例{n}班")
    places = 10
    caregivers = 2


class OpeningRuleFactory(DjangoModelFactory):
    """Monday 8–18 with four regular children."""

    class Meta:
        model = OpeningRule
        django_get_or_create = ("class_group", "weekday")

    class_group = factory.SubFactory(ClassGroupFactory)
    weekday = 0
    opens = dt.time(8)
    closes = dt.time(18)
    regular_places = 4


class ClosingDayFactory(DjangoModelFactory):
    class Meta:
        model = ClosingDay

    institution = factory.SubFactory(InstitutionFactory, public=True)
    date = factory.Sequence(lambda n: dt.date(2027, 1, 1) + dt.timedelta(days=n))
    reason = "消毒"
    created_at = MADE_AT


#: What a product costs in tests where they don't say.
USUAL_FEES = {CareMode.HALF_DAY: 4500, CareMode.HOURLY: 900, CareMode.TEMPORARY: 3000}


class CareProductFactory(DjangoModelFactory):
    """A full day 8–18 for 80 元; the traits ``hourly``, ``half_day`` and ``temporary`` give the other modes.

    ``fee`` (with ``fee__monthly_fee`` …) is its one fee since ever; False makes none.
    """

    class Meta:
        model = CareProduct
        skip_postgeneration_save = True

    class Params:
        half_day = factory.Trait(mode=CareMode.HALF_DAY, part="morning", starts=dt.time(8), ends=dt.time(12))
        hourly = factory.Trait(mode=CareMode.HOURLY)
        temporary = factory.Trait(mode=CareMode.TEMPORARY, block_minutes=120)

    institution = factory.SubFactory(InstitutionFactory, public=True)
    mode = CareMode.FULL_DAY
    starts = dt.time(8)
    ends = dt.time(18)

    @factory.post_generation
    def fee(self: Any, create: bool, extracted: int | bool | None, **kwargs: Any) -> None:
        if create and extracted is not False:
            amount = USUAL_FEES.get(self.mode, 8000) if extracted is None else extracted
            ProductFeeFactory(product=self, fee=amount, **kwargs)


class ProductFeeFactory(DjangoModelFactory):
    """80 元 for all classes since ever."""

    class Meta:
        model = ProductFee

    product = factory.SubFactory(CareProductFactory, fee=False)
    from_date = SINCE_EVER
    fee = 8000


class DistrictStaffFactory(DjangoModelFactory):
    """Give ``user``."""

    class Meta:
        model = DistrictStaff

    district = factory.SubFactory(DistrictFactory)
    department = DistrictStaff.Department.MATERNAL_CHILD_HEALTH
    created_at = MADE_AT


class OfficeFactory(DjangoModelFactory):
    """An office that only reads."""

    class Meta:
        model = Office

    district = factory.SubFactory(DistrictFactory)
    department = "womens_federation"


class InstitutionMemberFactory(DjangoModelFactory):
    """Give ``user``."""

    class Meta:
        model = InstitutionMember

    institution = factory.SubFactory(InstitutionFactory, public=True)
    role = InstitutionMember.Role.MANAGER
    created_at = MADE_AT
