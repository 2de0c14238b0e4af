from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.core.errors import InvalidInput
from cms.core.models import OutboxMessage
from directory.register import ports
from directory.register.models import Institution, Title
from directory.register.services import publicity
from directory.register.services.standing import AlreadyEnded, InstitutionEnded, NeedsAuthorisation, ReasonMissing
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import AuthorisationFactory, InstitutionFactory, RefusalFactory, TitleFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 26)


@pytest.fixture
def told() -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """What upper apps are told."""
    calls: list[tuple[str, dict[str, Any]]] = []
    with (
        ports.standing_lost.replaced_by(test=lambda **data: calls.append(("lost", data))),
        ports.offering_changed.replaced_by(test=lambda **data: calls.append(("reopened", data))),
    ):
        yield calls


def grant(institution: Institution, **values: Any) -> Any:
    given = {"office": "区卫健委", "source_title": "名单", "from_date": dt.date(2026, 1, 5)} | values
    return publicity.grant_authorisation(institution=institution, now=NOW, **given)


def grant_title(institution: Institution, **values: Any) -> Title:
    given = {"name": "区级示范", "office": "区卫健委", "from_date": dt.date(2026, 2, 1), "source_title": "公示"}
    return publicity.grant_title(institution=institution, now=NOW, **given | values)


def state_of(institution: Institution) -> tuple[str, bool, bool]:
    institution.refresh_from_db()
    return institution.state, institution.is_public, institution.is_demonstration


def test_authorisation_makes_public(told: list[Any]) -> None:
    institution = InstitutionFactory()

    grant(institution)

    assert state_of(institution) == ("active", True, False)
    assert [kind for kind, _ in told] == ["reopened"]


def test_unpublished_authorisation_leaves_a_draft() -> None:
    institution = InstitutionFactory()

    authorisation = grant(institution, publish=False)
    before = state_of(institution)
    publicity.publish_authorisation(authorisation=authorisation, now=NOW)

    assert before == ("draft", False, False)
    assert state_of(institution) == ("active", True, False)


def test_publishing_twice_changes_nothing() -> None:
    authorisation = grant(InstitutionFactory())

    publicity.publish_authorisation(authorisation=authorisation, now=NOW + dt.timedelta(days=1))

    authorisation.refresh_from_db()
    assert authorisation.published_at == NOW


def test_grant_reaches_search_and_history() -> None:
    actor = StaffUserFactory()
    institution = InstitutionFactory()

    authorisation = grant(institution, actor=actor)

    assert OutboxMessage.objects.filter(topic="search.index").count() == 1
    entry = ModelLogEntry.objects.get(object_id=str(authorisation.pk), action="directory.grant")
    assert entry.user == actor


