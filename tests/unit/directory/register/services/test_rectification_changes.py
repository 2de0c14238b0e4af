"""A rectification that comes to mean something else: told once, kept in the history, the rest as it was."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from wagtail.models import ModelLogEntry

from cms.core.models import OutboxMessage
from directory.register import ports
from directory.register.models import Institution
from directory.register.services import institutions
from directory.register.services.rectification import SameRectification, change_rectification
from directory.register.services.standing import ReasonMissing
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import InstitutionFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 26, 17, 0, tzinfo=dt.UTC)
#: In Luoyang the next day has begun.
TODAY = dt.date(2026, 11, 27)


def rectified(kind: str) -> Institution:
    made = InstitutionFactory(public=True)
    institutions.start_rectification(
        institution=made, kind=kind, reason="晨检缺记录", until_date=TODAY, now=NOW - dt.timedelta(days=1)
    )
    made.refresh_from_db()
    return made


def state(institution: Institution) -> tuple[Any, ...]:
    institution.refresh_from_db()
    names = ("state", "rectification_kind", "rectification_reason", "rectification_until_date", "is_public")
    return tuple(getattr(institution, name) for name in names)


def test_stop_of_new_bookings_becomes_a_closing(told: list[str]) -> None:
    institution, actor = rectified("stops_new"), StaffUserFactory()
    heard: list[dict[str, Any]] = []
    OutboxMessage.objects.filter(topic="search.index").delete()

    with ports.standing_lost.replaced_by(test=lambda **data: heard.append(data)):
        change_rectification(institution=institution, kind="closes", reason="仍有隐患", now=NOW, actor=actor)

    assert state(institution) == ("under_rectification", "closes", "晨检缺记录", TODAY, True)
    assert (institution.rectification_from_date, institution.changed_at) == (dt.date(2026, 11, 26), NOW)
    [told_of] = heard
    assert told_of == {
        "institution_id": institution.pk,
        "from_day": TODAY,
        "reason": "机构限期整改",
        "now": NOW,
        "keeps_bookings": False,
    }
    entry = ModelLogEntry.objects.filter(action="directory.rectify_changed").get()
    assert (entry.user, entry.data) == (
        actor,
        {"reason": "仍有隐患", "changes": {"rectification_kind": ["stops_new", "closes"]}},
    )
    assert OutboxMessage.objects.get(topic="search.index").payload == {"institutions": [institution.pk]}


@pytest.mark.parametrize("before", ["closes", ""])
def test_closing_becomes_a_stop_of_new_bookings(told: list[str], before: str) -> None:
    institution = rectified("closes")
    Institution.objects.filter(pk=institution.pk).update(rectification_kind=before)

    change_rectification(institution=institution, kind="stops_new", reason="隐患已除大半", now=NOW)

    assert told == ["lost", "reopened"]
    assert state(institution) == ("under_rectification", "stops_new", "晨检缺记录", TODAY, True)
    assert (institution.takes_bookings, institution.looks_after_children) == (False, True)
    entry = ModelLogEntry.objects.filter(action="directory.rectify_changed").get()
    assert entry.data["changes"] == {"rectification_kind": ["closes", "stops_new"]}


@pytest.mark.parametrize(
    ("kind", "reason", "error"),
    [("stops_new", "x", SameRectification), ("closes", " ", ReasonMissing)],
)
def test_same_kind_and_silence_are_refused(told: list[str], kind: str, reason: str, error: type[Exception]) -> None:
    institution = rectified("stops_new")

    with pytest.raises(error):
        change_rectification(institution=institution, kind=kind, reason=reason, now=NOW)

    assert (state(institution)[1], told) == ("stops_new", ["lost"])
    assert not ModelLogEntry.objects.filter(action="directory.rectify_changed").exists()


def test_first_release_had_closed(told: list[str]) -> None:
    institution = rectified("closes")
    Institution.objects.filter(pk=institution.pk).update(rectification_kind="")

    with pytest.raises(SameRectification):
        change_rectification(institution=institution, kind="closes", reason="x", now=NOW)


def test_only_while_it_is_under_way_and_by_what_is_so_now(told: list[str]) -> None:
    institution = rectified("closes")
    stale = Institution.objects.get(pk=institution.pk)
    institutions.end_rectification(institution=institution, note="复查合格", now=NOW)

    with pytest.raises(institutions.NotUnderRectification):
        change_rectification(institution=stale, kind="stops_new", reason="x", now=NOW)

    assert told == ["lost", "reopened"]
