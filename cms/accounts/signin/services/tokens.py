"""Sessions of the JSON API: 256 random bits to the caller, a hash here, 30 days."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from cms.accounts.models import SessionToken, User
from cms.accounts.signin.queries.sessions import token_hash
from cms.core.errors import NotFound
from cms.core.security.codes import new_secret_token

TOKEN_LIFE = dt.timedelta(days=30)
TOUCH_EVERY = dt.timedelta(days=1)


class SessionNotFound(NotFound):
    """Not a session of this user."""

    message = _("没有找到这个登录")


def issue_token(
    *, user: User, label: str = "", second_factor: bool = False, now: dt.datetime
) -> tuple[str, SessionToken]:
    """A new token, shown once, and its row."""
    token = new_secret_token()
    row = SessionToken.objects.create(
        user=user,
        token_hash=token_hash(token),
        label=label[:80],
        created_at=now,
        expires_at=now + TOKEN_LIFE,
        last_used_at=now,
        second_factor=second_factor,
    )
    return token, row


def touch_session(*, session: SessionToken, now: dt.datetime) -> None:
    """Remember roughly when a session was last used: at most one write a day, so that a call costs no write."""
    if session.last_used_at is None or now - session.last_used_at >= TOUCH_EVERY:
        SessionToken.objects.filter(pk=session.pk).update(last_used_at=now)
        session.last_used_at = now


def revoke_session(*, user: User, session_id: int) -> None:
    """End one session of the user. Raises ``SessionNotFound`` for anybody else's."""
    removed, _by_model = SessionToken.objects.filter(user=user, pk=session_id).delete()
    if not removed:
        raise SessionNotFound


def revoke_everything(*, user: User) -> None:
    """End all sessions: the API's by deleting them, the browsers' by changing what their hash hangs on."""
    SessionToken.objects.filter(user=user).delete()
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])


def prune_sessions(*, now: dt.datetime) -> int:
    """Remove expired sessions; returns how many."""
    removed, _by_model = SessionToken.objects.filter(expires_at__lte=now).delete()
    return removed
