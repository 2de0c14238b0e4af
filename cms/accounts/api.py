"""Sessions, consents and children in the JSON API."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema, Status

from cms.accounts.family.queries.consents import current_text
from cms.accounts.family.queries.families import children_of
from cms.accounts.family.services import children as child_service
from cms.accounts.models import Child
from cms.accounts.origins import origin_of
from cms.accounts.ports import posts_of
from cms.accounts.signin.api_auth import session_of, token_required
from cms.accounts.signin.services import sign_in, tokens
from cms.accounts.signin.services.second_factor import check_second_factor
from cms.core.calendar.times import age_in_months, iso, local_date
from cms.core.calendar.times import now as clock
from cms.core.errors import NotAllowed

router = Router(tags=["accounts"])


class SecondFactorNeeded(NotAllowed):
    """Staff show a second factor before they get a token."""

    code = "second_factor"
    message = _("工作账号还要填第二步验证码")


class PhoneIn(Schema):
    """A mobile number, in any usual spelling."""

    phone: str


class CodeSent(Schema):
    """When the next code may be asked for."""

    resend_after: str


class SessionIn(Schema):
    """A number, the code sent to it, and for staff a code of their second factor."""

    phone: str
    code: str
    second_factor: str = ""
    device: str = ""


class TokenOut(Schema):
    """A token, shown once."""

    token: str
    expires_at: str


class ConsentOut(Schema):
    """A text to agree to."""

    version: str
    title: str
    text: str


class ChildIn(Schema):
    """A child, with the version of the text its guardian has just agreed to."""

    nickname: str
    birth_date: dt.date
    sex: str = ""
    allergies: str = ""
    care_notes: str = ""
    consent_version: str | None = None


class ChildOut(Schema):
    """A child of the caller's family."""

    id: str
    nickname: str
    birth_date: dt.date
    age_months: int


class ChildList(Schema):
    """All children of the caller's family; there are never so many that they need pages."""

    count: int
    page: int
    results: list[ChildOut]


@router.post("sessions/code", response={202: CodeSent}, summary="Send a code to a number, known or not")
def post_code(request: HttpRequest, payload: PhoneIn) -> Status[dict[str, str]]:
    """The same answer for every well-formed number."""
    asked = sign_in.request_code(phone=payload.phone, origin=origin_of(request), now=clock())
    return Status(HTTPStatus.ACCEPTED, {"resend_after": iso(asked.next_at)})


@router.post("sessions", response={201: TokenOut}, summary="Sign in with number and code")
def post_session(request: HttpRequest, payload: SessionIn) -> Status[dict[str, str]]:
    """A token; the first right code makes the account."""
    now = clock()
    found = sign_in.check_code(phone=payload.phone, code=payload.code, origin=origin_of(request), now=now)
    needs_factor = posts_of(found.user).needs_second_factor
    if needs_factor:
        if not payload.second_factor:
            raise SecondFactorNeeded
        check_second_factor(user=found.user, code=payload.second_factor, now=now)
    token, row = tokens.issue_token(user=found.user, label=payload.device, second_factor=needs_factor, now=now)
    return Status(HTTPStatus.CREATED, {"token": token, "expires_at": iso(row.expires_at)})


@router.delete("sessions", response={204: None}, auth=token_required, summary="End this session")
def delete_session(request: HttpRequest) -> Status[None]:
    """The token is of no use any more."""
    session = session_of(request)
    if session is not None:
        tokens.revoke_session(user=session.user, session_id=session.pk)
    return Status(HTTPStatus.NO_CONTENT, None)


@router.get("consents/child-data", response=ConsentOut, summary="The text about children's data in force")
def get_child_data_consent(request: HttpRequest) -> Any:
    """Show it whole before asking; its version goes with every child."""
    return current_text()


@router.get("children", response=ChildList, auth=token_required, summary="The children of my family")
def list_children(request: HttpRequest) -> dict[str, Any]:
    """In the order in which they were entered."""
    today = local_date(clock())
    rows = [_child(row, today) for row in children_of(request.user)]  # type: ignore[arg-type]  # ours by the token
    return {"count": len(rows), "page": 1, "results": rows}


@router.post("children", response={201: ChildOut}, auth=token_required, summary="Enter a child")
def post_child(request: HttpRequest, payload: ChildIn) -> Status[dict[str, Any]]:
    """422 `consent_required` unless the version is the one in force."""
    now = clock()
    details = child_service.ChildDetails(
        payload.nickname, payload.birth_date, payload.sex, payload.allergies, payload.care_notes
    )
    child = child_service.add_child(
        user=request.user,  # type: ignore[arg-type]  # ours by the token
        details=details,
        consent_version=payload.consent_version or "",
        now=now,
    )
    return Status(HTTPStatus.CREATED, _child(child, local_date(now)))


def _child(row: Child, today: dt.date) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "nickname": row.nickname,
        "birth_date": row.birth_date,
        "age_months": max(0, age_in_months(row.birth_date, today)),
    }
