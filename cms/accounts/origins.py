"""Where a request comes from, as far as limits need it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

DEVICE_COOKIE = "device"
DEVICE_SECONDS = 60 * 60 * 24 * 180
#: How the last person who works came in: caregivers by phone, the others by password.
WAY_COOKIE, BY_PHONE, BY_PASSWORD = "work_way", "phone", "password"
_SALT = "cms.accounts.device"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from: the peer's address, and the browser's signed mark if it has one."""

    address: str
    device: str = ""


def origin_of(request: HttpRequest) -> Origin:
    """The peer's address behind our own proxies, and the browser's mark if it is one we gave out."""
    return Origin(address_of(request), _device_of(request))


def address_of(request: HttpRequest) -> str:
    """The address of the last hop that is not ours; headers count only as far as our own proxies wrote them."""
    proxies = settings.TRUSTED_PROXY_COUNT
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if proxies and len(hops) >= proxies:
        return hops[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def mark_device(request: HttpRequest, response: HttpResponse) -> None:
    """Give a browser a signed mark, so that limits can tell the phones behind one address apart."""
    if _device_of(request):
        return
    response.set_cookie(
        DEVICE_COOKIE,
        TimestampSigner(salt=_SALT).sign(secrets.token_urlsafe(12)),
        max_age=DEVICE_SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def remember_way(response: HttpResponse, way: str) -> None:
    """Note how this browser signed in to work, so that its workbench asks for the same next time."""
    response.set_cookie(
        WAY_COOKIE,
        way,
        max_age=DEVICE_SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def works_by_phone(request: HttpRequest) -> bool:
    """Whether whoever worked here last signed in by phone."""
    return request.COOKIES.get(WAY_COOKIE) == BY_PHONE


def _device_of(request: HttpRequest) -> str:
    try:
        return TimestampSigner(salt=_SALT).unsign(request.COOKIES.get(DEVICE_COOKIE, ""), max_age=DEVICE_SECONDS)
    except BadSignature:
        return ""
