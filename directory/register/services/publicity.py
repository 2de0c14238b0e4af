"""Authorisations and titles as staff grant, correct, publish and end them, each with its date and source."""

from __future__ import annotations

import datetime as dt
import logging
from functools import partial
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from cms.core.calendar.times import local_date
from cms.core.runtime.failures import log_failure
from directory.districts.services.checking import save_checked
from directory.districts.services.history import differences, entered, record
from directory.register.models import Authorisation, Institution, Refusal, Title
from directory.register.services.standing import (
    ENDED_WITH_AUTHORISATION,
    EXPIRED_REASON,
    TOLD_EXPIRED,
    InstitutionEnded,
    NeedsAuthorisation,
    Row,
    check_dates,
    correct_row,
    end_row,
    lock_institution,
    publish_row,
    refresh_publicity,
)

logger = logging.getLogger(__name__)


class NotAllExpired(Exception):
    """The nightly run has ended ``ended`` rows and left ``failed``, which the log names."""

    def __init__(self, *, ended: int, failed: int) -> None:
        super().__init__(f"{failed} of {ended + failed} rows could not be ended")
        self.ended, self.failed = ended, failed


@transaction.atomic
def grant_authorisation(
    *,
    institution: Institution,
    office: str,
    source_title: str,
    now: dt.datetime,
    basis: str = Authorisation.Basis.FILING,
    number: str = "",
    from_date: dt.date | None = None,
    until_date: dt.date | None = None,
    source_url: str = "",
    publish: bool = True,
    actor: AbstractBaseUser | None = None,
) -> Authorisation:
    """File or permit an institution; with ``publish`` it is public from this moment.

    Raises ``InstitutionEnded``, or ``InvalidInput`` (a second live one, a date in the future, a date already past).
    """
    institution = lock_institution(institution)
    if institution.state == Institution.State.ENDED:
        raise InstitutionEnded
    values = {
        "basis": basis,
        "number": number,
        "office": office,
        "from_date": from_date,
        "until_date": until_date,
        "source_title": source_title,
        "source_url": source_url,
    }
    authorisation = Authorisation(institution=institution, published_at=now if publish else None, **values)
    check_dates(authorisation, today=local_date(now))
    save_checked(authorisation)
    record(instance=authorisation, action="directory.grant", actor=actor, number=number, changes=entered(values))
    _link_earlier_refusals(authorisation, actor=actor)
    refresh_publicity(institution=institution, now=now, reason=str(ENDED_WITH_AUTHORISATION))
    return authorisation


@transaction.atomic
def correct_authorisation(
    *,
    authorisation: Authorisation,
    values: dict[str, Any],
    now: dt.datetime,
    actor: AbstractBaseUser | None = None,
) -> Authorisation:
    """Put right what was entered wrongly; the history shows the earlier value."""
    return correct_row(authorisation, values=values, now=now, actor=actor)


@transaction.atomic
def publish_authorisation(
    *, authorisation: Authorisation, now: dt.datetime, actor: AbstractBaseUser | None = None
) -> Authorisation:
    """Show it, and with it the institution. Publishing twice changes nothing."""
    return publish_row(authorisation, now=now, actor=actor)


@transaction.atomic
def end_authorisation(
    *,
    authorisation: Authorisation,
    ended_date: dt.date,
    reason: str,
    now: dt.datetime,
    actor: AbstractBaseUser | None = None,
) -> Authorisation:
    """End it as of a day not in the future; titles and publicity go in the same transaction."""
    return end_row(authorisation, ended_date=ended_date, reason=reason, now=now, actor=actor)


