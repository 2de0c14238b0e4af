"""New institutions written in batches by the importer and the demo, by the same rules, with a few queries per batch.

A new institution gets an empty profile (no revisions) and, with an authorisation, is active and public. Search index
and cached pages follow as ``directory.register.services.changes`` says; ``bulk_corrections`` corrects registered ones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from cms.core.calendar.times import local_date
from directory.register.models import (
    Authorisation,
    CareProduct,
    ClassGroup,
    Institution,
    InstitutionProfile,
    OpeningRule,
    ProductFee,
)
from directory.register.services.bulk_batches import BATCH, Progress, announce, batches, recompute_centres, record_batch
from directory.register.services.changes import institutions_changed
from directory.register.services.modes import refuse_new_offerings


@dataclass(frozen=True, slots=True)
class NewInstitution:
    """An unsaved institution, and the unsaved authorisation that makes it public; without one it stays a draft."""

    institution: Institution
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
    for batch in batches(rows):
        with transaction.atomic():
            made += _create_batch(batch, now=now, actor=actor, unannounced=unannounced)
        townships |= {row.institution.township_id for row in batch if row.institution.township_id}
        if progress:
            progress(len(made))
    recompute_centres(townships)
    return made


def create_offerings(
    *,
    class_groups: Sequence[ClassGroup] = (),
    opening_rules: Sequence[OpeningRule] = (),
    fees: Sequence[ProductFee] = (),
    now: dt.datetime,
) -> None:
    """Write classes, then their opening rules, then products with their ``fees``; all count as confirmed now.

    The institutions are indexed again.

    Places follow when the caller generates booking's cells. Raises ``InvalidInput`` for a mode that is not filed.
    """
    products = list({id(fee.product): fee.product for fee in fees}.values())
    refuse_new_offerings(products, local_date(now))
    with transaction.atomic():
        confirmed: list[ClassGroup | CareProduct | ProductFee] = [*class_groups, *products, *fees]
        for row in confirmed:
            row.confirmed_at = now
        ClassGroup.objects.bulk_create(class_groups, batch_size=BATCH)
        OpeningRule.objects.bulk_create(opening_rules, batch_size=BATCH)
        CareProduct.objects.bulk_create(products, batch_size=BATCH)
        for fee in fees:
            fee.product_id = fee.product.pk  # known only now
        ProductFee.objects.bulk_create(fees, batch_size=BATCH)
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
    record_batch([(made, {}) for made in institutions], action="wagtail.create", now=now, actor=actor)
    record_batch([(made, {}) for made in authorisations], action="directory.grant", now=now, actor=actor)
    announce([made.pk for made in institutions if made.is_public], unannounced, now=now)
    return [made.pk for made in institutions]
