"""Sessions of the JSON API."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from cms.accounts.models import Family, FamilyMember, SessionToken, User

FIND = """
SELECT t.id, t.user_id, t.expires_at, t.last_used_at, t.second_factor,
       u.username, u.is_active, u.is_staff, u.is_superuser, m.id, m.family_id, m.role
  FROM accounts_sessiontoken t
  JOIN accounts_user u ON u.id = t.user_id AND u.is_active
  LEFT JOIN accounts_familymember m ON m.user_id = u.id
 WHERE t.token_hash = %s AND t.expires_at > %s
"""
TOKEN_FIELDS = ("id", "user_id", "expires_at", "last_used_at", "second_factor")
USER_FIELDS = ("id", "username", "is_active", "is_staff", "is_superuser")
MEMBER_FIELDS = ("id", "family_id", "user_id", "role")


def token_hash(token: str) -> str:
    """What is kept of a token: it has 256 random bits, so a plain SHA-256 can't be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_session(token: str, *, now: dt.datetime) -> SessionToken | None:
    """The live session of a token with its user and family, by one query; None if there is none.

    Every call of the API begins with it, so it is plain SQL and reads only what calls ask for; whatever else of the
    user somebody looks at is fetched then.
    """
    parameters = [token_hash(token), connection.ops.adapt_datetimefield_value(now)]
    with connection.cursor() as cursor:
        cursor.execute(FIND, parameters)
        row = cursor.fetchone()
    return None if row is None else _session(row)


def _session(row: tuple[Any, ...]) -> SessionToken:
    db = connection.alias
    session = SessionToken.from_db(db, TOKEN_FIELDS, [row[0], row[1], _moment(row[2]), _moment(row[3]), bool(row[4])])
    flags = [bool(flag) for flag in row[6:9]]
    user = User.from_db(db, USER_FIELDS, [row[1], row[5], *flags])
    session._state.fields_cache["user"] = user
    user._state.fields_cache["family_member"] = _member(db, user, *row[9:12])
    return session


def _member(db: str, user: User, pk: int | None, family_id: int, role: str) -> FamilyMember | None:
    if pk is None:
        return None
    member = FamilyMember.from_db(db, MEMBER_FIELDS, [pk, family_id, user.pk, role])
    member._state.fields_cache["family"] = Family.from_db(db, ("id",), [family_id])
    member._state.fields_cache["user"] = user
    return member


def _moment(value: dt.datetime | None) -> dt.datetime | None:
    """SQLite gives a moment without its zone, which is UTC."""
    return value.replace(tzinfo=dt.UTC) if value is not None and value.tzinfo is None else value


def live_sessions(user: User, *, now: dt.datetime) -> QuerySet[SessionToken]:
    """The user's sessions of the API, newest first."""
    return SessionToken.objects.filter(user=user, expires_at__gt=now).order_by("-created_at", "-pk")