@transaction.atomic
def grant_title(
    *,
    institution: Institution,
    name: str,
    office: str,
    from_date: dt.date,
    source_title: str,
    now: dt.datetime,
    kind: str = Title.Kind.DEMONSTRATION,
    until_date: dt.date | None = None,
    source_url: str = "",
    publish: bool = True,
    actor: AbstractBaseUser | None = None,
) -> Title:
    """Give an institution a title. Raises ``NeedsAuthorisation`` without a live, published authorisation."""
    institution = lock_institution(institution)
    if not institution.authorisations.live(local_date(now)).exists():
        raise NeedsAuthorisation
    values = {
        "kind": kind,
        "name": name,
        "office": office,
        "from_date": from_date,
        "until_date": until_date,
        "source_title": source_title,
        "source_url": source_url,
    }
    title = Title(institution=institution, published_at=now if publish else None, **values)
    check_dates(title, today=local_date(now))
    save_checked(title)
    record(instance=title, action="directory.grant", actor=actor, name=name, changes=entered(values))
    refresh_publicity(institution=institution, now=now, reason="")
    return title


@transaction.atomic
def correct_title(
    *, title: Title, values: dict[str, Any], now: dt.datetime, actor: AbstractBaseUser | None = None
) -> Title:
    """Put right what was entered wrongly."""
    return correct_row(title, values=values, now=now, actor=actor)


@transaction.atomic
def publish_title(*, title: Title, now: dt.datetime, actor: AbstractBaseUser | None = None) -> Title:
    """Show a title. Raises ``NeedsAuthorisation`` if the institution has lost its authorisation meanwhile."""
    institution = lock_institution(title.institution)
    if not institution.authorisations.live(local_date(now)).exists():
        raise NeedsAuthorisation
    return publish_row(title, now=now, actor=actor)


@transaction.atomic
def end_title(
    *, title: Title, ended_date: dt.date, reason: str, now: dt.datetime, actor: AbstractBaseUser | None = None
) -> Title:
    """End a title as of a day not in the future."""
    return end_row(title, ended_date=ended_date, reason=reason, now=now, actor=actor)


def expire_overdue(*, now: dt.datetime) -> int:
    """End every authorisation and title whose ``until_date`` has passed; returns how many. Run daily.

    A row that fails is left as it is and does not hold back the others; ``NotAllExpired`` at the end marks the run as
    failed, and the staff's start page counts the authorisations left over.
    """
    ended = failed = 0
    # Titles first: they end by their own date before an authorisation takes the rest with it.
    for expire in [*_expiries(Title, now=now), *_expiries(Authorisation, now=now)]:
        try:
            ended += expire()
        except Exception as error:  # any error: the rows of the next institution must still be ended
            model, pk = expire.args
            log_failure(logger, f"ending {model._meta.model_name} {pk} past its date", error)
            failed += 1
    if failed:
        raise NotAllExpired(ended=ended, failed=failed)
    return ended


def _expiries(model: type[Row], *, now: dt.datetime) -> list[partial[bool]]:
    overdue = model._default_manager.filter(ended_date__isnull=True, until_date__lt=local_date(now))
    return [partial(_expire, model, pk, now=now) for pk in overdue.order_by("pk").values_list("pk", flat=True)]


def _expire(model: type[Row], pk: int, *, now: dt.datetime) -> bool:
    """End one row unless it was ended or prolonged since the run began."""
    today = local_date(now)
    with transaction.atomic():
        row = model._default_manager.select_related("institution").get(pk=pk)
        lock_institution(row.institution)
        row.refresh_from_db()
        if row.ended_date is not None or row.until_date is None or not row.has_run_out(today):
            return False
        end_row(row, ended_date=row.until_date, reason=str(EXPIRED_REASON), now=now, actor=None, told=TOLD_EXPIRED)
    return True


def _link_earlier_refusals(authorisation: Authorisation, *, actor: AbstractBaseUser | None) -> None:
    """A refusal stays, and says what came later."""
    refusals = Refusal.objects.filter(institution=authorisation.institution, later_authorisation__isnull=True)
    for refusal in refusals.order_by("pk"):
        changes = differences(refusal, {"later_authorisation": authorisation})
        refusal.later_authorisation = authorisation
        refusal.save(update_fields=["later_authorisation"])
        record(instance=refusal, action="directory.link", actor=actor, changes=changes)