def test_second_live_authorisation_is_refused() -> None:
    institution = InstitutionFactory(public=True)

    with pytest.raises(InvalidInput) as caught:
        grant(institution)

    assert "已有一条有效" in str(caught.value)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"from_date": dt.date(2026, 11, 27)}, "from_date"),
        ({"until_date": dt.date(2026, 11, 25)}, "until_date"),
        ({"until_date": dt.date(2025, 1, 1)}, "until_date"),
        ({"office": ""}, "office"),
    ],
)
def test_wrong_dates_name_their_field(values: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        grant(InstitutionFactory(), **values)

    assert list(caught.value.fields) == [field]


def test_ended_institution_gets_nothing() -> None:
    with pytest.raises(InstitutionEnded):
        grant(InstitutionFactory(state="ended"))


def test_title_needs_a_live_authorisation() -> None:
    with pytest.raises(NeedsAuthorisation):
        grant_title(InstitutionFactory())


def test_title_needs_a_published_authorisation() -> None:
    institution = InstitutionFactory()
    grant(institution, publish=False)

    with pytest.raises(NeedsAuthorisation):
        grant_title(institution)


def test_title_shows_while_it_is_live() -> None:
    institution = InstitutionFactory(public=True)

    title = grant_title(institution)
    with_title = state_of(institution)
    publicity.end_title(title=title, ended_date=TODAY, reason="评审不再通过", now=NOW)

    assert with_title == ("active", True, True)
    assert state_of(institution) == ("active", True, False)


def test_unpublished_title_does_not_show() -> None:
    institution = InstitutionFactory(public=True)

    title = grant_title(institution, publish=False)
    before = state_of(institution)
    publicity.publish_title(title=title, now=NOW)

    assert before == ("active", True, False)
    assert state_of(institution) == ("active", True, True)


def test_title_cant_be_published_after_the_authorisation_went() -> None:
    institution = InstitutionFactory(public=True)
    title = grant_title(institution, publish=False)
    institution.authorisations.update(ended_date=TODAY, ended_reason="注销")

    with pytest.raises(NeedsAuthorisation):
        publicity.publish_title(title=title, now=NOW)


def test_losing_the_authorisation_ends_titles_and_publicity(told: list[Any]) -> None:
    institution = InstitutionFactory(public=True)
    title = grant_title(institution)
    authorisation = institution.authorisations.get()

    publicity.end_authorisation(authorisation=authorisation, ended_date=TODAY, reason="机构申请注销", now=NOW)

    title.refresh_from_db()
    assert state_of(institution) == ("draft", False, False)
    assert (title.ended_date, title.ended_reason) == (TODAY, "备案或许可已结束")
    assert [(kind, data["from_day"]) for kind, data in told] == [("lost", TODAY)]


def test_loss_is_one_transaction() -> None:
    def fail(**data: Any) -> None:
        raise RuntimeError

    institution = InstitutionFactory(public=True)
    grant_title(institution)

    with ports.standing_lost.replaced_by(test=fail), pytest.raises(RuntimeError):
        publicity.end_authorisation(
            authorisation=institution.authorisations.get(), ended_date=TODAY, reason="注销", now=NOW
        )

    assert state_of(institution) == ("active", True, True)
    assert institution.authorisations.get().ended_date is None


def test_ending_needs_a_reason_and_happens_once() -> None:
    authorisation = AuthorisationFactory()

    with pytest.raises(ReasonMissing):
        publicity.end_authorisation(authorisation=authorisation, ended_date=TODAY, reason=" ", now=NOW)
    publicity.end_authorisation(authorisation=authorisation, ended_date=TODAY, reason="注销", now=NOW)
    with pytest.raises(AlreadyEnded):
        publicity.end_authorisation(authorisation=authorisation, ended_date=TODAY, reason="注销", now=NOW)
    with pytest.raises(AlreadyEnded):
        publicity.publish_authorisation(authorisation=authorisation, now=NOW)


@pytest.mark.parametrize("day", [dt.date(2026, 11, 27), dt.date(2020, 1, 1)])
def test_end_lies_between_beginning_and_today(day: dt.date) -> None:
    with pytest.raises(InvalidInput):
        publicity.end_authorisation(authorisation=AuthorisationFactory(), ended_date=day, reason="注销", now=NOW)


def test_correction_keeps_what_stood_before() -> None:
    authorisation = AuthorisationFactory(number="旧号")

    publicity.correct_authorisation(authorisation=authorisation, values={"number": "新号"}, now=NOW)

    entry = ModelLogEntry.objects.get(object_id=str(authorisation.pk), action="directory.correct")
    assert entry.data["changes"] == {"number": ["旧号", "新号"]}


def test_correcting_a_title() -> None:
    title = TitleFactory()

    publicity.correct_title(title=title, values={"name": "市级示范"}, now=NOW)

    title.refresh_from_db()
    assert title.name == "市级示范"


def test_what_runs_out_is_ended() -> None:
    institution = InstitutionFactory(public=True)
    institution.authorisations.update(until_date=TODAY)
    title = TitleFactory(institution=institution, until_date=TODAY)

    on_the_day = publicity.expire_overdue(now=NOW)
    after = publicity.expire_overdue(now=NOW + dt.timedelta(days=1))

    title.refresh_from_db()
    assert (on_the_day, after) == (0, 2)
    assert state_of(institution) == ("draft", False, False)
    assert (title.ended_date, title.ended_reason) == (TODAY, "有效期已满")


def test_new_authorisation_after_an_end_makes_public_again() -> None:
    institution = InstitutionFactory(public=True)
    publicity.end_authorisation(
        authorisation=institution.authorisations.get(), ended_date=TODAY, reason="换发", now=NOW
    )

    grant(institution, basis="permit")

    assert state_of(institution) == ("active", True, False)


def test_grant_links_earlier_refusals() -> None:
    institution = InstitutionFactory()
    refusal = RefusalFactory(district=institution.district, institution=institution)

    authorisation = grant(institution)

    refusal.refresh_from_db()
    assert refusal.later_authorisation == authorisation


def test_live_rows_of_today() -> None:
    counting = AuthorisationFactory(until_date=TODAY)
    AuthorisationFactory(published_at=None, publish=False)
    AuthorisationFactory(until_date=dt.date(2026, 11, 25))
    AuthorisationFactory(from_date=dt.date(2026, 12, 1))

    assert list(type(counting).objects.live(timezone.localdate(NOW))) == [counting]
