"""Institutions written in batches: by the importer and by the demo. The rules of one by one, a few queries a batch.

A new institution gets an empty profile (no revisions) and, with an authorisation, is active and public. Search index,
kept pages, the history and booking are told as ``directory.register.services.changes`` and
``directory.register.ports`` ask.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from wagtail.models import ModelLogEntry

from cms.core.calendar.times import local_date
from directory.districts.models import Township
from directory.register import ports
from directory.register.models import (
    Authorisation,
    CareProduct,
    ClassGroup,
    Institution,
    InstitutionProfile,
    OpeningRule,
    Refusal,
)
from directory.register.services.changes import institutions_changed
from directory.register.services.townships import recompute_centre

BATCH = 500
Item = TypeVar("Item")
Progress = Callable[[int], None]
#: Columns whose values stay out of the history: it holds no personal data.
PERSONAL = frozenset({"phone", "head_name"})


@dataclass(frozen=True, slots=True)
class NewInstitution:
    """An unsaved institution, and the unsaved authorisation that makes it public; without one it stays a draft."""

    institution: Institution
    authorisation: Authorisation | None = None


@dataclass(slots=True)
class Correction:
    """An institution with its new values set, which of its columns they are, and its new or corrected authorisation."""

    institution: Institution
    changes: dict[str, list[str]] = field(default_factory=dict)
    authorisation: Authorisation | None = None


def create_institutions(
    *,
    rows: Iterable[NewInstitution],
    now: dt.datetime,
    actor: AbstractBaseUser | None = None,
    progress: Progress | None = None,
    unannounced: list[int] | None = None,
) -> list[int]:
    """Write new institutions in order; returns their primary keys. Each batch is one transaction of its own.

    The caller has checked the rows: a broken constraint raises ``IntegrityError`` and undoes its batch. With
    ``unannounced`` the keys of public ones are added to it and the caller hands them all to ``institutions_changed``
    in the end, which then sees how many there are.
    """
    made: list[int] = []
    townships: set[int] = set()
    for batch in _batches(rows):
        with transaction.atomic():
            made += _create_batch(batch, now=now, actor=actor, unannounced=unannounced)
        townships |= {row.institution.township_id for row in batch if row.institution.township_id}
        if progress:
            progress(len(made))
    _recompute(townships)
    return made


def correct_institutions(
    *,
    corrections: Iterable[Correction],
    now: dt.datetime,
    actor: AbstractBaseUser | None = None,
    progress: Progress | None = None,
    unannounced: list[int] | None = None,
) -> int:
    """Write changed institutions and authorisations; returns how many. Each batch is one transaction of its own.

    ``unannounced`` as for :func:`create_institutions`, with all of their keys.
    """
    written = 0
    townships: set[int] = set()
    for batch in _batches(corrections):
        with transaction.atomic():
            _correct_batch(batch, now=now, actor=actor, unannounced=unannounced)
        written += len(batch)
        townships |= {row.institution.township_id for row in batch if row.institution.township_id}
        if progress:
            progress(written)
    _recompute(townships)
    return written


def create_offerings(
    *,
    class_groups: Sequence[ClassGroup] = (),
    opening_rules: Sequence[OpeningRule] = (),
    products: Sequence[CareProduct] = (),
    now: dt.datetime,
) -> None:
    """Write classes, then their opening rules, then products; the institutions are indexed again.

    Places follow when the caller generates booking's cells.
    """
    with transaction.atomic():
        ClassGroup.objects.bulk_create(class_groups, batch_size=BATCH)
        OpeningRule.objects.bulk_create(opening_rules, batch_size=BATCH)
        CareProduct.objects.bulk_create(products, batch_size=BATCH)
        touched = {row.institution_id for row in class_groups} | {row.institution_id for row in products}
        institutions_changed(institution_ids=sorted(touched), now=now)


def _create_batch(
    batch: Sequence[NewInstitution],
    *,
    now: dt.datetime,
    actor: AbstractBaseUser | None,
    unannounced: list[int] | None,
) -> list[int]:
    for row in batch:
        institution = row.institution
        institution.created_at = institution.changed_at = now
        institution.is_public = row.authorisation is not None
        institution.state = Institution.State.ACTIVE if row.authorisation else Institution.State.DRAFT
    institutions = Institution.objects.bulk_create([row.institution for row in batch])
    InstitutionProfile.objects.bulk_create(InstitutionProfile(institution=made) for made in institutions)
    authorisations = [row.authorisation for row in batch if row.authorisation]
    for authorisation in authorisations:
        # The key of the institution is known only now.
        authorisation.institution_id = authorisation.institution.pk
        authorisation.published_at = now
    Authorisation.objects.bulk_create(authorisations)
    _record([(made, {}) for made in institutions], action="wagtail.create", now=now, actor=actor)
    _record([(made, {}) for made in authorisations], action="directory.grant", now=now, actor=actor)
    _announce([made.pk for made in institutions if made.is_public], unannounced, now=now)
    return [made.pk for made in institutions]


def _correct_batch(
    batch: Sequence[Correction],
    *,
    now: dt.datetime,
    actor: AbstractBaseUser | None,
    unannounced: list[int] | None,
) -> None:
    authorisations = [row.authorisation for row in batch if row.authorisation is not None]
    granted = [authorisation for authorisation in authorisations if authorisation.pk is None]
    corrected = [authorisation for authorisation in authorisations if authorisation.pk is not None]
    today = local_date(now)
    for authorisation in authorisations:
        # One that has run out is corrected, not brought back.
        if authorisation.published_at is None and _counts_today(authorisation, today):
            authorisation.published_at = now
    gained = [row.institution for row in batch if _becomes_public(row, today)]
    for row in batch:
        row.institution.changed_at = now
    for institution in gained:
        institution.is_public = True
        institution.state = Institution.State.ACTIVE
    Institution.objects.bulk_update([row.institution for row in batch], _COLUMNS)
    Authorisation.objects.bulk_create(granted)
    if corrected:
        Authorisation.objects.bulk_update(corrected, ["number", "from_date", "office", "published_at"])
    _link_earlier_refusals(granted)
    _record([(row.institution, row.changes) for row in batch], action="wagtail.edit", now=now, actor=actor)
    _record([(made, {}) for made in granted], action="directory.grant", now=now, actor=actor)
    _announce([row.institution.pk for row in batch], unannounced, now=now)
    _reopen(gained + [row.institution for row in batch if "places" in row.changes], now=now)


_COLUMNS = [
    "name",
    "address",
    "township",
    "phone",
    "head_name",
    "credit_code",
    "nature",
    "latitude",
    "longitude",
    "places",
    "inclusive_places",
    "filed_modes",
    "state",
    "is_public",
    "changed_at",
]


def _becomes_public(row: Correction, today: dt.date) -> bool:
    authorisation = row.authorisation
    is_draft = row.institution.state == Institution.State.DRAFT
    return authorisation is not None and is_draft and authorisation.is_live(today)


def _counts_today(authorisation: Authorisation, today: dt.date) -> bool:
    return authorisation.until_date is None or authorisation.until_date >= today


def _announce(pks: list[int], unannounced: list[int] | None, *, now: dt.datetime) -> None:
    if unannounced is None:
        institutions_changed(institution_ids=pks, now=now)
    else:
        unannounced += pks


def _link_earlier_refusals(granted: Sequence[Authorisation]) -> None:
    """A refusal stays, and says what came later (D2)."""
    by_institution = {authorisation.institution_id: authorisation for authorisation in granted}
    refusals = list(Refusal.objects.filter(institution__in=by_institution, later_authorisation__isnull=True))
    for refusal in refusals:
        refusal.later_authorisation = by_institution[refusal.institution_id]  # type: ignore[index]  # filtered above
    Refusal.objects.bulk_update(refusals, ["later_authorisation"])


def _reopen(institutions: Sequence[Institution], *, now: dt.datetime) -> None:
    """Booking sets its targets again where there are classes to book."""
    taking = {institution.pk: institution for institution in institutions if institution.takes_bookings}
    for pk in ClassGroup.objects.filter(institution__in=taking).values_list("institution", flat=True).distinct():
        ports.tell_offering_changed(institution_id=taking[pk].pk, now=now)


def _record(
    rows: Sequence[tuple[models.Model, dict[str, list[str]]]],
    *,
    action: str,
    now: dt.datetime,
    actor: AbstractBaseUser | None,
) -> None:
    """History entries of a batch by one INSERT, as ``changes.record`` writes them one by one."""
    if not rows:
        return
    content_type = ContentType.objects.get_for_model(rows[0][0], for_concrete_model=False)
    ModelLogEntry.objects.bulk_create(
        ModelLogEntry(
            content_type=content_type,
            object_id=str(instance.pk),
            label=str(instance),
            action=action,
            timestamp=now,
            user=actor,
            data=_data(changes),
            content_changed=True,
        )
        for instance, changes in rows
    )


def _data(changes: dict[str, list[str]]) -> dict[str, Any]:
    shown = {name: [] if name in PERSONAL else words for name, words in changes.items()}
    return {"import": True, "changes": shown} if shown else {"import": True}


def _recompute(township_ids: Iterable[int]) -> None:
    for township in Township.objects.filter(pk__in=set(township_ids)):
        recompute_centre(township=township)


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    source = iter(items)
    while batch := list(islice(source, BATCH)):
        yield batch
