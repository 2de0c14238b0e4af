"""Sessions of the JSON API."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from cms.accounts.models import Family, FamilyMember, SessionToken, User
from cms.core.runtime.django_internals import cache_relation, instance_maker
from cms.core.runtime.plain_rows import read_moment

FIND = """
SELECT t.id, t.user_id, t.expires_at, t.last_used_at, t.second_factor,
       u.username, u.is_active, u.is_staff, u.is_superuser, m.id, m.family_id, m.role
  FROM accounts_sessiontoken t
  JOIN accounts_user u ON u.id = t.user_id AND u.is_active
  LEFT JOIN accounts_familymember m ON m.user_id = u.id
 WHERE t.token_hash = %s AND t.expires_at > %s
"""
_make_session = instance_maker(SessionToken, "id", "user_id", "expires_at", "last_used_at", "second_factor")
_make_user = instance_maker(User, "id", "username", "is_active", "is_staff", "is_superuser")
_make_member = instance_maker(FamilyMember, "id", "family_id", "user_id", "role")
_make_family = instance_maker(Family, "id")


def token_hash(token: str) -> str:
    """What is stored of a token: it has 256 random bits, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_session(token: str, *, now: dt.datetime) -> SessionToken | None:
    """The live session of a token with its user and family, by one query; None if there is none.

    Every call of the API begins with it, so it is plain SQL and reads only what calls need; other columns of the
    user are deferred.
    """
    parameters = [token_hash(token), connection.ops.adapt_datetimefield_value(now)]
    with connection.cursor() as cursor:
        cursor.execute(FIND, parameters)
        row = cursor.fetchone()
    return None if row is None else _session(row)


def _session(row: tuple[Any, ...]) -> SessionToken:
    moments = [read_moment(moment) for moment in row[2:4]]
    session = _make_session([row[0], row[1], *moments, bool(row[4])])
    flags = [bool(flag) for flag in row[6:9]]
    user = _make_user([row[1], row[5], *flags])
    cache_relation(session, "user", user)
    cache_relation(user, "family_member", _member(user, *row[9:12]))
    return session


def _member(user: User, pk: int | None, family_id: int, role: str) -> FamilyMember | None:
    if pk is None:
        return None
    member = _make_member([pk, family_id, user.pk, role])
    cache_relation(member, "family", _make_family([family_id]))
    cache_relation(member, "user", user)
    return member


def live_sessions(user: User, *, now: dt.datetime) -> QuerySet[SessionToken]:
    """The user's sessions of the API, newest first."""
    return SessionToken.objects.filter(user=user, expires_at__gt=now).order_by("-created_at", "-pk")
