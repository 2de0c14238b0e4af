"""What a new institution has still to do before parents can book, step by step."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from booking.places.models import BookingPolicy
from booking.places.services.generation import group_target
from directory.register.models import CareProduct, ClassGroup, Institution, OpeningRule

REGULAR_NOTE = _("已经固定在托的宝宝占几个托位，剩下的才放给家长预约")
PRODUCTS_NOTE = _("全日、半日、计时、临时，各收多少")


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One step: where it is done, and whether it is."""

    name: str
    title: str | Promise
    note: str | Promise
    url_name: str
    done: bool


def setup_steps(institution: Institution) -> list[SetupStep]:
    """The five steps in the order in which they build on each other; four queries."""
    groups = list(
        ClassGroup.objects.filter(institution_id=institution.pk, active=True).annotate(
            has_hours=Exists(OpeningRule.objects.filter(class_group=OuterRef("pk")))
        )
    )
    has_hours = bool(groups) and all(group.has_hours for group in groups)
    offers = has_hours and _offers_places(institution)
    has_product = CareProduct.objects.filter(institution_id=institution.pk, active=True).exists()
    has_policy = BookingPolicy.objects.filter(institution_id=institution.pk).exists()
    return [
        SetupStep(
            "classes", _("班级和保育人员"), _("有几个班，每班几个托位、几名保育人员"), "settings-classes", bool(groups)
        ),
        SetupStep("hours", _("开放时间"), _("每个班星期几开、几点到几点"), "settings-hours", has_hours),
        SetupStep("regular", _("在托宝宝"), REGULAR_NOTE, "settings-regular", offers),
        SetupStep("products", _("托育方式和收费"), PRODUCTS_NOTE, "settings-products", has_product),
        SetupStep("policy", _("预约规则"), _("提前几天能约、什么时候能免费取消"), "settings-policy", has_policy),
    ]


def next_step(institution: Institution) -> SetupStep | None:
    """The first step still to do, None once parents can book."""
    return next((step for step in setup_steps(institution) if not step.done), None)


def _offers_places(institution: Institution) -> bool:
    """Whether some class leaves a place free on some weekday."""
    rules = OpeningRule.objects.filter(
        class_group__institution_id=institution.pk,
        class_group__active=True,
        regular_places__lt=F("class_group__places"),
    ).select_related("class_group")
    return any(group_target(rule.class_group, rule) for rule in rules)
