"""Acts on a row somebody else has changed since it was read, and what the nightly job does about a row that fails."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import pytest
from wagtail.models import ModelLogEntry

from cms.core.errors import InvalidInput
from directory.register import ports
from directory.register.models import Authorisation, Institution, Title
from directory.register.services import publicity
from directory.register.services.institutions import end_institution
from directory.register.services.standing import AlreadyEnded, NeedsAuthorisation
from tests.factories.directory import AuthorisationFactory, InstitutionFactory, TitleFactory
from tests.races import Late

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 26)
YESTERDAY = dt.date(2026, 11, 25)


def state_of(institution: Institution) -> tuple[str, bool, bool]:
    institution.refresh_from_db()
    return institution.state, institution.is_public, institution.is_demonstration


def test_a_correction_does_not_bring_back_what_was_ended_meanwhile() -> None:
    read_before = AuthorisationFactory(number="旧号")
    ended = Authorisation.objects.get(pk=read_before.pk)
    publicity.end_authorisation(authorisation=ended, ended_date=TODAY, reason="注销", now=NOW)

    corrected = publicity.correct_authorisation(authorisation=read_before, values={"number": "新号"}, now=NOW)

    stored = Authorisation.objects.get(pk=read_before.pk)
    assert (stored.number, stored.ended_date, stored.ended_reason) == ("新号", TODAY, "注销")
    assert (corrected.number, corrected.ended_date) == ("新号", TODAY)
    assert state_of(read_before.institution) == ("draft", False, False)


def test_the_second_correction_starts_from_the_first() -> None:
    first = AuthorisationFactory(number="1")
    second = Authorisation.objects.get(pk=first.pk)

    publicity.correct_authorisation(authorisation=first, values={"number": "2"}, now=NOW)
    publicity.correct_authorisation(authorisation=second, values={"number": "3", "office": "另一部门"}, now=NOW)

    changes = [entry.data["changes"]["number"] for entry in ModelLogEntry.objects.filter(action="directory.correct")]
    assert sorted(changes) == [["1", "2"], ["2", "3"]]


def test_a_row_ended_meanwhile_is_not_published() -> None:
    institution = InstitutionFactory()
    read_before = AuthorisationFactory(institution=institution, published_at=None, publish=False)
    ended = Authorisation.objects.get(pk=read_before.pk)
    publicity.end_authorisation(authorisation=ended, ended_date=TODAY, reason="注销", now=NOW)

    with pytest.raises(AlreadyEnded):
        publicity.publish_authorisation(authorisation=read_before, now=NOW)

    assert Authorisation.objects.get(pk=read_before.pk).published_at is None
    assert state_of(institution) == ("draft", False, False)


def test_publishing_twice_from_two_windows_keeps_the_first_moment() -> None:
    read_before = AuthorisationFactory(published_at=None, publish=False)
    publicity.publish_authorisation(authorisation=Authorisation.objects.get(pk=read_before.pk), now=NOW)

    publicity.publish_authorisation(authorisation=read_before, now=NOW + dt.timedelta(days=1))

    assert Authorisation.objects.get(pk=read_before.pk).published_at == NOW
    assert ModelLogEntry.objects.filter(action="wagtail.publish").count() == 1


def test_a_title_is_not_published_where_the_authorisation_ended_meanwhile() -> None:
    title = TitleFactory(published_at=None)
    institution = title.institution
    publicity.end_authorisation(
        authorisation=institution.authorisations.get(), ended_date=TODAY, reason="注销", now=NOW
    )

    with pytest.raises(NeedsAuthorisation):
        publicity.publish_title(title=title, now=NOW)

    assert Title.objects.get(pk=title.pk).published_at is None


@pytest.mark.parametrize(
    ("until", "state"),
    [(YESTERDAY, ("draft", False, False)), (TODAY, ("active", True, False)), (None, ("active", True, False))],
)
def test_until_is_the_last_day(until: dt.date | None, state: tuple[str, bool, bool]) -> None:
    institution = InstitutionFactory(public=True)
    institution.authorisations.update(until_date=until)

    publicity.expire_overdue(now=NOW)

    assert state_of(institution) == state


@pytest.mark.parametrize(("until", "ended"), [(YESTERDAY, 1), (TODAY, 0), (TODAY + dt.timedelta(days=1), 0), (None, 0)])
def test_what_was_prolonged_since_the_run_began_stays(
    monkeypatch: pytest.MonkeyPatch, until: dt.date | None, ended: int
) -> None:
    row = AuthorisationFactory(until_date=YESTERDAY - dt.timedelta(days=1))

    def prolong() -> None:
        Authorisation.objects.update(until_date=until)

    monkeypatch.setattr(publicity, "lock_institution", Late(publicity.lock_institution, prolong))

    assert publicity.expire_overdue(now=NOW) == ended
    row.refresh_from_db()
    assert row.ended_date == (YESTERDAY if ended else None)


def test_one_row_that_fails_holds_back_no_other(caplog: pytest.LogCaptureFixture) -> None:
    rows = [AuthorisationFactory(until_date=YESTERDAY) for _ in range(3)]

    def fail_for_the_second(*, institution_id: int, **data: Any) -> None:
        if institution_id == rows[1].institution_id:
            raise ValueError("this institution alone")

    with (
        ports.standing_lost.replaced_by(test=fail_for_the_second),
        pytest.raises(publicity.NotAllExpired) as caught,
    ):
        publicity.expire_overdue(now=NOW)

    assert (caught.value.ended, caught.value.failed) == (2, 1)
    said = f"ending authorisation {rows[1].pk} past its date failed: ValueError"
    assert caplog.record_tuples == [(publicity.__name__, logging.ERROR, said)]
    assert [state_of(row.institution)[1] for row in rows] == [False, True, False]
    assert publicity.expire_overdue(now=NOW) == 1


def test_a_failing_title_lets_authorisations_run_out(monkeypatch: pytest.MonkeyPatch) -> None:
    title = TitleFactory(until_date=YESTERDAY)
    other = AuthorisationFactory(until_date=YESTERDAY)

    def fail(row: Title, **values: Any) -> Title:
        raise ValueError

    monkeypatch.setattr(Title, "save", fail)

    with pytest.raises(publicity.NotAllExpired):
        publicity.expire_overdue(now=NOW)

    assert Title.objects.get(pk=title.pk).ended_date is None
    assert state_of(other.institution)[1] is False


def test_what_ran_out_twice_over_is_ended_once_each() -> None:
    institution = InstitutionFactory(public=True)
    institution.authorisations.update(until_date=YESTERDAY)
    TitleFactory(institution=institution, until_date=YESTERDAY)
    TitleFactory(institution=institution, until_date=YESTERDAY, ended_date=YESTERDAY, ended_reason="评审")

    assert publicity.expire_overdue(now=NOW) == 2
    assert publicity.expire_overdue(now=NOW) == 0


def test_losing_the_authorisation_ends_the_rectification() -> None:
    institution = InstitutionFactory(public=True)
    Institution.objects.update(
        state="under_rectification",
        rectification_from_date=YESTERDAY,
        rectification_until_date=TODAY,
        rectification_reason="晨检缺记录",
    )

    publicity.end_authorisation(
        authorisation=institution.authorisations.get(), ended_date=TODAY, reason="注销", now=NOW
    )

    institution.refresh_from_db()
    assert (institution.state, institution.rectification_reason) == ("draft", "")
    assert (institution.rectification_from_date, institution.rectification_until_date) == (None, None)
    assert institution.changed_at == NOW


@pytest.mark.parametrize("from_date", [TODAY, TODAY + dt.timedelta(days=20)])
def test_a_title_ends_no_earlier_than_it_begins(from_date: dt.date) -> None:
    title = TitleFactory(from_date=from_date)

    publicity.end_authorisation(
        authorisation=title.institution.authorisations.get(), ended_date=TODAY, reason="注销", now=NOW
    )

    title.refresh_from_db()
    assert title.ended_date == from_date


def test_titles_that_ended_before_keep_their_end() -> None:
    title = TitleFactory(ended_date=YESTERDAY, ended_reason="评审不再通过")

    publicity.end_authorisation(
        authorisation=title.institution.authorisations.get(), ended_date=TODAY, reason="注销", now=NOW
    )

    title.refresh_from_db()
    assert (title.ended_date, title.ended_reason) == (YESTERDAY, "评审不再通过")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"from_date": TODAY}, None),
        ({"from_date": TODAY + dt.timedelta(days=1)}, "from_date"),
        ({"until_date": TODAY}, None),
        ({"until_date": YESTERDAY}, "until_date"),
    ],
)
def test_dates_of_a_row_that_counts(values: dict[str, Any], field: str | None) -> None:
    authorisation = AuthorisationFactory()

    if field is None:
        publicity.correct_authorisation(authorisation=authorisation, values=values, now=NOW)
    else:
        with pytest.raises(InvalidInput) as caught:
            publicity.correct_authorisation(authorisation=authorisation, values=values, now=NOW)
        assert list(caught.value.fields) == [field]
    stored = Authorisation.objects.get()
    assert all((getattr(stored, name) == value) is (field is None) for name, value in values.items())


def test_an_ended_row_may_say_when_it_would_have_run_out() -> None:
    authorisation = AuthorisationFactory(ended_date=YESTERDAY, ended_reason="注销")

    publicity.correct_authorisation(authorisation=authorisation, values={"until_date": YESTERDAY}, now=NOW)

    assert Authorisation.objects.get().until_date == YESTERDAY


@pytest.mark.parametrize(
    ("day", "refused"),
    [
        (dt.date(2025, 2, 28), True),
        (dt.date(2025, 3, 1), False),
        (TODAY, False),
        (TODAY + dt.timedelta(days=1), True),
    ],
)
def test_an_end_lies_between_beginning_and_today(day: dt.date, refused: bool) -> None:
    authorisation = AuthorisationFactory(from_date=dt.date(2025, 3, 1))

    if refused:
        with pytest.raises(InvalidInput) as caught:
            publicity.end_authorisation(authorisation=authorisation, ended_date=day, reason=" 注销 ", now=NOW)
        assert list(caught.value.fields) == ["ended_date"]
    else:
        publicity.end_authorisation(authorisation=authorisation, ended_date=day, reason=" 注销 ", now=NOW)
    stored = Authorisation.objects.get()
    assert (stored.ended_date, stored.ended_reason) == ((None, "") if refused else (day, "注销"))


def test_families_are_told_why_only_when_something_is_lost() -> None:
    told: list[tuple[str, dt.date, str]] = []
    title = TitleFactory()

    with (
        ports.standing_lost.replaced_by(
            test=lambda *, from_day, reason, **data: told.append(("lost", from_day, reason))
        ),
        ports.offering_changed.replaced_by(test=lambda **data: told.append(("open", TODAY, ""))),
    ):
        publicity.end_title(title=title, ended_date=TODAY, reason="评审", now=NOW)
        assert told == []
        publicity.end_authorisation(
            authorisation=title.institution.authorisations.get(), ended_date=TODAY, reason="注销", now=NOW
        )

    assert told == [("lost", TODAY, "备案或许可已结束")]


@pytest.mark.parametrize("way", ["ended", "expired"])
def test_families_are_told_whether_the_institution_ended_or_its_filing_ran_out(way: str) -> None:
    told: list[str] = []
    institution = InstitutionFactory(public=True)

    with ports.standing_lost.replaced_by(test=lambda *, reason, **data: told.append(reason)):
        if way == "ended":
            end_institution(institution=institution, ended_date=TODAY, reason="主动放弃", now=NOW)
        else:
            institution.authorisations.update(until_date=YESTERDAY)
            publicity.expire_overdue(now=NOW)

    assert told == ["机构已终止" if way == "ended" else "机构的备案或许可已到期"]
