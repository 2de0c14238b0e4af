"""Institutions and their profiles in the admin."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.core.calendar.times import local_date
from cms.core.display.wording import day, full_date
from cms.core.errors import InvalidInput
from directory.districts.viewsets.acts import Act, Secret, Stake
from directory.districts.viewsets.scoped import DistrictViewSet
from directory.register.forms.institutions import (
    EndInstitutionForm,
    InstitutionForm,
    RectificationForm,
    RectifiedForm,
    ReturnIntroductionForm,
)
from directory.register.forms.people import PersonNameForm
from directory.register.models import Institution, InstitutionMember, InstitutionProfile
from directory.register.queries.endings import ending_of
from directory.register.queries.impact import Impact, impact_of
from directory.register.queries.memberships import members_of
from directory.register.queries.profiles import profile_of, returned_to, waiting_draft
from directory.register.services import institutions, invites
from directory.register.services import profiles as profiles_services
from directory.register.services.as_seen import act_as_seen
from directory.register.services.profiles import HandedInAgain, NothingHandedIn
from directory.register.viewsets.facts import InstitutionFactsView
from directory.register.viewsets.institution_list import EXPORTED, LIST_COLUMNS, InstitutionFilterSet, with_filings
from directory.register.viewsets.people import invite_secret
from directory.register.viewsets.rectification import RECTIFICATION_ACTS
from directory.register.viewsets.stakes import stake_of, told
from directory.register.viewsets.timeline import InstitutionTimelineView

State = Institution.State


class OtherName(InvalidInput):
    """The name that was written is not the institution's."""

    code = "other_name"
    message = _("和机构名称不一样，请再看一遍是不是选错了机构。")


def _end(*, instance: Institution, data: dict[str, Any], actor: Any, now: Any, request: Any) -> str:
    given = dict(data)
    if given.pop("name").strip() != instance.name.strip():
        raise OtherName(fields={"name": str(OtherName.message)})
    act = partial(institutions.end_institution, institution=instance, actor=actor, now=now, **given)
    return told(act_as_seen(act, institution=instance, seen=request.POST["seen"], now=now))


def _rectify(*, instance: Institution, data: dict[str, Any], actor: Any, now: Any, request: Any) -> str:
    act = partial(institutions.start_rectification, institution=instance, actor=actor, now=now, **data)
    keeps = data["kind"] == Institution.Rectification.STOPS_NEW
    return told(act_as_seen(act, institution=instance, seen=request.POST["seen"], now=now, only_waiting=keeps))


def _impact(instance: Institution, now: Any, *, only_waiting: bool = False) -> Impact:
    """All from today on."""
    return impact_of(institution_id=instance.pk, first=local_date(now), now=now, only_waiting=only_waiting)


def _stake(instance: Institution, now: Any) -> Stake:
    return stake_of(_impact(instance, now))


def _rectification_stake(instance: Institution, now: Any) -> Stake:
    """The two ways beside each other; the mark is of the wider one, which holds the other's bookings too."""
    waiting = _impact(instance, now, only_waiting=True)
    words = gettext("选「停止新预约」：已经约好的照常。")
    if waiting.bookings:
        words += gettext("还没答复的 %(bookings)d 个申请作废，通知 %(families)d 个家庭。") % {
            "bookings": waiting.bookings,
            "families": waiting.families,
        }
    stake = stake_of(_impact(instance, now))
    return replace(stake, lines=[words, gettext("选「停业」：%s") % stake.lines[0], *stake.lines[1:]])


def _rectified(*, instance: Institution, data: dict[str, Any], actor: Any, now: Any, request: Any) -> None:
    institutions.end_rectification(institution=instance, actor=actor, now=now, **data)


def _invite(*, instance: Institution, data: dict[str, Any], actor: Any, now: Any, request: Any) -> Secret:
    _row, token = invites.invite_manager(institution=instance, name=data["name"], actor=actor, now=now)
    return invite_secret(token)


def _return_introduction(*, instance: Institution, data: dict[str, Any], actor: Any, now: Any, request: Any) -> None:
    seen = request.POST["seen"]
    if not seen:
        raise NothingHandedIn
    profiles_services.return_introduction(institution=instance, revision_id=int(seen), actor=actor, now=now, **data)


def _draft_stake(instance: Institution, now: Any) -> Stake:
    """The draft that is sent back, as it was read."""
    waiting = waiting_draft(instance)
    if waiting is None:
        return Stake("", [NothingHandedIn.message], [], changed=NothingHandedIn.message)
    words = waiting.get_latest_revision_as_object().introduction
    lines = [gettext("机构交来的这一稿："), words or gettext("（没有写字）")]
    return Stake(str(waiting.latest_revision_id), lines, [], changed=HandedInAgain.message)


ACTS = (
    Act(
        "return-introduction",
        _("退回介绍"),
        _("写清楚要改什么。机构负责人在工作台看得到您的话，改好再交；家长看到的介绍不变。"),
        "directory.change_institutionprofile",
        _return_introduction,
        ReturnIntroductionForm,
        is_possible=lambda row: waiting_draft(row) is not None,
        stake=_draft_stake,
        in_list=False,
    ),
    Act(
        "invite",
        _("邀请负责人"),
        _("生成一个一次性链接。负责人打开后设置用户名、密码和第二步验证，就能进入机构工作台。"),
        "directory.add_staffinvite",
        _invite,
        PersonNameForm,
        is_possible=lambda row: row.state != State.ENDED,
    ),
    Act(
        "rectify",
        _("限期整改"),
        _("整改期间家长不能约新的。已有的预约是照常还是取消，由整改决定写明，请选清楚。"),
        "directory.change_institution",
        _rectify,
        RectificationForm,
        is_possible=lambda row: row.is_public and row.state == State.ACTIVE,
        stake=_rectification_stake,
    ),
    *RECTIFICATION_ACTS,
    Act(
        "rectified",
        _("整改完成"),
        _("复查合格后重新开放预约。"),
        "directory.change_institution",
        _rectified,
        RectifiedForm,
        is_possible=lambda row: row.state == State.RECTIFICATION,
    ),
    Act(
        "end",
        _("终止机构"),
        _("备案、称号和公开同时结束，以后的预约会取消并通知家长。终止后不能恢复。"),
        "directory.change_institution",
        _end,
        EndInstitutionForm,
        is_possible=lambda row: row.state != State.ENDED,
        stake=_stake,
        is_final=True,
    ),
)


