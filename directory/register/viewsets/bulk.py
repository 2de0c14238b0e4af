"""Acts on several rows of the register at once, each by its service."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.bulk_action import BulkAction

from cms.core.web.staff_scope import in_scope
from directory.districts.models import Township
from directory.districts.viewsets.bulk import BulkAct
from directory.register.models import Authorisation, Institution, Refusal, Title
from directory.register.services import institutions, publicity, refusals


class PublishAct(BulkAct):
    """Shows drafts to the public."""

    display_name = _("公开")
    aria_label = _("公开所选的几条")
    action_type = "publish"
    done_words = _("已公开 %(count)d 条。")

    def publish(self, row: Any, *, now: dt.datetime) -> None:
        """The service of one row."""
        raise NotImplementedError

    def act(self, row: Any, *, data: dict[str, Any], now: dt.datetime) -> bool:
        if row.published_at is not None and getattr(row, "ended_date", None) is None:
            return False
        self.publish(row, now=now)
        return True


class PublishAuthorisations(PublishAct):
    models = [Authorisation]
    permission = "directory.change_authorisation"
    explanation = _("公开后家长能看到这些备案，机构也随着公开。")

    def row_words(self, row: Authorisation) -> str:
        return f"{row.institution} {row}"

    def publish(self, row: Authorisation, *, now: dt.datetime) -> None:
        publicity.publish_authorisation(authorisation=row, actor=self.request.user, now=now)


class PublishTitles(PublishAct):
    models = [Title]
    permission = "directory.change_title"
    explanation = _("公开后家长能看到这些称号。还没有公开备案的机构不能公开称号。")

    def row_words(self, row: Title) -> str:
        return f"{row.institution} {row}"

    def publish(self, row: Title, *, now: dt.datetime) -> None:
        publicity.publish_title(title=row, actor=self.request.user, now=now)


class PublishRefusals(PublishAct):
    models = [Refusal]
    permission = "directory.change_refusal"
    explanation = _("公开后任何人都能看到机构名称和理由。请先核对理由里没有个人姓名和电话。")

    def publish(self, row: Refusal, *, now: dt.datetime) -> None:
        refusals.publish_refusal(refusal=row, actor=self.request.user, now=now)


class PlaceForm(forms.Form):
    """Which street or town."""

    township = forms.ModelChoiceField(label=_("街道或镇"), queryset=Township.objects.none())

    def __init__(self, *args: Any, for_user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        townships = Township.objects.select_related("district").order_by("district__position", "code")
        self.fields["township"].queryset = in_scope(townships, for_user)  # type: ignore[attr-defined]  # chooses a row


class PlaceInstitutions(BulkAct):
    """Lists often come without the street."""

    display_name = _("登记街道或镇")
    aria_label = _("给所选的机构登记街道或镇")
    action_type = "place"
    models = [Institution]
    permission = "directory.change_institution"
    form_class = PlaceForm
    explanation = _("所选的机构都登记在这个街道或镇。街道不在机构所在区的不改。")
    done_words = _("已登记 %(count)d 家。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"for_user": self.request.user}

    def act(self, row: Institution, *, data: dict[str, Any], now: dt.datetime) -> bool:
        township = data["township"]
        if row.township_id == township.pk:
            return False
        institutions.correct_institution(
            institution=row, values={"township": township}, actor=self.request.user, now=now
        )
        return True


BULK_ACTS: tuple[type[BulkAction], ...] = (
    PublishAuthorisations,
    PublishTitles,
    PublishRefusals,
    PlaceInstitutions,
)
