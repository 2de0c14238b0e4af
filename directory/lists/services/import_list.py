"""An official list written into the register: everything of it, or with ``partial`` its good rows, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from cms.core.errors import Refused
from directory.lists.importing.checking import CheckedList
from directory.lists.queries.import_plan import CHANGED, NEW, Plan, plan_import
from directory.register.services.bulk import Correction, NewInstitution, correct_institutions, create_institutions

Progress = Callable[[int, int], None]


class PlanChanged(Refused):
    """The register is no longer as it was when the list was shown; ``plan`` is what would happen now."""

    code = "plan_changed"
    message = _("预览之后登记的内容有变化，请再看一遍，然后确认。")

    def __init__(self, plan: Plan | None = None) -> None:
        super().__init__()
        self.plan = plan


@dataclass(frozen=True, slots=True)
class Imported:
    """``written``: whether any row was written."""

    plan: Plan
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
            plan = plan_import(checked, now=now, for_update=True)
            if expected_digest is not None and plan.digest != expected_digest:
                raise PlanChanged(plan)
            written = (partial or not plan.errors) and _write(plan, now=now, actor=actor, progress=progress)
    except IntegrityError:
        # Somebody has entered the same institution between our look and our write.
        raise PlanChanged from None
    return Imported(plan, written)


def _write(plan: Plan, *, now: dt.datetime, actor: AbstractBaseUser | None, progress: Progress | None) -> bool:
    created, changed = plan.with_outcome(NEW), plan.with_outcome(CHANGED)
    total = len(created) + len(changed)

    def told(before: int) -> Callable[[int], None] | None:
        return (lambda done: progress(before + done, total)) if progress else None

    correct_institutions(
        corrections=(Correction(row.institution, row.changes, row.authorisation) for row in changed if row.institution),
        now=now,
        actor=actor,
        progress=told(0),
    )
    create_institutions(
        rows=(NewInstitution(row.institution, row.authorisation) for row in created if row.institution),
        now=now,
        actor=actor,
        progress=told(len(changed)),
    )
    return total > 0
