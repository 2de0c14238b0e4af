from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from wagtail.models import ModelLogEntry

from cms.core.errors import InvalidInput
from cms.core.models import OutboxMessage
from directory.register.models import Institution, InstitutionMember, StaffInvite
from directory.register.services import institutions, invites, townships
from directory.register.services.standing import AlreadyEnded, ReasonMissing
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import (
    AuthorisationFactory,
    ClassGroupFactory,
    DistrictFactory,
    InstitutionFactory,
    InstitutionMemberFactory,
    TitleFactory,
    TownshipFactory,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 26)


def create(**values: Any) -> Institution:
    district = values.pop("district", None) or DistrictFactory()
    given = {"name": "示例·小满托育园", "address": "珠江路1号", "places": 60} | values
    return institutions.create_institution(district=district, values=given, now=NOW)


def test_new_institution_is_a_draft_with_an_empty_profile() -> None:
    institution = create()

    assert (institution.state, institution.is_public, institution.profile.introduction) == ("draft", False, "")


def test_credit_code_is_kept_in_capitals_or_not_at_all() -> None:
    assert create(credit_code=" 52410702000000000l ").credit_code == "52410702000000000L"
    assert create(name="另一家", credit_code="").credit_code is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"credit_code": "52410702000000000X"}, "credit_code"),
        ({"credit_code": "52410702000000000L", "nature": "for_profit"}, "nature"),
        ({"inclusive_places": 61}, "inclusive_places"),
        ({"name": ""}, "name"),
        ({"latitude": 34.6}, "latitude"),
        ({"latitude": 95.0, "longitude": 112.0}, "latitude"),
    ],
)
def test_wrong_values_name_their_field(values: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        create(**values)

    assert list(caught.value.fields) == [field]


def test_township_of_another_district_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        create(township=TownshipFactory())

    assert list(caught.value.fields) == ["township"]


def test_staff_cant_enter_what_services_decide() -> None:
    with pytest.raises(TypeError):
        create(is_public=True)


def test_same_name_at_the_same_address_is_refused() -> None:
    create()

    with pytest.raises(InvalidInput) as caught:
        create()

    assert caught.value.fields == {"name": "同一地址已有同名机构。"}


def test_township_centre_is_the_mean_of_its_institutions() -> None:
    township = TownshipFactory()
    for number, latitude in enumerate((34.0, 35.0)):
        create(district=township.district, name=f"第{number}家", township=township, latitude=latitude, longitude=112.0)

    township.refresh_from_db()
    assert (township.centre_latitude, township.centre_longitude) == (34.5, 112.0)


def test_entered_centre_stays() -> None:
    township = TownshipFactory(centre_is_manual=True, centre_latitude=34.1, centre_longitude=112.1)

    create(district=township.district, township=township, latitude=35.0, longitude=113.0)

    township.refresh_from_db()
    assert township.centre_latitude == 34.1


def test_moving_recomputes_both_townships() -> None:
    old = TownshipFactory()
    new = TownshipFactory(district=old.district)
    institution = create(district=old.district, township=old, latitude=34.0, longitude=112.0)

    institutions.correct_institution(institution=institution, values={"township": new}, now=NOW)

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.centre_latitude, new.centre_latitude) == (None, 34.0)


@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize(("days", "refused"), [(0, False), (1, True)])
def test_an_end_is_never_in_the_future(public: bool, days: int, refused: bool) -> None:
    institution = InstitutionFactory(public=public)
    act = {"institution": institution, "ended_date": TODAY + dt.timedelta(days=days), "reason": "停办", "now": NOW}

    if refused:
        with pytest.raises(InvalidInput) as caught:
            institutions.end_institution(**act)
        assert list(caught.value.fields) == ["ended_date"]
    else:
        institutions.end_institution(**act)

    institution.refresh_from_db()
    assert (institution.state == Institution.State.ENDED) is not refused


def test_history_says_of_personal_data_only_that_it_changed() -> None:
    institution = create(head_name="王小明", phone="0379-1")

    institutions.correct_institution(
        institution=institution, values={"head_name": "李大红", "phone": "0379-1", "places": 61}, now=NOW
    )

    assert ModelLogEntry.objects.order_by("-pk")[0].data == {"changes": {"head_name": [], "places": ["60", "61"]}}


def test_booking_hears_of_corrected_places(told: list[str]) -> None:
    institution = InstitutionFactory(public=True, places=60)
    ClassGroupFactory(institution=institution)

    institutions.correct_institution(institution=institution, values={"places": 60, "phone": "0379-1"}, now=NOW)
    assert told == []

    institutions.correct_institution(institution=institution, values={"places": 30}, now=NOW)
    assert told == ["reopened"]


