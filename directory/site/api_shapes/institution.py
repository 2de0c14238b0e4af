"""The record of an institution as JSON."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from cms.core.calendar.times import iso, local_date
from directory.register import credit_code, ports
from directory.register.fees import SINCE_EVER, fee_on
from directory.register.models import (
    Authorisation,
    CareProduct,
    ClassGroup,
    ClosingDay,
    Institution,
    ProductFee,
    Refusal,
    Title,
)
from directory.site.components.rules import rules_in_words
from directory.site.queries.detail import InstitutionRecord

BY_INSTITUTION = "机构填写"
FROM_FILING = "备案材料"


def institution_out(record: InstitutionRecord, *, rules: ports.BookingRules | None, now: dt.datetime) -> dict[str, Any]:
    """The JSON of a record."""
    institution = record.institution
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
        "class_groups": [_class_group(group) for group in record.class_groups],
        "products": [_product(product, record.fees[product.pk], local_date(now)) for product in record.products],
        "booking_policy": rules and _policy(rules),
        "closing_days": [_closing_day(day) for day in record.closing_days],
        "introduction": record.profile.introduction if record.profile else "",
        "page": settings.SITE_URL.rstrip("/") + institution.get_absolute_url(),
        "as_of": iso(now),
    }


def _closing_day(day: ClosingDay) -> dict[str, str]:
    """``from``, ``to`` and ``class_kind`` only where not all of the day and the institution is closed."""
    shown = {"date": day.date.isoformat(), "reason": day.reason}
    if not day.is_whole_day:
        opens, closes = (f"{minute // 60:02d}:{minute % 60:02d}" for minute in (day.from_minute, day.to_minute))
        shown |= {"from": opens, "to": closes}
    return shown | ({"class_kind": day.class_kind} if day.class_kind else {})


def _policy(rules: ports.BookingRules) -> dict[str, Any]:
    return {"rules": rules_in_words(rules), "data": _rules(rules), "source": _own(rules.confirmed_at)}


def _rules(rules: ports.BookingRules) -> dict[str, Any]:
    """The rules alone: when they were confirmed stands in their source."""
    data = dataclasses.asdict(rules) | {"free_cancel_clock": rules.free_cancel_clock.strftime("%H:%M")}
    del data["confirmed_at"]
    return data


def source_of(row: Authorisation | Title | Refusal, date: dt.date | None) -> dict[str, Any]:
    return {"title": row.source_title, "url": row.source_url, "date": date}


def _authorisation(row: Authorisation) -> dict[str, Any]:
    return {
        "basis": row.basis,
        "number": row.number,
        "office": row.office,
        "date": row.from_date,
        "until": row.until_date,
        "source": source_of(row, row.from_date),
    }


def _title(row: Title) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "name": row.name,
        "office": row.office,
        "date": row.from_date,
        "until": row.until_date,
        "source": source_of(row, row.from_date),
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


def _own(confirmed_at: dt.datetime | None) -> dict[str, Any]:
    """What the institution says of itself, with the day on which it last saved that fact."""
    return {"title": BY_INSTITUTION, "date": local_date(confirmed_at) if confirmed_at else None}


def _class_group(group: ClassGroup) -> dict[str, Any]:
    return {
        "kind": group.kind,
        "name": group.name,
        "places": group.places,
        "caregivers": group.caregivers,
        "source": _own(group.confirmed_at),
    }


def _product(product: CareProduct, fees: Sequence[ProductFee], today: dt.date) -> dict[str, Any]:
    current = fee_on(fees, today)
    return {
        "id": product.public_id,
        "mode": product.mode,
        "part": product.part,
        "starts": product.starts.strftime("%H:%M"),
        "ends": product.ends.strftime("%H:%M"),
        "block_minutes": product.block_minutes,
        "fee": current.fee if current else None,
        "monthly_fee": current.monthly_fee if current else None,
        "meal_fee": current.meal_fee if current else None,
        "fees": [_fee(fee) for fee in fees],
        "inclusive": product.inclusive,
        "source": _own(product.confirmed_at),
    }


def _fee(fee: ProductFee) -> dict[str, Any]:
    return {
        "class_kind": fee.class_kind or None,
        "from": None if fee.from_date == SINCE_EVER else fee.from_date,
        "fee": fee.fee,
        "monthly_fee": fee.monthly_fee,
        "meal_fee": fee.meal_fee,
        "source": _own(fee.confirmed_at),
    }
