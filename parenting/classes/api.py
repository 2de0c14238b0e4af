"""Class sessions and sign-ups in the JSON API."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Annotated, Any, Literal

from django.core.paginator import Paginator
from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from cms.accounts.signin.api_auth import token_required
from cms.core.calendar.times import iso
from cms.core.calendar.times import now as clock
from cms.core.web.api_input import Day
from cms.core.web.api_output import Moment, Problem
from parenting.classes.enums import SessionKind
from parenting.classes.models import OLDEST_MONTHS, ClassSession
from parenting.classes.queries.sessions import SessionQuestion, list_sessions, public_session, remaining, signup_state
from parenting.classes.services.signups import cancel_signup, sign_up

router = Router(tags=["classes"])

PAGE_SIZE, MOST_ROWS = 20, 200


class ClassSessionOut(Schema):
    """One class session."""

    id: str
    kind: str
    title: str
    topic: str
    starts_at: Moment
    ends_at: Moment
    age_from: int
    age_to: int
    venue: str
    street: str | None
    organiser: str
    capacity: int
    remaining: int
    signup: Literal["open", "not_yet", "closed"]
    signup_opens_at: Moment
    signup_closes_at: Moment
    cancelled: bool


class SessionDetailOut(ClassSessionOut):
    """One class session with its text."""

    introduction: str
    speaker: str


class SessionList(Schema):
    """A page of class sessions."""

    count: int
    page: int
    results: list[ClassSessionOut]


class SignupIn(Schema):
    """Which child comes; may be left out with one child."""

    child: str | None = None


class SignupOut(Schema):
    """A place taken."""

    id: str
    status: Literal["signed_up"]


def session_out(session: ClassSession, *, now: dt.datetime) -> dict[str, Any]:
    """One session as the API shows it."""
    places = session.places
    return {
        "id": session.public_id,
        "kind": session.kind,
        "title": session.title,
        "topic": session.topic,
        "starts_at": iso(places.starts_at),
        "ends_at": iso(places.ends_at),
        "age_from": session.age_from,
        "age_to": session.age_to,
        "venue": session.venue,
        "street": session.township.code if session.township else None,
        "organiser": session.organiser,
        "capacity": places.cell.target,
        "remaining": remaining(session),
        "signup": signup_state(session, now=now),
        "signup_opens_at": iso(places.signup_opens_at),
        "signup_closes_at": iso(places.signup_closes_at),
        "cancelled": places.cancelled_at is not None,
    }


@router.get("classes", response={200: SessionList, 401: Problem, 422: Problem}, summary="Class sessions by time")
def get_classes(
    request: HttpRequest,
    district: str = "",
    street: str = "",
    kind: SessionKind | None = None,
    age_months: Annotated[int | None, Query(ge=0, le=OLDEST_MONTHS)] = None,
    date_from: Annotated[Day | None, Query(alias="from")] = None,
    date_to: Annotated[Day | None, Query(alias="to")] = None,
    page: Annotated[int, Query(ge=1)] = 1,
    page_size: Annotated[int, Query(ge=1, le=MOST_ROWS)] = PAGE_SIZE,
) -> dict[str, Any]:
    """Future ones unless `from` (a date) is given; `to` is inclusive."""
    now = clock()
    question = SessionQuestion(district, street, kind.value if kind else "", age_months, date_from, date_to)
    found = Paginator(list_sessions(question, now=now), page_size)
    rows = found.page(page).object_list if page <= found.num_pages else []
    return {"count": found.count, "page": page, "results": [session_out(session, now=now) for session in rows]}


@router.get("classes/{session}", response={200: SessionDetailOut, 401: Problem, 404: Problem}, summary="One session")
def get_class(request: HttpRequest, session: str) -> dict[str, Any]:
    """A published class session."""
    found = public_session(session)
    more = {"introduction": found.introduction, "speaker": found.speaker}
    return {**session_out(found, now=clock()), **more}


@router.post(
    "classes/{session}/signups",
    response={201: SignupOut, 401: Problem, 404: Problem, 409: Problem, 422: Problem},
    auth=token_required,
    summary="Take a place in a session",
)
def post_signup(request: HttpRequest, session: str, payload: SignupIn | None = None) -> Status[dict[str, Any]]:
    """Again: the same place. 409 `full`, `closed` outside the window, `duplicate` when the child is elsewhere then."""
    child = payload.child if payload else None
    made = sign_up(user=request.user, session=session, child=child, now=clock())  # type: ignore[arg-type]  # by the token
    return Status(HTTPStatus.CREATED, {"id": made.booking.public_id, "status": "signed_up"})


@router.delete(
    "classes/{session}/signups",
    response={204: None, 401: Problem, 404: Problem, 409: Problem, 422: Problem},
    auth=token_required,
    summary="Give the place back",
)
def delete_signup(request: HttpRequest, session: str, child: str | None = None) -> Status[None]:
    """Cancelling twice answers the same. 422 `child_required` with places for more than one child."""
    cancel_signup(user=request.user, session=session, child=child, now=clock())  # type: ignore[arg-type]  # by the token
    return Status(HTTPStatus.NO_CONTENT, None)
