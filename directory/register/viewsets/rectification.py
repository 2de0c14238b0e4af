"""Acts that change what a rectification means while it is under way."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from cms.core.calendar.times import local_date
from directory.districts.viewsets.acts import Act, Stake
from directory.register.forms.institutions import RectificationKindForm
from directory.register.models import Institution
from directory.register.queries.impact import Impact, impact_of
from directory.register.services.as_seen import act_as_seen
from directory.register.services.rectification import change_rectification
from directory.register.viewsets.stakes import stake_of, told

Kind = Institution.Rectification


def _impact(instance: Institution, now: Any) -> Impact:
    """All from today on."""
    return impact_of(institution_id=instance.pk, first=local_date(now), now=now)


def _stake(instance: Institution, now: Any) -> Stake:
    return stake_of(_impact(instance, now))


def _close(*, instance: Institution, data: dict[str, Any], actor: Any, now: Any, request: Any) -> str:
    act = partial(change_rectification, institution=instance, kind=Kind.CLOSES.value, actor=actor, now=now, **data)
    return told(act_as_seen(act, institution=instance, seen=request.POST["seen"], now=now))


def _let_care_go_on(*, instance: Institution, data: dict[str, Any], actor: Any, now: Any, request: Any) -> None:
    change_rectification(institution=instance, kind=Kind.STOPS_NEW.value, actor=actor, now=now, **data)


def _under_rectification(row: Institution) -> bool:
    return row.state == Institution.State.RECTIFICATION


RECTIFICATION_ACTS = (
    Act(
        "rectify_close",
        _("整改期间改为停业"),
        _("从现在起停业，以后的预约全部取消并通知家庭。整改事项和期限不变。"),
        "directory.change_institution",
        _close,
        RectificationKindForm,
        is_possible=lambda row: _under_rectification(row) and row.looks_after_children,
        stake=_stake,
    ),
    Act(
        "rectify_open",
        _("整改期间改为停止新预约"),
        _("机构可以照看宝宝，家长仍不能约新的。已经取消的预约不会恢复。整改事项和期限不变。"),
        "directory.change_institution",
        _let_care_go_on,
        RectificationKindForm,
        is_possible=lambda row: _under_rectification(row) and not row.looks_after_children,
    ),
)
