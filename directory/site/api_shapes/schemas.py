"""The JSON of institutions' records and refusals, and how they are written."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any, Literal

from django.conf import settings
from ninja import Schema
from pydantic import Field

from cms.core.calendar.times import local
from directory.register import credit_code, ports
from directory.register.models import Authorisation, CareProduct, ClassGroup, Institution, Refusal, Title
from directory.site.components.rules import rules_in_words
from directory.site.queries.detail import InstitutionRecord

Mode = Literal["full_day", "half_day", "hourly", "temporary", "half_month"]
BY_INSTITUTION = "机构填写"
FROM_FILING = "备案材料"


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


class ProductOut(Schema):
    """A way of care with its fee in fen: a day, a step of ``booking_policy.step_minutes``, or a block."""

    id: str
    mode: Mode
    part: str
    starts: str
    ends: str
    block_minutes: int | None
    fee: int
    monthly_fee: int | None
    meal_fee: int | None
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
    as_of: str = Field(json_schema_extra={"format": "date-time"})


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


def institution_out(record: InstitutionRecord, *, rules: ports.BookingRules | None, now: dt.datetime) -> dict[str, Any]:
    """The JSON of a record."""
    institution = record.institution
    own = {"title": BY_INSTITUTION, "date": local(institution.changed_at).date()}
    filed = {"title": FROM_FILING, "date": record.authorisation.from_date}
    return {
        "id": institution.public_id,
        "name": institution.name,
        "district": record.district.slug,
        "street": institution.township.code if institution.township else "",
        "street_name": institution.township.name if institution.township else "",
        "address": institution.address,
        "phone": institution.phone,
        "location": None if institution.latitude is None else f"{institution.latitude:.6f},{institution.longitude:.6f}",
        "state": institution.state,
        "takes_bookings": institution.takes_bookings,
        "modes": sorted({product.mode for product in record.products}) or institution.filed_modes,
        "inclusive": record.has_inclusive,
        "demonstration": institution.is_demonstration,
        "places": {"total": institution.places, "inclusive": institution.inclusive_places, "source": filed},
        "registration": _registration(institution, filed),
        "authorisation": _authorisation(record.authorisation),
        "titles": [_title(title) for title in record.titles],
        "class_groups": [_class_group(group, own) for group in record.class_groups],
        "products": [_product(product, own) for product in record.products],
        "booking_policy": rules and {"rules": rules_in_words(rules), "data": _rules(rules), "source": own},
        "closing_days": [{"date": day.date.isoformat(), "reason": day.reason} for day in record.closing_days],
        "introduction": record.profile.introduction if record.profile else "",
        "page": settings.SITE_URL.rstrip("/") + institution.get_absolute_url(),
        "as_of": local(now).isoformat(timespec="seconds"),
    }


def _rules(rules: ports.BookingRules) -> dict[str, Any]:
    return dataclasses.asdict(rules) | {"free_cancel_clock": rules.free_cancel_clock.strftime("%H:%M")}


def refusal_out(refusal: Refusal) -> dict[str, Any]:
    """The JSON of a refusal; the later institution's id only while it is public."""
    later = refusal.later_authorisation
    shown = later is not None and later.published_at is not None
    return {
        "id": refusal.public_id,
        "institution": refusal.institution_name,
        "district": refusal.district.slug,
        "district_plan_is_draft": refusal.district.is_draft,
        "date": refusal.refused_date,
        "office": refusal.office,
        "reasons": refusal.reasons,
        "rule": refusal.rule,
        "source": _source(refusal, refusal.refused_date),
        "later": {
            "institution": later.institution.public_id if later.institution.is_public else None,
            "date": later.from_date,
        }
        if later is not None and shown
        else None,
    }


def _source(row: Authorisation | Title | Refusal, date: dt.date | None) -> dict[str, Any]:
    return {"title": row.source_title, "url": row.source_url, "date": date}


def _authorisation(row: Authorisation) -> dict[str, Any]:
    return {
        "basis": row.basis,
        "number": row.number,
        "office": row.office,
        "date": row.from_date,
        "until": row.until_date,
        "source": _source(row, row.from_date),
    }


def _title(row: Title) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "name": row.name,
        "office": row.office,
        "date": row.from_date,
        "until": row.until_date,
        "source": _source(row, row.from_date),
    }


def _registration(institution: Institution, source: dict[str, Any]) -> dict[str, Any] | None:
    code = institution.credit_code or ""
    if not code and not institution.nature:
        return None
    return {
        "nature": institution.nature,
        "registrar": credit_code.registrar(code)[1],
        "credit_code": credit_code.mask(code),
        "source": source,
    }


def _class_group(group: ClassGroup, source: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": group.kind,
        "name": group.name,
        "places": group.places,
        "caregivers": group.caregivers,
        "source": source,
    }


def _product(product: CareProduct, source: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": product.public_id,
        "mode": product.mode,
        "part": product.part,
        "starts": product.starts.strftime("%H:%M"),
        "ends": product.ends.strftime("%H:%M"),
        "block_minutes": product.block_minutes,
        "fee": product.fee,
        "monthly_fee": product.monthly_fee,
        "meal_fee": product.meal_fee,
        "inclusive": product.inclusive,
        "source": {**source, "date": product.fee_from_date or source["date"]},
    }
