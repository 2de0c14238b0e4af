"""An official list written into the register: everything of it, or with ``partial`` its good rows, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from cms.core.errors import Refused
from directory.lists.importing.checking import CheckedList
from directory.lists.queries.import_changes import new_filing, new_institution
from directory.lists.queries.import_matching import institutions_meant
from directory.lists.queries.import_plan import CHANGED, NEW, ImportPlan, PlannedRow, plan_import
from directory.lists.queries.registers import authorisations_of, institutions_by_pk
from directory.register.models import Authorisation, Institution
from directory.register.services.bulk import BATCH, NewInstitution, create_institutions
from directory.register.services.bulk_corrections import Correction, correct_institutions
from directory.register.services.changes import institutions_changed

Progress = Callable[[int, int], None]


class PlanChanged(Refused):
    """The register is no longer as it was when the list was shown; ``plan`` is what would happen now."""

    code = "plan_changed"
    message = _("预览之后登记的内容有变化，请再看一遍，然后确认。")

    def __init__(self, plan: ImportPlan | None = None) -> None:
        super().__init__()
        self.plan = plan


@dataclass(frozen=True, slots=True)
class Imported:
    """``written``: whether any row was written."""

    plan: ImportPlan
    written: bool


def import_list(
    *,
    checked: CheckedList,
    now: dt.datetime,
    partial: bool = False,
    expected_digest: str | None = None,
    actor: AbstractBaseUser | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Write a checked list in one transaction; nothing is written if a row is bad, unless ``partial``.

    With ``expected_digest`` the plan must be the one that was shown, else ``PlanChanged``. Rows that change nothing are
    not written, so a second run writes nothing.
    """
    try:
        with transaction.atomic():
            _lock(institutions_meant(checked))
            plan = plan_import(checked, now=now)
            if expected_digest is not None and plan.digest != expected_digest:
                raise PlanChanged(plan)
            written = (partial or not plan.errors) and _write(plan, now=now, actor=actor, progress=progress)
    except IntegrityError:
        # Somebody has entered the same institution between our look and our write.
        raise PlanChanged from None
    return Imported(plan, written)


def _lock(pks: set[int]) -> None:
    """Keep these institutions from being changed until the transaction ends, in the order of their keys.

    Not ``FOR UPDATE``, as with ``checking.lock_row``.
    """
    wanted = sorted(pks)
    for start in range(0, len(wanted), BATCH):
        rows = Institution.objects.select_for_update(no_key=True).filter(pk__in=wanted[start : start + BATCH])
        list(rows.order_by("pk").values_list("pk", flat=True))


def _write(plan: ImportPlan, *, now: dt.datetime, actor: AbstractBaseUser | None, progress: Progress | None) -> bool:
    total = plan.counts[NEW] + plan.counts[CHANGED]
    touched: list[int] = []

    def progress_after(before: int) -> Callable[[int], None] | None:
        return (lambda done: progress(before + done, total)) if progress else None

    correct_institutions(
        corrections=_corrections(iter(plan.with_outcome(CHANGED))),
        now=now,
        actor=actor,
        progress=progress_after(0),
        unannounced=touched,
    )
    create_institutions(
        rows=(_new(row) for row in plan.with_outcome(NEW)),
        now=now,
        actor=actor,
        progress=progress_after(plan.counts[CHANGED]),
        unannounced=touched,
    )
    institutions_changed(institution_ids=touched, now=now)
    return total > 0


def _new(row: PlannedRow) -> NewInstitution:
    institution = Institution(**new_institution(row.entry))
    filing = Authorisation(institution=institution, **new_filing(row.entry)) if row.grants else None
    return NewInstitution(institution, filing)


def _corrections(rows: Iterator[PlannedRow]) -> Iterator[Correction]:
    """The institutions of these rows as they are under the lock, with the planned values set; a batch at a time."""
    while batch := list(islice(rows, BATCH)):
        pks = [row.pk for row in batch if row.pk is not None]
        institutions, authorisations = institutions_by_pk(pks), authorisations_of(pks)
        for row in batch:
            institution = institutions[row.pk or 0]
            _set(institution, row.values)
            yield Correction(institution, row.changes, _authorisation(row, institution, authorisations))


def _authorisation(
    row: PlannedRow, institution: Institution, known: Mapping[int, list[Authorisation]]
) -> Authorisation | None:
    if row.filing is None:
        return None
    if row.filing.pk is None:
        return Authorisation(institution=institution, **row.filing.values)
    authorisation = next(each for each in known[institution.pk] if each.pk == row.filing.pk)
    _set(authorisation, row.filing.values)
    return authorisation


def _set(instance: Institution | Authorisation, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(instance, name, value)
