"""What a new institution has still to do before parents can book, step by step."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef

from booking.places.models import BookingPolicy
from booking.places.targets import group_target
from directory.register.models import CareProduct, ClassGroup, Institution, OpeningRule


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One step and whether it is done; ``settings-<name>`` is the page where it is."""

    name: str
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
        SetupStep("classes", bool(groups)),
        SetupStep("hours", has_hours),
        SetupStep("regular", offers),
        SetupStep("products", has_product),
        SetupStep("policy", has_policy),
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
