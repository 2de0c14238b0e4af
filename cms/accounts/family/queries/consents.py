"""The text in force and what a family decided about it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import Child, Consent, ConsentText, Family
from cms.core.errors import NotFound


class NoConsentText(NotFound):
    """The site was never set up: there is no text to agree to."""

    message = _("同意书还没有发布，请联系网站。")


def current_text(kind: str = ConsentText.Kind.CHILD_DATA) -> ConsentText:
    """The newest published text of a kind. Raises ``NoConsentText``."""
    text = ConsentText.objects.filter(kind=kind).order_by("-published_at", "-pk").first()
    if text is None:
        raise NoConsentText
    return text


def decisions_of(family: Family) -> QuerySet[Consent]:
    """What the family's guardians decided, newest first, with text, child and person."""
    return Consent.objects.filter(family=family).select_related("text", "child", "user").order_by("-decided_at", "-pk")


def children_to_ask_again(family: Family, text: ConsentText) -> list[Child]:
    """Children whose guardian has not agreed to this version yet (the text changed since)."""
    agreed = Consent.objects.filter(family=family, text=text, decision=Consent.Decision.GIVEN).values("child_id")
    return list(Child.objects.filter(family=family).exclude(pk__in=agreed.filter(child__isnull=False)).order_by("pk"))