class InstitutionViewSet(DistrictViewSet):
    """The register of institutions."""

    model = Institution
    name = "institutions"
    icon = "home"
    menu_label = _("机构")
    menu_order = 100
    related = ("district", "township")
    acts = ACTS
    list_display = LIST_COLUMNS
    exported = EXPORTED
    export_rows = staticmethod(with_filings)
    bulk_permission = "directory.change_institution"
    filterset_class = InstitutionFilterSet
    history_view_class = InstitutionTimelineView
    inspect_view_enabled = True
    inspect_view_class = InstitutionFactsView
    inspect_template_name = InstitutionFactsView.template_name
    search_fields = ("name", "address", "credit_code", "phone")
    ordering = ("name", "pk")

    def get_inspect_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_inspect_view_kwargs(links_of=self.links, **kwargs)

    def form_class_for(self, *, for_update: bool) -> type:
        return InstitutionForm

    def save(self, *, form: Any, instance: Institution | None, actor: Any, now: Any) -> Institution:
        values = form.values()
        if instance is None:
            district = values.pop("district")
            return institutions.create_institution(district=district, values=values, actor=actor, now=now)
        return institutions.correct_institution(institution=instance, values=values, actor=actor, now=now)

    def summary(self, instance: Institution) -> list[tuple[str, str]]:
        authorisation = instance.authorisations.filter(ended_date__isnull=True).first()
        people = "、".join(_in_words(member) for member in members_of(instance))
        rows = [
            (gettext("状态"), instance.get_state_display()),
            (gettext("备案或许可"), str(authorisation) if authorisation else gettext("没有")),
            (gettext("机构人员"), people or _nobody(instance)),
        ]
        if instance.state == State.ENDED:
            rows.insert(1, (gettext("终止"), _ending_words(instance)))
        if words := _introduction_words(instance):
            rows.append((gettext("机构介绍"), words))
        if instance.state == State.RECTIFICATION:
            until = instance.rectification_until_date
            deadline = until.isoformat() if until else gettext("没有写期限")
            kind = instance.get_rectification_kind_display() or Institution.Rectification.CLOSES.label
            rows.append((gettext("整改"), f"{kind}：{instance.rectification_reason}（{deadline}）"))
        return rows

    def links(self, instance: Institution, person: Any) -> list[dict[str, Any]]:
        """What is usually done next with an institution."""
        history = reverse("institutions:history", args=[instance.pk])
        may_write = instance.state != State.ENDED and person.has_perm("directory.change_institutionprofile")
        found = [
            (_("写介绍、放照片"), _profile_url(instance), may_write),
            (_("全部经过"), history, True),
        ]
        for name, label, codename in (
            ("authorisations", _("登记备案"), "directory.add_authorisation"),
            ("titles", _("登记示范称号"), "directory.add_title"),
        ):
            url = f"{reverse(f'{name}:add')}?institution={instance.pk}"
            found.append((label, url, instance.state != State.ENDED and person.has_perm(codename)))
        for name, label, codename in (
            ("institution-members", _("人员"), "directory.view_institutionmember"),
            ("institution-invites", _("还没用的邀请"), "directory.view_staffinvite"),
        ):
            found.append((label, f"{reverse(f'{name}:index')}?institution={instance.pk}", person.has_perm(codename)))
        found.append((_("在网站上看"), instance.get_absolute_url(), instance.is_public))
        return [{"label": label, "url": url} for label, url, allowed in found if allowed and url]


def _nobody(instance: Institution) -> str:
    """Why nobody works there."""
    return gettext("没有") if instance.state == State.ENDED else gettext("还没有，请邀请负责人")


def _ending_words(instance: Institution) -> str:
    """「2026年11月26日：主动放弃。资料不能再改，也不能再办理。」"""
    ending = ending_of(instance)
    closed = gettext("资料不能再改，也不能再办理。")
    return f"{full_date(ending.day)}：{ending.reason}。{closed}" if ending else closed


def _in_words(member: InstitutionMember) -> str:
    """「王芳（负责人 xiaoman-wang）」"""
    role = member.get_role_display()
    return f"{member.name}（{role} {member.account}）" if member.name else f"{member.account}（{role}）"


def _introduction_words(instance: Institution) -> str:
    """What becomes of a draft that the institution handed in, "" where there is none."""
    if returned := returned_to(instance.pk):
        return gettext("%(day)s退回，等机构改：%(reason)s") % {
            "day": day(returned.created_at),
            "reason": returned.reason,
        }
    waiting = waiting_draft(instance)
    if waiting is None or waiting.latest_revision is None:
        return ""
    return gettext("%(day)s交来的一稿，等您发布或退回") % {"day": day(waiting.latest_revision.created_at)}


def _profile_url(instance: Institution) -> str:
    profile = profile_of(instance)
    return reverse(InstitutionProfile.snippet_viewset.get_url_name("edit"), args=[profile.pk]) if profile else ""
