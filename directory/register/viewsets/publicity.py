"""Authorisations, titles and refusals in the admin."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from cms.core.calendar.times import local_date
from directory.districts.viewsets.acts import Act
from directory.districts.viewsets.scoped import DistrictViewSet
from directory.register.forms.institutions import EndForm, WithdrawForm
from directory.register.forms.publicity import AuthorisationForm, RefusalForm, TitleForm
from directory.register.models import Authorisation, Refusal, Title
from directory.register.queries.impact import Impact, impact_of
from directory.register.services import publicity, refusals
from directory.register.services.as_seen import act_as_seen, is_public_by
from directory.register.viewsets.stakes import stake_of, told
from directory.register.viewsets.standing_list import (
    AUTHORISATIONS,
    REFUSALS,
    TITLES,
    AuthorisationFilterSet,
    RefusalFilterSet,
    TitleFilterSet,
    published_words,
    standing_words,
)


def institution_url(row: Authorisation | Title) -> str:
    """The institution's page in the admin, where staff go on."""
    return reverse("institutions:edit", args=[row.institution_id])


def _end_authorisation(*, instance: Any, data: dict[str, Any], actor: Any, now: Any, request: Any) -> str:
    act = partial(publicity.end_authorisation, authorisation=instance, actor=actor, now=now, **data)
    seen = request.POST["seen"]
    return told(act_as_seen(act, institution=instance.institution, seen=seen, now=now, ends=instance))


def _impact(row: Authorisation, now: Any) -> Impact:
    """What is booked at an institution whose publicity rests on the row, and nothing where it rests on none."""
    if not is_public_by(row, row.institution):
        return Impact([])
    return impact_of(institution_id=row.institution_id, first=local_date(now), now=now)


def _end_title(*, instance: Any, data: dict[str, Any], actor: Any, now: Any, request: Any) -> None:
    publicity.end_title(title=instance, actor=actor, now=now, **data)


def _withdraw(*, instance: Any, data: dict[str, Any], actor: Any, now: Any, request: Any) -> None:
    refusals.withdraw_refusal(refusal=instance, actor=actor, now=now, **data)


class AuthorisationViewSet(DistrictViewSet):
    """Filings and permits: what makes institutions public."""

    model = Authorisation
    name = "authorisations"
    icon = "doc-full-inverse"
    menu_label = _("备案与许可")
    menu_order = 120
    related = ("institution__district",)
    list_display = (
        "institution",
        Column("number", label=_("编号")),
        Column("office", label=_("办理部门")),
        Column("from_date", label=_("通过日期"), sort_key="from_date"),
        Column("until_date", label=_("有效期至")),
        Column(standing_words, label=_("状态")),
    )
    filterset_class = AuthorisationFilterSet
    exported = AUTHORISATIONS
    bulk_permission = "directory.change_authorisation"
    search_fields = ("institution__name", "number")
    ordering = ("-from_date", "-pk")
    acts = (
        Act(
            "end",
            _("结束"),
            _("结束后机构不再公开，称号同时结束，以后的预约会取消并通知家长。"),
            "directory.change_authorisation",
            _end_authorisation,
            EndForm,
            is_possible=lambda row: row.ended_date is None,
            stake=lambda row, now: stake_of(_impact(row, now)),
            is_final=True,
        ),
    )

    back_to = staticmethod(institution_url)

    def form_class_for(self, *, for_update: bool) -> type:
        return AuthorisationForm

    def save(self, *, form: Any, instance: Authorisation | None, actor: Any, now: Any) -> Authorisation:
        values, publish = form.values(), form.cleaned_data.get("publish", False)
        if instance is None:
            return publicity.grant_authorisation(**values, publish=publish, actor=actor, now=now)
        with transaction.atomic():
            row = publicity.correct_authorisation(authorisation=instance, values=values, actor=actor, now=now)
            return publicity.publish_authorisation(authorisation=row, actor=actor, now=now) if publish else row

    def summary(self, instance: Authorisation) -> list[tuple[str, str]]:
        return [(gettext("托育机构"), str(instance.institution)), (gettext("状态"), standing_words(instance))]


class TitleViewSet(DistrictViewSet):
    """Distinctions: only for institutions with a live authorisation."""

    model = Title
    name = "titles"
    icon = "pick"
    menu_label = _("示范称号")
    menu_order = 130
    related = ("institution__district",)
    list_display = (
        "institution",
        Column("name", label=_("全称")),
        Column("from_date", label=_("认定日期"), sort_key="from_date"),
        Column("until_date", label=_("有效期至")),
        Column(standing_words, label=_("状态")),
    )
    filterset_class = TitleFilterSet
    exported = TITLES
    bulk_permission = "directory.change_title"
    search_fields = ("institution__name", "name")
    ordering = ("-from_date", "-pk")
    acts = (
        Act(
            "end",
            _("结束"),
            _("结束后家长看不到这个称号。"),
            "directory.change_title",
            _end_title,
            EndForm,
            is_possible=lambda row: row.ended_date is None,
        ),
    )

    back_to = staticmethod(institution_url)

    def form_class_for(self, *, for_update: bool) -> type:
        return TitleForm

    def save(self, *, form: Any, instance: Title | None, actor: Any, now: Any) -> Title:
        values, publish = form.values(), form.cleaned_data.get("publish", False)
        if instance is None:
            return publicity.grant_title(**values, publish=publish, actor=actor, now=now)
        with transaction.atomic():
            row = publicity.correct_title(title=instance, values=values, actor=actor, now=now)
            return publicity.publish_title(title=row, actor=actor, now=now) if publish else row

    def summary(self, instance: Title) -> list[tuple[str, str]]:
        return [(gettext("托育机构"), str(instance.institution)), (gettext("状态"), standing_words(instance))]


class RefusalViewSet(DistrictViewSet):
    """Refusals: never without reasons, never erased; one published by mistake is taken out of sight."""

    model = Refusal
    name = "refusals"
    icon = "warning"
    menu_label = _("未通过公开")
    menu_order = 140
    related = ("district", "institution")
    list_display = (
        "institution_name",
        Column("district", label=_("区")),
        Column("refused_date", label=_("作出日期"), sort_key="refused_date"),
        Column("office", label=_("办理部门")),
        Column(published_words, label=_("状态")),
    )
    filterset_class = RefusalFilterSet
    exported = REFUSALS
    bulk_permission = "directory.change_refusal"
    search_fields = ("institution_name", "reasons")
    ordering = ("-refused_date", "-pk")
    acts = (
        Act(
            "withdraw",
            _("撤下"),
            _(
                "公开错了才撤下：家长不再看到，登记和经过都保留，改好后可以再公开。后来通过的不用撤下，关联后来的备案即可。"
            ),
            "directory.change_refusal",
            _withdraw,
            WithdrawForm,
            is_possible=lambda row: row.published_at is not None,
        ),
    )

    def form_class_for(self, *, for_update: bool) -> type:
        return RefusalForm

    def save(self, *, form: Any, instance: Refusal | None, actor: Any, now: Any) -> Refusal:
        values, publish = form.values(), form.cleaned_data.get("publish", False)
        if instance is None:
            return refusals.refuse_institution(**values, publish=publish, actor=actor, now=now)
        with transaction.atomic():
            row = refusals.correct_refusal(refusal=instance, values=values, actor=actor, now=now)
            return refusals.publish_refusal(refusal=row, actor=actor, now=now) if publish else row
