"""The public record of one institution, with every fact's source; a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from cms.core.errors import NotFound
from cms.core.runtime.plain_rows import Columns
from cms.core.runtime.sql import rows, with_tables
from directory.districts.models import District, Township
from directory.register.fees import fee_on
from directory.register.models import (
    Authorisation,
    CareProduct,
    ClassGroup,
    ClosingDay,
    Institution,
    InstitutionProfile,
    ProductFee,
    ProfilePhoto,
    Title,
)
from directory.register.queries.closings import Closing, grouped

MODE_ORDER = ("full_day", "half_day", "hourly", "temporary", "half_month")
KIND_ORDER = ("infant", "toddler", "senior_toddler", "mixed")
CLOSINGS_SHOWN = dt.timedelta(days=30)

INSTITUTION, DISTRICT = Columns(Institution, "i"), Columns(District, "d", "id", "slug", "name")
TOWNSHIP, AUTHORISATION = Columns(Township, "s", "id", "code", "name"), Columns(Authorisation, "a")
PROFILE = Columns(InstitutionProfile, "f", "id", "institution", "introduction", "live", "latest_revision")
JOINED = (INSTITUTION, DISTRICT, TOWNSHIP, AUTHORISATION, PROFILE)
CLASS_GROUPS, PRODUCTS, FEES = Columns(ClassGroup, "g"), Columns(CareProduct, "p"), Columns(ProductFee, "f")
CLOSING_DAYS, TITLES = Columns(ClosingDay, "c"), Columns(Title, "t")
# At most one authorisation of an institution is open (``authorisation_one_live``).
PUBLIC = with_tables(
    f"""
SELECT {", ".join(map(str, JOINED))},
       EXISTS (SELECT 1 FROM {{ProfilePhoto}} h WHERE h.profile_id = f.id)
  FROM {{Institution}} i
  JOIN {{District}} d ON d.id = i.district_id
  JOIN {{Authorisation}} a ON a.institution_id = i.id AND a.ended_date IS NULL
  LEFT JOIN {{Township}} s ON s.id = i.township_id
  LEFT JOIN {{InstitutionProfile}} f ON f.institution_id = i.id AND f.live
 WHERE i.public_id = %s AND i.is_public
""",  # noqa: S608  # names of ours
    ProfilePhoto,
    Institution,
    District,
    Authorisation,
    Township,
    InstitutionProfile,
)

#: Products with their fees, in the order of their beginning.
OFFERED = with_tables(
    f"""
SELECT {PRODUCTS}, {FEES}
  FROM {{CareProduct}} p JOIN {{ProductFee}} f ON f.product_id = p.id
 WHERE p.institution_id = %s AND p.active
 ORDER BY f.from_date, f.id
