"""Sessions of the JSON API."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db.models import QuerySet

from cms.accounts.models import SessionToken, User


def token_hash(token: str) -> str:
    """What is kept of a token: it has 256 random bits, so a plain SHA-256 can't be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_session(token: str, *, now: dt.datetime) -> SessionToken | None:
    """The live session of a token with its user and family, by one query; None if there is none."""
    return (
        SessionToken.objects.select_related("user__family_member__family")
        .filter(token_hash=token_hash(token), expires_at__gt=now, user__is_active=True)
        .first()
    )


def live_sessions(user: User, *, now: dt.datetime) -> QuerySet[SessionToken]:
    """The user's sessions of the API, newest first."""
    return SessionToken.objects.filter(user=user, expires_at__gt=now).order_by("-created_at", "-pk")
