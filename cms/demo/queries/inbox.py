"""What the developer inbox shows."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from cms.accounts.signin.second_factors import totp_code, totp_counter, totp_secret
from cms.demo.models import InboxText

#: The demo's staff have usernames of this shape; codes of other accounts are nobody's business, here neither.
DEMO_STAFF = "demo-"
MAX_TEXTS = 50


@dataclass(frozen=True, slots=True)
class StaffCode:
    """The code of this half minute."""

    username: str
    code: str


def texts() -> QuerySet[InboxText]:
    """The newest texts."""
    return InboxText.objects.order_by("-sent_at", "-pk")[:MAX_TEXTS]


def staff_codes(*, seconds: float) -> list[StaffCode]:
    """The second-factor codes of the demo's staff at a moment, by username."""
    rows = (
        Authenticator.objects.filter(type=Authenticator.Type.TOTP, user__username__startswith=DEMO_STAFF)
        .select_related("user")
        .order_by("user__username")
    )
    counter = totp_counter(seconds)
    return [StaffCode(row.user.get_username(), totp_code(totp_secret(row), counter)) for row in rows]