def test_booking_does_not_hear_of_corrected_places_where_nothing_is_booked(told: list[str]) -> None:
    draft, without_class = InstitutionFactory(places=60), InstitutionFactory(public=True, places=60)
    ClassGroupFactory(institution=draft)

    for institution in (draft, without_class):
        institutions.correct_institution(institution=institution, values={"places": 30}, now=NOW)

    assert told == []


def test_centre_computed_again_when_no_longer_manual() -> None:
    township = TownshipFactory(centre_is_manual=True, centre_latitude=34.1, centre_longitude=112.1)
    InstitutionFactory(district=township.district, township=township, latitude=35.0, longitude=113.0)

    township = townships.correct_township(township=township, values={"centre_is_manual": False}, now=NOW)

    assert township.centre_latitude == 35.0


def test_end_takes_everything_with_it(told: list[str]) -> None:
    institution = InstitutionFactory(public=True)
    title = TitleFactory(institution=institution)

    institutions.end_institution(institution=institution, ended_date=TODAY, reason="机构停办", now=NOW)

    institution.refresh_from_db()
    title.refresh_from_db()
    assert (institution.state, institution.is_public) == ("ended", False)
    assert (institution.authorisations.get().ended_reason, title.ended_date) == ("机构停办", TODAY)
    assert told == ["lost"]


def test_end_leaves_an_authorisation_that_ended_before_as_it_is() -> None:
    institution = InstitutionFactory()
    before = {"ended_date": TODAY - dt.timedelta(days=9), "ended_reason": "变更"}
    earlier = AuthorisationFactory(institution=institution, **before)

    institutions.end_institution(institution=institution, ended_date=TODAY, reason="机构停办", now=NOW)

    earlier.refresh_from_db()
    assert {name: getattr(earlier, name) for name in before} == before


def test_end_happens_once_and_with_a_reason() -> None:
    institution = InstitutionFactory()

    with pytest.raises(ReasonMissing):
        institutions.end_institution(institution=institution, ended_date=TODAY, reason="", now=NOW)
    institutions.end_institution(institution=institution, ended_date=TODAY, reason="停办", now=NOW)
    with pytest.raises(AlreadyEnded):
        institutions.end_institution(institution=institution, ended_date=TODAY, reason="停办", now=NOW)


def test_end_ends_memberships_and_open_links_of_this_institution_alone() -> None:
    institution, other = InstitutionFactory(public=True), InstitutionFactory(public=True)
    boss, caregiver = (
        InstitutionMemberFactory(institution=institution, user=StaffUserFactory(), role=role)
        for role in ("manager", "caregiver")
    )
    before = NOW - dt.timedelta(days=1)
    gone = InstitutionMemberFactory(institution=institution, user=StaffUserFactory(), ended_at=before)
    elsewhere = InstitutionMemberFactory(institution=other, user=boss.user)
    links = [invites.invite_manager(institution=each, actor=boss.user, now=before)[1] for each in (institution, other)]

    institutions.end_institution(institution=institution, ended_date=TODAY, reason="停办", now=NOW)

    ends = {row.pk: row.ended_at for row in InstitutionMember.objects.all()}
    assert ends == {boss.pk: NOW, caregiver.pk: NOW, gone.pk: before, elsewhere.pk: None}
    assert [invite.expires_at for invite in StaffInvite.objects.order_by("pk")] == [NOW, NOW + dt.timedelta(days=6)]
    with pytest.raises(invites.InviteGone):
        invites.read_invite(token=links[0], now=NOW)
    assert invites.read_invite(token=links[1], now=NOW).institution == other


def test_an_ended_institution_leaves_the_centre_of_its_township() -> None:
    township = TownshipFactory()
    first = create(district=township.district, township=township, latitude=34.0, longitude=112.0)
    create(district=township.district, name="另一家", township=township, latitude=35.0, longitude=112.0)

    institutions.end_institution(institution=first, ended_date=TODAY, reason="停办", now=NOW)

    township.refresh_from_db()
    assert (township.centre_latitude, township.centre_longitude) == (35.0, 112.0)


def test_new_name_of_a_township_reaches_the_index_of_its_public_institutions() -> None:
    township = TownshipFactory()
    shown = InstitutionFactory(district=township.district, township=township, public=True)
    InstitutionFactory(district=township.district, township=township)
    InstitutionFactory(district=township.district, public=True)

    townships.correct_township(township=township, values={"centre_is_manual": False}, now=NOW)
    assert OutboxMessage.objects.count() == 0
    townships.correct_township(township=township, values={"name": "新街道"}, now=NOW)

    assert [row.payload for row in OutboxMessage.objects.all()] == [{"institutions": [shown.pk]}]
    assert OutboxMessage.objects.get().created_at == NOW


