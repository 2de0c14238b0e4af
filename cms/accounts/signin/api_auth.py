"""The token of the JSON API: `Router(auth=token_required)` or `@router.get(..., auth=token_required)`.

``cms.accounts.signin.middleware.ApiSessionMiddleware`` has already looked the token up (and answered 401 for a
bad one on calls that need none), so this only asks whether there was one.
"""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import APIKeyHeader

from cms.accounts.models import SessionToken, User


class SessionTokenAuth(APIKeyHeader):
    """Header `X-Session-Token`. `request.user` is the user, with the family loaded by the same query."""

    param_name = "X-Session-Token"

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        """The user of the token, or None (401)."""
        return request.user if session_of(request) is not None else None  # type: ignore[return-value]  # set by us


token_required = SessionTokenAuth()


def session_of(request: HttpRequest) -> SessionToken | None:
    """The session behind a call, or None for an anonymous one."""
    return getattr(request, "api_session", None)
