"""The shapes of institutions' records and of refusals."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from cms.core.web.api_output import Moment

Mode = Literal["full_day", "half_day", "hourly", "temporary", "half_month"]


class SourceOut(Schema):
    """Where a statement comes from; ``url`` is empty where nothing is published online."""

    title: str
    url: str = ""
    date: dt.date | None = Field(None, description="day of the statement, where known")


class AuthorisationOut(Schema):
    """What makes the institution public."""

    basis: Literal["filing", "permit"]
    number: str
    office: str
    date: dt.date | None
    until: dt.date | None
    source: SourceOut


class TitleOut(Schema):
    """A distinction, such as 示范."""

    kind: str
    name: str
    office: str
    date: dt.date
    until: dt.date | None
    source: SourceOut


class RegistrationOut(Schema):
    """Who registered the body; the credit code shows its ends only."""

    nature: str
    registrar: str
    credit_code: str
    source: SourceOut


class PlacesOut(Schema):
    """Filed places, those of inclusive care apart."""

    total: int
    inclusive: int
    source: SourceOut


class ClassGroupOut(Schema):
    """A class with its places and the caregivers on duty."""

    kind: str
    name: str
    places: int
    caregivers: int
    source: SourceOut


class FeeOut(Schema):
    """What a product costs from a day on, in fen: a day, a step of ``booking_policy.step_minutes``, or a block."""

    class_kind: str | None = Field(description="null for all classes; the fee of one class goes before it")
    from_date: dt.date | None = Field(alias="from", description="null where nobody noted the day")
    fee: int
    monthly_fee: int | None
    meal_fee: int | None
    source: SourceOut


class ProductOut(Schema):
    """A way of care; ``fee`` and the two after it are what holds for all classes today, null before the first begins.

    ``fees`` are all of them in order of their beginning, those that are over and those to come too.
    """

    id: str
    mode: Mode
    part: str
    starts: str
    ends: str
    block_minutes: int | None
    fee: int | None
    monthly_fee: int | None
    meal_fee: int | None
    fees: list[FeeOut]
    inclusive: bool
    source: SourceOut


class PolicyOut(Schema):
    """The booking rules as numbers and as sentences."""

    rules: list[str]
    data: dict[str, Any]
    source: SourceOut


class InstitutionDetailOut(Schema):
    """The whole public record of an institution."""

    id: str
    name: str
    district: str
    street: str = Field(description="township code, or empty")
    street_name: str
    address: str
    phone: str
    location: str | None = Field(description="lat,lng in WGS-84")
    state: Literal["active", "under_rectification"]
    takes_bookings: bool
    modes: list[str]
    inclusive: bool
    demonstration: bool
    places: PlacesOut
    registration: RegistrationOut | None
    authorisation: AuthorisationOut
    titles: list[TitleOut]
    class_groups: list[ClassGroupOut]
    products: list[ProductOut]
    booking_policy: PolicyOut | None
    closing_days: list[dict[str, str]]
    introduction: str
    page: str
    as_of: Moment


class LaterOut(Schema):
    """The authorisation that came after a refusal."""

    institution: str | None
    date: dt.date | None


class RefusalOut(Schema):
    """A refusal with its public reasons."""

    id: str
    institution: str = Field(description="name as it was refused")
    district: str
    district_plan_is_draft: bool
    date: dt.date
    office: str
    reasons: str
    rule: str
    source: SourceOut
    later: LaterOut | None


class RefusalListOut(Schema):
    """A page of refusals."""

    count: int
    page: int
    results: list[RefusalOut]
