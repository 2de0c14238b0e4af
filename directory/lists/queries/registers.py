"""What the importer and the export read: districts as rows are held against them, and the register of a district."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from cms.core.runtime.replica import from_replica
from directory.districts.models import District, Township
from directory.districts.positions import Position
from directory.lists.importing.townships import KnownDistrict, TownshipName
from directory.register.models import Authorisation, CareProduct, Institution

CHUNK = 1000


def known_districts(districts: Iterable[District] | None = None) -> tuple[KnownDistrict, ...]:
    """The districts (all of them unless given) in their order, with their townships; at most two queries."""
    rows = list(District.objects.order_by("position", "pk") if districts is None else districts)
    townships: defaultdict[int, list[TownshipName]] = defaultdict(list)
    for pk, district, code, name in (
        Township.objects.filter(district__in=[row.pk for row in rows])
        .order_by("code")
        .values_list("pk", "district", "code", "name")
    ):
        townships[district].append(TownshipName(pk, code, name))
    return tuple(_known(row, townships[row.pk]) for row in rows)


def _known(district: District, townships: list[TownshipName]) -> KnownDistrict:
    centre = None
    if district.centre_latitude is not None and district.centre_longitude is not None:
        centre = Position(district.centre_latitude, district.centre_longitude)
    return KnownDistrict(
        pk=district.pk,
        slug=district.slug,
        code=district.code,
        name=district.name,
        full_name=district.full_name,
        centre=centre,
        radius_km=district.radius_km,
        townships=tuple(townships),
    )


def modes_offered_by(institutions: Collection[int]) -> dict[int, set[str]]:
    """Institution → the modes that it offers at the moment; one query."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    rows = CareProduct.objects.filter(institution__in=institutions, active=True)
    for institution, mode in rows.values_list("institution", "mode"):
        found[institution].add(mode)
    return found


def keys_by_code(codes: Collection[str]) -> dict[str, int]:
    """Credit code → institution, in any district; a few queries."""
    found: dict[str, int] = {}
    wanted = sorted(codes)
    for start in range(0, len(wanted), CHUNK):
        rows = Institution.objects.filter(credit_code__in=wanted[start : start + CHUNK])
        found |= {code or "": pk for code, pk in rows.values_list("credit_code", "pk")}
    return found


def names_and_addresses() -> Iterator[tuple[int, str, str]]:
    """(pk, name, address) of every institution; names repeat over districts only at other addresses."""
    yield from Institution.objects.values_list("pk", "name", "address").iterator(chunk_size=2 * CHUNK)


def institutions_by_pk(pks: Collection[int]) -> dict[int, Institution]:
    """These institutions, in a few queries."""
    found: dict[int, Institution] = {}
    wanted = sorted(pks)
    for start in range(0, len(wanted), CHUNK):
        found |= {row.pk: row for row in Institution.objects.filter(pk__in=wanted[start : start + CHUNK])}
    return found


def authorisations_of(pks: Collection[int]) -> dict[int, list[Authorisation]]:
    """Every authorisation of these institutions, ended ones too, oldest first; a few queries."""
    wanted = sorted(pks)
    parts = (wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK))
    return _by_institution(row for part in parts for row in Authorisation.objects.filter(institution__in=part))


def _by_institution(rows: Iterable[Authorisation]) -> dict[int, list[Authorisation]]:
    found: defaultdict[int, list[Authorisation]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.pk):
        found[row.institution_id].append(row)
    return found


def register_rows(districts: Collection[District]) -> Iterator[dict[str, Any]]:
    """The register of these districts in the importer's columns, by district and name; drafts too, ended ones not."""
    rows = (
        from_replica(Institution.objects.filter(district__in=[district.pk for district in districts]))
        .exclude(state=Institution.State.ENDED)
        .select_related("district", "township")
        .order_by("district__position", "district", "name", "pk")
    )
    chunk: list[Institution] = []
    for institution in rows.iterator(chunk_size=CHUNK):
        chunk.append(institution)
        if len(chunk) == CHUNK:
            yield from _register_chunk(chunk)
            chunk = []
    yield from _register_chunk(chunk)


def _register_chunk(institutions: list[Institution]) -> Iterator[dict[str, Any]]:
    own = Authorisation.objects.filter(institution__in=[institution.pk for institution in institutions])
    authorisations = _by_institution(from_replica(own))
    for institution in institutions:
        open_ones = [row for row in authorisations.get(institution.pk, []) if row.ended_date is None]
        yield _register_row(institution, open_ones[0] if open_ones else None)


def _register_row(institution: Institution, authorisation: Authorisation | None) -> dict[str, Any]:
    return {
        "name": institution.name,
        "address": institution.address,
        "credit_code": institution.credit_code,
        "nature": institution.nature,
        "district": institution.district.name,
        "township": institution.township.name if institution.township else None,
        "head_name": institution.head_name,
        "phone": institution.phone,
        "filing_number": authorisation.number if authorisation else None,
        "filed_date": authorisation.from_date if authorisation else None,
        "office": authorisation.office if authorisation else None,
        "places": institution.places,
        "inclusive_places": institution.inclusive_places,
        "filed_modes": institution.filed_modes,
        "longitude": institution.longitude,
        "latitude": institution.latitude,
    }