""",  # noqa: S608  # names of ours
    CareProduct,
    ProductFee,
)


class InstitutionAbsent(NotFound):
    """No such institution, or not a public one: outside both look the same."""

    message = _("没有这家机构，或者它已不在公开名单里。")


@dataclass(frozen=True, slots=True)
class InstitutionRecord:
    """What the public may know about an institution. ``profile`` is None until one has been published.

    ``fees`` are all of each product by its key, those that are over and those to come too, in order of their beginning.
    """

    institution: Institution
    profile: InstitutionProfile | None
    photos: list[ProfilePhoto]
    authorisation: Authorisation
    titles: list[Title]
    class_groups: list[ClassGroup]
    products: list[CareProduct]
    closing_days: list[ClosingDay]
    fees: Mapping[int, Sequence[ProductFee]] = field(default_factory=dict)

    @property
    def district(self) -> District:
        return self.institution.district

    @property
    def kinds_run(self) -> list[str]:
        """Class kinds that are run, youngest first."""
        run = {group.kind for group in self.class_groups}
        return [kind for kind in KIND_ORDER if kind in run]

    @property
    def closings(self) -> list[Closing]:
        """Closing days that follow one another in one."""
        return grouped(self.closing_days)

    @property
    def has_inclusive(self) -> bool:
        return self.institution.inclusive_places > 0


def public_record(public_id: str, *, today: dt.date) -> InstitutionRecord:
    """The record of a public institution; at most six queries. Raises ``InstitutionAbsent``."""
    found = _public_institution(public_id)
    if found is None:
        raise InstitutionAbsent
    institution, authorisation, profile, has_photos = found
    if not authorisation.is_live(today):
        raise InstitutionAbsent
    products, fees = _products(institution, today)
    return InstitutionRecord(
        institution=institution,
        profile=profile,
        photos=_photos(profile) if profile and has_photos else [],
        authorisation=authorisation,
        titles=_live_titles(institution, today) if institution.is_demonstration else [],
        class_groups=_class_groups(institution),
        products=products,
        closing_days=_closing_days(institution, today),
        fees=fees,
    )


def _public_institution(public_id: str) -> tuple[Institution, Authorisation, InstitutionProfile | None, bool] | None:
    """The institution with district and township, its open authorisation, its published profile, if that has photos."""
    with connection.cursor() as cursor:
        cursor.execute(PUBLIC, [public_id])
        row = cursor.fetchone()
    if row is None:
        return None
    made: list[Any] = []
    begin = 0
    for columns in JOINED:
        made.append(columns.make(row, begin))
        begin += len(columns)
    institution, institution.district, institution.township, authorisation, profile = made
    return institution, authorisation, profile, bool(row[begin])


def _closing_days(institution: Institution, today: dt.date) -> list[ClosingDay]:
    """Those that begin soon, each to its end, however long it is."""
    rest = "WHERE c.institution_id = %s AND c.date >= %s ORDER BY c.date, c.id"
    rows = CLOSING_DAYS.select(rest, [institution.pk, connection.ops.adapt_datefield_value(today)])
    return [row for closing in grouped(rows) if closing.first <= today + CLOSINGS_SHOWN for row in closing.days]


def preview_record(profile: InstitutionProfile, *, today: dt.date) -> InstitutionRecord:
    """The record as it would look with an unpublished profile, for the admin's preview."""
    institution = profile.institution
    nothing = Authorisation(institution=institution, office="", source_title="")
    products, fees = _products(institution, today)
    return InstitutionRecord(
        institution=institution,
        profile=profile,
        photos=list(profile.photos.all()),
        authorisation=_live_authorisation(institution, today) or nothing,
        titles=_live_titles(institution, today),
        class_groups=_class_groups(institution),
        products=products,
        closing_days=[],
        fees=fees,
    )


def _live_authorisation(institution: Institution, today: dt.date) -> Authorisation | None:
    return next((row for row in institution.authorisations.all() if row.is_live(today)), None)


def _live_titles(institution: Institution, today: dt.date) -> list[Title]:
    rows = TITLES.select("WHERE t.institution_id = %s ORDER BY t.from_date", [institution.pk])
    return [title for title in rows if title.is_live(today)]


def _class_groups(institution: Institution) -> list[ClassGroup]:
    return CLASS_GROUPS.select("WHERE g.institution_id = %s AND g.active ORDER BY g.id", [institution.pk])


def _products(institution: Institution, today: dt.date) -> tuple[list[CareProduct], dict[int, list[ProductFee]]]:
    """The products in the order of the record, and their fees."""
    products: dict[int, CareProduct] = {}
    fees: dict[int, list[ProductFee]] = {}
    for row in rows(OFFERED, [institution.pk]):
        product, fee = PRODUCTS.make(row), FEES.make(row, len(PRODUCTS))
        if product is not None and fee is not None:  # the join leaves none out
            products.setdefault(product.pk, product)
            fees.setdefault(product.pk, []).append(fee)

    def order(product: CareProduct) -> tuple[int, dt.time, bool, int]:
        fee = fee_on(fees[product.pk], today) or fees[product.pk][0]
        return MODE_ORDER.index(product.mode), product.starts, not product.inclusive, fee.fee

    return sorted(products.values(), key=order), fees


def _photos(profile: InstitutionProfile) -> list[ProfilePhoto]:
    return list(
        ProfilePhoto.objects.filter(profile=profile)
        .select_related("image")
        .prefetch_related("image__renditions")
        .order_by("sort_order")[:6]
    )
