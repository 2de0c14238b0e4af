"""The public record of one institution, with every fact's source; a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cms.core.errors import NotFound
from directory.models import (
    Authorisation,
    CareProduct,
    ClassGroup,
    ClosingDay,
    District,
    Institution,
    InstitutionProfile,
    ProfilePhoto,
    Title,
)

MODE_ORDER = ("full_day", "half_day", "hourly", "temporary", "half_month")
KIND_ORDER = ("infant", "toddler", "senior_toddler", "mixed")
CLOSINGS_SHOWN = dt.timedelta(days=30)


class InstitutionAbsent(NotFound):
    """No such institution, or not a public one: outside both look the same."""

    message = _("没有这家机构，或者它已不在公开名单里。")


@dataclass(frozen=True, slots=True)
class InstitutionRecord:
    """What the public may know of an institution. ``profile`` is None until one has been published."""

    institution: Institution
    profile: InstitutionProfile | None
    photos: list[ProfilePhoto]
    authorisation: Authorisation
    titles: list[Title]
    class_groups: list[ClassGroup]
    products: list[CareProduct]
    closing_days: list[ClosingDay]

    @property
    def district(self) -> District:
        return self.institution.district

    @property
    def kinds_run(self) -> list[str]:
        """Class kinds that are run, youngest first."""
        run = {group.kind for group in self.class_groups}
        return [kind for kind in KIND_ORDER if kind in run]

    @property
    def has_inclusive(self) -> bool:
        return self.institution.inclusive_places > 0


def public_record(public_id: str, *, today: dt.date) -> InstitutionRecord:
    """The record of a public institution; at most eight queries. Raises ``InstitutionAbsent``."""
    found = Institution.objects.filter(public_id=public_id, is_public=True).select_related(
        "district", "township", "profile"
    )
    # Few rows each, so sorting and choosing here costs less than building the SQL for it.
    institution = next(iter(found), None)
    authorisation = _live_authorisation(institution, today) if institution else None
    if institution is None or authorisation is None:
        raise InstitutionAbsent
    profile = _live_profile(institution)
    return InstitutionRecord(
        institution=institution,
        profile=profile,
        photos=_photos(profile),
        authorisation=authorisation,
        titles=_live_titles(institution, today) if institution.is_demonstration else [],
        class_groups=_class_groups(institution),
        products=_products(institution),
        closing_days=sorted(
            institution.closing_days.filter(date__range=(today, today + CLOSINGS_SHOWN)), key=lambda day: day.date
        ),
    )


def preview_record(profile: InstitutionProfile, *, today: dt.date) -> InstitutionRecord:
    """The record as it would look with an unpublished profile, for the admin's preview."""
    institution = profile.institution
    nothing = Authorisation(institution=institution, office="", source_title="")
    return InstitutionRecord(
        institution=institution,
        profile=profile,
        photos=list(profile.photos.all()),
        authorisation=_live_authorisation(institution, today) or nothing,
        titles=_live_titles(institution, today),
        class_groups=_class_groups(institution),
        products=_products(institution),
        closing_days=[],
    )


def _live_authorisation(institution: Institution, today: dt.date) -> Authorisation | None:
    rows = institution.authorisations.filter(ended_date__isnull=True)
    return next((row for row in rows if row.is_live(today)), None)


def _live_titles(institution: Institution, today: dt.date) -> list[Title]:
    rows = [title for title in institution.titles.all() if title.is_live(today)]
    return sorted(rows, key=lambda title: title.from_date)


def _class_groups(institution: Institution) -> list[ClassGroup]:
    return sorted((group for group in institution.class_groups.all() if group.active), key=lambda group: group.pk)


def _products(institution: Institution) -> list[CareProduct]:
    return sorted((product for product in institution.products.all() if product.active), key=_product_order)


def _live_profile(institution: Institution) -> InstitutionProfile | None:
    profile: InstitutionProfile | None = getattr(institution, "profile", None)
    return profile if profile is not None and profile.live else None


def _photos(profile: InstitutionProfile | None) -> list[ProfilePhoto]:
    """Photos come with a revision of the profile; most profiles have none, and cost no query."""
    if profile is None or profile.latest_revision_id is None:
        return []
    return list(
        ProfilePhoto.objects.filter(profile=profile)
        .select_related("image")
        .prefetch_related("image__renditions")
        .order_by("sort_order")[:6]
    )


def _product_order(product: CareProduct) -> tuple[int, dt.time, bool, int]:
    return MODE_ORDER.index(product.mode), product.starts, not product.inclusive, product.fee
