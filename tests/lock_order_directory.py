"""The directory's acts on an institution whose lock order ``lock_order_cases`` looks at: their bookings follow."""

from __future__ import annotations

from booking.places.models import CapacityCell
from directory.lists.services.import_list import import_list
from directory.register.models import Authorisation, Institution
from directory.register.services import institutions, publicity
from tests.factories.booking import NOW, TODAY, full_house
from tests.factories.imports import listed
from tests.factories.lists import HEADER


def filed() -> Authorisation:
    """The authorisation of an institution that has places."""
    return Authorisation.objects.get(institution=full_house().institution)


def unpublished() -> Authorisation:
    """An authorisation that nobody sees yet, with the cells of a draft."""
    filing = filed()
    Authorisation.objects.filter(pk=filing.pk).update(published_at=None)
    Institution.objects.filter(pk=filing.institution_id).update(is_public=False, state=Institution.State.DRAFT)
    CapacityCell.objects.update(target=0)
    return filing


def rectified() -> Authorisation:
    filing = filed()
    rectify(filing)
    return filing


def end(filing: Authorisation) -> None:
    publicity.end_authorisation(authorisation=filing, ended_date=TODAY, reason="注销", now=NOW)


def correct(filing: Authorisation) -> None:
    publicity.correct_authorisation(authorisation=filing, values={"number": "B9"}, now=NOW)


def publish(filing: Authorisation) -> None:
    publicity.publish_authorisation(authorisation=filing, now=NOW)


def rectify(filing: Authorisation) -> None:
    institutions.start_rectification(
        institution=filing.institution, kind="closes", reason="消防", until_date=None, now=NOW
    )


def end_rectification(filing: Authorisation) -> None:
    institutions.end_rectification(institution=filing.institution, note="已复查", now=NOW)


def correct_places(filing: Authorisation) -> None:
    institutions.correct_institution(institution=filing.institution, values={"places": 12}, now=NOW)


def give_up(filing: Authorisation) -> None:
    institutions.end_institution(institution=filing.institution, ended_date=TODAY, reason="停办", now=NOW)


def import_places(filing: Authorisation) -> None:
    """A list with fewer places than are registered."""
    institution = filing.institution
    rows = [(*HEADER, "托位数"), (institution.name, institution.address, 12)]
    assert import_list(checked=listed(rows, institution.district), now=NOW).written
