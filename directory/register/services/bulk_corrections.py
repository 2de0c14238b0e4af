"""Registered institutions corrected in batches, with their new or corrected authorisations; booking is notified."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from cms.core.calendar.times import local_date
from directory.register.models import Authorisation, Institution, Refusal
from directory.register.services.bulk_batches import Progress, announce, batches, recompute_centres, record_batch
from directory.register.services.changes import reopen_booking
from directory.register.services.institutions import FIELDS


@dataclass(slots=True)
class Correction:
    """An institution with its new values set, which of its columns they are, and its new or corrected authorisation."""

    institution: Institution
    changes: dict[str, list[str]] = field(default_factory=dict)
    authorisation: Authorisation | None = None


def correct_institutions(
    *,
    corrections: Iterable[Correction],
    now: dt.datetime,
    actor: AbstractBaseUser | None = None,
    progress: Progress | None = None,
    unannounced: list[int] | None = None,
) -> int:
    """Write changed institutions and authorisations; returns how many. Each batch is one transaction of its own.

    ``unannounced`` as for ``bulk.create_institutions``, with all of their keys.
    """
    written = 0
    townships: set[int] = set()
    for batch in batches(corrections):
        with transaction.atomic():
            townships |= _left_townships(batch)
            _correct_batch(batch, now=now, actor=actor, unannounced=unannounced)
        written += len(batch)
        townships |= {row.institution.township_id for row in batch if row.institution.township_id}
        if progress:
            progress(written)
    recompute_centres(townships)
    return written


def _left_townships(batch: Sequence[Correction]) -> set[int]:
    """Where the institutions of a batch that move are still registered."""
    moving = [row.institution.pk for row in batch if "township" in row.changes]
    left = Institution.objects.filter(pk__in=moving, township__isnull=False)
    return set(left.values_list("township_id", flat=True)) if moving else set()


#: What a list corrects is what staff may enter; the rest follows from that.
_COLUMNS = [*sorted(FIELDS), "state", "is_public", "changed_at"]


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
        if authorisation.published_at is None and not authorisation.has_run_out(today):
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
    linked = _link_earlier_refusals(granted)
    record_batch([(row.institution, row.changes) for row in batch], action="wagtail.edit", now=now, actor=actor)
    record_batch([(made, {}) for made in granted], action="directory.grant", now=now, actor=actor)
    record_batch(linked, action="directory.link", now=now, actor=actor)
    announce([row.institution.pk for row in batch], unannounced, now=now)
    reopen_booking(gained + [row.institution for row in batch if "places" in row.changes], now=now)


def _becomes_public(row: Correction, today: dt.date) -> bool:
    authorisation = row.authorisation
    is_draft = row.institution.state == Institution.State.DRAFT
    return authorisation is not None and is_draft and authorisation.is_live(today)


def _link_earlier_refusals(granted: Sequence[Authorisation]) -> list[tuple[Refusal, dict[str, list[str]]]]:
    """A refusal stays, and says what came later; returns those that do so now, with what the history says."""
    by_institution = {authorisation.institution_id: authorisation for authorisation in granted}
    refusals = list(Refusal.objects.filter(institution__in=by_institution, later_authorisation__isnull=True))
    for refusal in refusals:
        refusal.later_authorisation = by_institution[refusal.institution_id]  # type: ignore[index]  # filtered above
    Refusal.objects.bulk_update(refusals, ["later_authorisation"])
    return [(refusal, {"later_authorisation": ["", str(refusal.later_authorisation)]}) for refusal in refusals]