def test_the_second_correction_of_a_township_keeps_the_first() -> None:
    township = TownshipFactory(name="旧街道")
    stale = type(township).objects.get(pk=township.pk)
    townships.correct_township(township=township, values={"name": "新街道"}, now=NOW)

    townships.correct_township(township=stale, values={"kind": "town"}, now=NOW)

    township.refresh_from_db()
    assert (township.name, township.kind) == ("新街道", "town")


def test_a_township_needs_a_name_and_keeps_it() -> None:
    township = TownshipFactory(name="旧街道")

    with pytest.raises(InvalidInput) as caught:
        townships.correct_township(township=township, values={"name": ""}, now=NOW)

    township.refresh_from_db()
    assert (list(caught.value.fields), township.name) == (["name"], "旧街道")


def test_an_entered_centre_of_a_township_stays_when_it_is_corrected() -> None:
    township = TownshipFactory()
    InstitutionFactory(district=township.district, township=township, latitude=35.0, longitude=113.0)
    values = {"centre_is_manual": True, "centre_latitude": 34.1, "centre_longitude": 112.1}

    changed = townships.correct_township(township=township, values=values, now=NOW, actor=None)

    assert (changed.centre_latitude, changed.centre_longitude) == (34.1, 112.1)
    entry = ModelLogEntry.objects.get()
    assert (entry.action, sorted(entry.data["changes"])) == ("wagtail.edit", sorted(values))


def test_a_centre_is_the_mean_of_those_with_a_position_that_have_not_ended() -> None:
    township = TownshipFactory()
    common = {"district": township.district, "township": township}
    InstitutionFactory(**common, latitude=34.0, longitude=112.0)
    InstitutionFactory(**common, latitude=36.0, longitude=114.0)
    InstitutionFactory(**common, latitude=None, longitude=None)
    InstitutionFactory(**common, latitude=10.0, longitude=10.0, state="ended")
    InstitutionFactory(latitude=20.0, longitude=20.0)

    found = townships.recompute_centre(township=township)

    assert (found.centre_latitude, found.centre_longitude) == (35.0, 113.0)


def test_a_first_township_is_recomputed_and_a_last_one_left() -> None:
    township = TownshipFactory()
    institution = create(district=township.district, latitude=34.0, longitude=112.0)

    institutions.correct_institution(institution=institution, values={"township": township}, now=NOW)
    township.refresh_from_db()
    with_it = township.centre_latitude
    institutions.correct_institution(institution=institution, values={"township": None}, now=NOW)

    township.refresh_from_db()
    assert (with_it, township.centre_latitude) == (34.0, None)


def test_the_second_correction_keeps_the_first_and_says_what_changed() -> None:
    institution = create(places=60)
    stale = Institution.objects.get(pk=institution.pk)
    institutions.correct_institution(institution=institution, values={"places": 70}, now=NOW)

    changed = institutions.correct_institution(
        institution=stale, values={"address": "另一条路"}, now=NOW + dt.timedelta(days=1)
    )

    assert (changed.places, changed.address, changed.changed_at) == (70, "另一条路", NOW + dt.timedelta(days=1))
    entry = ModelLogEntry.objects.filter(action="wagtail.edit").order_by("-pk")[0]
    assert entry.data["changes"] == {"address": ["珠江路1号", "另一条路"]}


def test_acts_leave_their_history_and_reach_the_index() -> None:
    institution = InstitutionFactory(public=True)
    told = []
    for act in (
        lambda: institutions.start_rectification(
            institution=institution, kind="closes", reason=" 晨检 ", until_date=TODAY, now=NOW
        ),
        lambda: institutions.end_rectification(institution=institution, note="合格", now=NOW),
        lambda: institutions.end_institution(institution=institution, ended_date=TODAY, reason="停办", now=NOW),
    ):
        act()
        told.append([row.payload for row in OutboxMessage.objects.filter(topic="search.index")])
        OutboxMessage.objects.all().delete()

    actions = [entry.action for entry in ModelLogEntry.objects.for_instance(institution).order_by("pk")]
    assert actions == ["directory.rectify", "directory.rectified", "directory.end"]
    message = {"institutions": [institution.pk]}
    # The end of an institution ends its authorisation too, which is a change of its own.
    assert told == [[message], [message], [message, message]]
    institution.refresh_from_db()
    assert (institution.rectification_from_date, institution.rectification_until_date) == (None, None)
    assert institution.changed_at == NOW
