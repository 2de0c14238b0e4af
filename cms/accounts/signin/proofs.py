"""What a browser's session has proved; stored in that session alone and gone with it.

Signing in writes it; nothing else does. A session made any other way has proved nothing.
"""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest

from cms.accounts.models import User

SESSION_KEY = "proofs"
PASSWORD = "password"  # noqa: S105  # the name of a proof
PHONE = "phone"
SECOND = "second"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def start_session(request: HttpRequest, user: User, *proofs: str, seconds: int | None = None) -> None:
    """Sign the user in under a new session key, with these proofs; ``seconds`` bounds the session's life."""
    request.session.flush()
    login(request, user, backend=BACKEND)
    request.session[SESSION_KEY] = {"user": user.pk, "proofs": list(proofs)}
    if seconds is not None:
        request.session.set_expiry(seconds)


def add_proof(request: HttpRequest, proof: str) -> None:
    """The signed-in user has proved something more; the session gets a new key with it."""
    proofs = _proofs(request) | {proof}
    request.session.cycle_key()
    request.session[SESSION_KEY] = {"user": request.user.pk, "proofs": sorted(proofs)}


def has_password(request: HttpRequest) -> bool:
    """Whether this session began with the password."""
    return PASSWORD in _proofs(request)


def has_second_factor(request: HttpRequest) -> bool:
    """Whether a second factor was shown in this session."""
    return SECOND in _proofs(request)


def _proofs(request: HttpRequest) -> set[str]:
    kept = request.session.get(SESSION_KEY)
    user = request.user
    if not isinstance(kept, dict) or not user.is_authenticated or kept.get("user") != user.pk:
        return set()
    return set(kept.get("proofs", ()))
