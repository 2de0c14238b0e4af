"""Districts, institutions and the people who look after them."""

from __future__ import annotations

import datetime as dt

import factory
from django.contrib.auth import get_user_model
from django.utils import timezone

from directory.models import (
    Authorisation,
    CareProduct,
    ClassGroup,
    ClosingDay,
    District,
    DistrictFact,
    DistrictStaff,
    Institution,
    InstitutionMember,
    InstitutionProfile,
    OpeningRule,
    Refusal,
    Title,
    Township,
)

#: The moment factories stamp rows with, unless a test gives another.
STAMP = dt.datetime(2026, 11, 1, 8, 0, tzinfo=timezone.get_fixed_timezone(480))


class DistrictFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = District
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"district-{n}")
    code = factory.Sequence(lambda n: f"{900000 + n}")
    name = factory.Sequence(lambda n: f"示例{n}区")
    full_name = factory.LazyAttribute(lambda o: f"示例市{o.name}")
    plan_state = District.PlanState.IN_FORCE
    centre_latitude = 34.66
    centre_longitude = 112.39


class DistrictFactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DistrictFact

    district = factory.SubFactory(DistrictFactory)
    key = factory.Sequence(lambda n: f"fact-{n}")
    label = "每千人托位数"
    value = 4.5
    text = "到2025年每千人托位数4.5个"
    source_title = "示例实施方案"


class TownshipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Township

    district = factory.SubFactory(DistrictFactory)
    code = factory.Sequence(lambda n: f"{900000000 + n}")
    name = factory.Sequence(lambda n: f"示例{n}街道")
    kind = Township.Kind.STREET


class InstitutionFactory(factory.django.DjangoModelFactory):
    """A draft; `public_institution()` makes one that parents see."""

    class Meta:
        model = Institution

    district = factory.SubFactory(DistrictFactory)
    township = factory.SubFactory(TownshipFactory, district=factory.SelfAttribute("..district"))
    name = factory.Sequence(lambda n: f"示例{n}托育园")
    address = factory.Sequence(lambda n: f"示例路{n + 1}号")
    phone = "0379-00000000"
    places = 60
    inclusive_places = 20
    latitude = 34.66
    longitude = 112.39
    created_at = STAMP
    changed_at = STAMP


class InstitutionProfileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = InstitutionProfile

    institution = factory.SubFactory(InstitutionFactory)
    introduction = "院子朝南，有沙池。"


class AuthorisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Authorisation

    institution = factory.SubFactory(InstitutionFactory)
    number = factory.Sequence(lambda n: f"TY-2023-{n:04d}")
    office = "区卫健委"
    from_date = dt.date(2023, 12, 5)
    source_title = "备案机构名单"
    published_at = STAMP


class TitleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Title

    institution = factory.SubFactory(InstitutionFactory)
    name = "区级示范托育机构"
    office = "区卫健委"
    from_date = dt.date(2026, 1, 10)
    source_title = "示范机构公示"
    published_at = STAMP


class RefusalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Refusal

    district = factory.SubFactory(DistrictFactory)
    institution_name = factory.Sequence(lambda n: f"示例{n}托管中心")
    refused_date = factory.Sequence(lambda n: dt.date(2026, 3, 1) + dt.timedelta(days=n % 200))
    office = "区卫健委"
    reasons = "卫生评价报告不是“合格”。"
    rule = "托育机构登记和备案办法（试行）第八条"
    source_title = "不予备案公示"
    published_at = STAMP


class ClassGroupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ClassGroup

    institution = factory.SubFactory(InstitutionFactory)
    kind = "toddler"
    name = factory.Sequence(lambda n: f"托小{n}班")
    places = 15
    caregivers = 3


class OpeningRuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OpeningRule

    class_group = factory.SubFactory(ClassGroupFactory)
    weekday = factory.Sequence(lambda n: n % 7)
    opens = dt.time(8, 0)
    closes = dt.time(18, 0)
    regular_places = 10


class ClosingDayFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ClosingDay

    institution = factory.SubFactory(InstitutionFactory)
    date = factory.Sequence(lambda n: dt.date(2026, 12, 1) + dt.timedelta(days=n % 300))
    reason = "全园消毒"
    created_at = STAMP


class CareProductFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CareProduct

    institution = factory.SubFactory(InstitutionFactory)
    mode = "hourly"
    starts = dt.time(8, 0)
    ends = dt.time(18, 0)
    fee = 900


class WorkerFactory(factory.django.DjangoModelFactory):
    """Someone who works for an institution or a district: a chosen username, no phone."""

    class Meta:
        model = get_user_model()

    username = factory.Sequence(lambda n: f"worker{n}")


class InstitutionMemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = InstitutionMember

    institution = factory.SubFactory(InstitutionFactory)
    user = factory.SubFactory(WorkerFactory)
    role = InstitutionMember.Role.MANAGER
    created_at = STAMP


class DistrictStaffFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DistrictStaff

    district = factory.SubFactory(DistrictFactory)
    user = factory.SubFactory(WorkerFactory)
    department = DistrictStaff.Department.HEALTH_COMMISSION
    created_at = STAMP


def public_institution(**values: object) -> Institution:
    """An institution with a live published authorisation, as parents see it."""
    institution = InstitutionFactory(state=Institution.State.ACTIVE, is_public=True, **values)
    AuthorisationFactory(institution=institution)
    return institution
