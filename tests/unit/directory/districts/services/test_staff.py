from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from wagtail.models import ModelLogEntry

from cms.accounts.models import Message, SetupLink, User
from cms.accounts.ports import Posts, posts_of
from cms.accounts.signin.services.resets import OpensMore, OwnReset, ResetMeanwhile
from cms.accounts.signin.services.second_factor import enrol_totp, new_secret
from cms.accounts.signin.services.setup_links import SetupLinkGone, read_setup_link
from directory.districts.models import District, DistrictStaff, Office
from directory.districts.services import staff
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import DistrictFactory, DistrictStaffFactory, InstitutionMemberFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)


def appoint(username: str) -> tuple[DistrictStaff, str]:
    return staff.appoint_staff(district=DistrictFactory(), department="health_commission", username=username, now=NOW)


@pytest.mark.parametrize("username", ["example-li", "Example-Li", " EXAMPLE-LI "])
def test_a_known_user_is_found_whatever_the_case(username: str) -> None:
    user = StaffUserFactory(username="example-li")

    post, token = appoint(username)

    assert (post.user, token) == (user, "")
    assert list(get_user_model().objects.filter(username__iexact="example-li")) == [user]


def appoint_to(district: District | None, department: str, username: str = "example-li") -> tuple[DistrictStaff, str]:
    return staff.appoint_staff(district=district, department=department, username=username, now=NOW)


def groups_of(user: User) -> set[str]:
    return set(user.groups.values_list("name", flat=True))


def test_account_may_have_two_posts_in_one_district() -> None:
    district = DistrictFactory(name="示例区")
    appoint_to(district, "commerce")

    post, token = appoint_to(district, "education")

    assert (token, groups_of(post.user)) == ("", {"示例区 商务", "示例区 教体"})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("one", "commerce"), ("two", "commerce")),
        (("one", "commerce"), (None, "site_editor")),
        ((None, "site_editor"), ("one", "commerce")),
    ],
)
def test_account_works_in_one_place(first: tuple, second: tuple) -> None:
    places = {None: None, "one": DistrictFactory(), "two": DistrictFactory()}
    appoint_to(places[first[0]], first[1])

    with pytest.raises(staff.WorksElsewhere) as refused:
        appoint_to(places[second[0]], second[1])

    assert list(refused.value.fields) == ["username"]
    assert DistrictStaff.objects.count() == 1
    assert appoint_to(places[second[0]], second[1], "another-li")[1]


def test_account_may_move_once_its_post_has_ended() -> None:
    post, _token = appoint_to(DistrictFactory(), "commerce")
    staff.end_post(post=post)

    assert appoint_to(DistrictFactory(), "commerce")[0].user == post.user


@pytest.mark.parametrize("role", ["manager", "caregiver"])
def test_who_works_at_an_institution_gets_no_post_before_that_has_ended(role: str) -> None:
    member = InstitutionMemberFactory(user=StaffUserFactory(username="example-li"), role=role)
    district = DistrictFactory()

    with pytest.raises(staff.WorksAtInstitution) as refused:
        appoint_to(district, "commerce")
    with pytest.raises(staff.WorksAtInstitution):
        staff.start_post(district=district, department="commerce", username="example-li", now=NOW)

    assert (list(refused.value.fields), DistrictStaff.objects.count()) == (["username"], 0)
    member.delete()
    assert appoint_to(district, "commerce")[0].user == member.user


def test_nobody_ends_their_own_post() -> None:
    district = DistrictFactory()
    appoint_to(district, "health_commission", "another-li")
    post, _token = appoint_to(district, "health_commission")

    with pytest.raises(staff.OwnPost):
        staff.end_post(post=post, actor=post.user)

    assert DistrictStaff.objects.filter(pk=post.pk).exists()


def test_last_who_may_appoint_in_a_district_stays() -> None:
    district = DistrictFactory()
    appoint_to(DistrictFactory(), "health_commission", "elsewhere")
    appoint_to(district, "commerce", "in-commerce")
    closed, _token = appoint_to(district, "health_commission", "closed-li")
    User.objects.filter(pk=closed.user_id).update(is_active=False)
    post, _token = appoint_to(district, "health_commission")
    boss = StaffUserFactory(is_superuser=True)

    with pytest.raises(staff.LastAppointer):
        staff.end_post(post=post, actor=boss)
    assert len(groups_of(post.user)) == 1
    other, _token = appoint_to(district, "health_commission", "another-li")
    staff.end_post(post=post, actor=other.user)

    assert not DistrictStaff.objects.filter(pk=post.pk).exists()
    with pytest.raises(staff.LastAppointer):
        staff.end_post(post=other, actor=boss)


def test_two_posts_of_one_person_do_not_stand_in_for_each_other() -> None:
    district = DistrictFactory()
    post, _token = appoint_to(district, "health_commission")
    second, _token = appoint_to(district, "maternal_child_health")
    Office.objects.filter(district=district).update(appoints_staff=True)

    for each in (post, second):
        with pytest.raises(staff.LastAppointer):
            staff.end_post(post=each)


def test_ending_again_changes_and_records_nothing() -> None:
    post, _token = appoint_to(DistrictFactory(), "commerce")
    stale = DistrictStaff.objects.get(pk=post.pk)
    staff.end_post(post=post)

    staff.end_post(post=stale)

    assert ModelLogEntry.objects.filter(action="directory.member_end").count() == 1


def test_closed_account_gets_no_post() -> None:
    StaffUserFactory(username="example-li", is_active=False)

    with pytest.raises(staff.AccountClosed):
        appoint_to(DistrictFactory(), "commerce")
    with pytest.raises(staff.AccountClosed):
        staff.start_post(district=DistrictFactory(), department="commerce", username="example-li", now=NOW)
    assert DistrictStaff.objects.count() == 0


def test_site_editor_has_the_group_of_the_site_and_no_district() -> None:
    post, token = appoint_to(None, "site_editor")

    assert (post.district, groups_of(post.user)) == (None, {"网站编辑"})
    assert posts_of(post.user) == Posts(site_editor=True)
    assert posts_of(post.user).needs_second_factor
    assert read_setup_link(token=token, now=NOW).user == post.user
    staff.end_post(post=post)
    assert (groups_of(post.user), posts_of(post.user)) == (set(), Posts())


def test_starting_makes_account_post_and_link() -> None:
    district = DistrictFactory()

    token = staff.start_post(district=district, department="commerce", username=" Example-Li ", now=NOW)

    post = DistrictStaff.objects.get()
    assert (post.user.username, post.district, post.department) == ("example-li", district, "commerce")
    assert read_setup_link(token=token, now=NOW).user == post.user


def test_starting_again_gives_a_new_link_and_the_old_one_ends() -> None:
    district = DistrictFactory()
    first, second = (
        staff.start_post(district=district, department="commerce", username="example-li", now=NOW) for _ in "ab"
    )

    with pytest.raises(SetupLinkGone):
        read_setup_link(token=first, now=NOW)
    assert read_setup_link(token=second, now=NOW).user.username == "example-li"
    assert (DistrictStaff.objects.count(), SetupLink.objects.count()) == (1, 1)


def test_starting_a_known_account_gives_it_post_and_link() -> None:
    user = StaffUserFactory(username="example-li")
    district = DistrictFactory()

    token = staff.start_post(district=district, department="commerce", username="example-li", now=NOW)

    assert read_setup_link(token=token, now=NOW).user == user
    assert DistrictStaff.objects.get().user == user


def test_starting_in_another_district_is_refused_and_makes_no_link() -> None:
    staff.start_post(district=DistrictFactory(), department="commerce", username="example-li", now=NOW)
    before = SetupLink.objects.get().token_hash

    with pytest.raises(staff.WorksElsewhere):
        staff.start_post(district=DistrictFactory(), department="commerce", username="example-li", now=NOW)
    assert SetupLink.objects.get().token_hash == before


def reset(post: DistrictStaff, actor: User, **values: Any) -> str:
    known = {"seen": User.objects.get(pk=post.user_id).session_epoch, "keeps_factor": False, "now": NOW}
    return staff.reset_staff(post=post, actor=actor, **(known | values))


def untouched(user: User) -> bool:
    now = User.objects.get(pk=user.pk)
    return (now.session_epoch, now.password) == (user.session_epoch, user.password)


@pytest.fixture
def chief() -> User:
    """Somebody who may appoint people in a district."""
    return DistrictStaffFactory(user=StaffUserFactory(), department="health_commission").user


def colleague_of(chief: User, **values: Any) -> DistrictStaff:
    known = {"district": chief.district_posts.get().district, "department": "education"}
    return DistrictStaffFactory(**{**known, "user": StaffUserFactory(), **values})


@pytest.mark.parametrize(
    ("keeps_factor", "factors", "action"), [(True, 1, "directory.reset_password"), (False, 0, "directory.reset_all")]
)
def test_colleague_of_an_office_begins_again_by_a_link(
    chief: User, keeps_factor: bool, factors: int, action: str
) -> None:
    post = colleague_of(chief)
    enrol_totp(user=post.user, secret=new_secret())

    token = reset(post, chief, keeps_factor=keeps_factor)

    link = read_setup_link(token=token, now=NOW)
    entry = ModelLogEntry.objects.get(action__startswith="directory.reset")
    assert (link.user, link.replaces_factor) == (post.user, not keeps_factor)
    assert User.objects.get(pk=post.user_id).has_usable_password() is False
    assert Authenticator.objects.filter(user=post.user).count() == factors
    assert (entry.action, entry.user, entry.data) == (action, chief, {"department": "education"})
    assert Message.objects.get(user=post.user).body.startswith(f"{post.office_name} 替您重置了登录")


def test_nobody_of_an_office_resets_themselves(chief: User) -> None:
    for user in (chief, StaffUserFactory(is_superuser=True)):
        post = user.district_posts.first() or DistrictStaffFactory(user=user)
        with pytest.raises(OwnReset):
            reset(post, user)
        assert untouched(user)


@pytest.mark.parametrize(
    "more",
    [
        lambda user: InstitutionMemberFactory(user=user),
        lambda user: InstitutionMemberFactory(user=user, role="caregiver"),
        lambda user: DistrictStaffFactory(user=user),
        lambda user: DistrictStaffFactory(user=user, district=None, department="site_editor"),
        lambda user: User.objects.filter(pk=user.pk).update(is_superuser=True),
    ],
)
def test_account_that_opens_more_is_the_operators(chief: User, more: Any) -> None:
    post = colleague_of(chief)
    more(post.user)

    with pytest.raises(OpensMore):
        reset(post, chief)

    assert untouched(post.user)
    assert read_setup_link(token=reset(post, StaffUserFactory(is_superuser=True)), now=NOW).user == post.user


def test_second_press_resets_nobody_twice(chief: User) -> None:
    post = colleague_of(chief)
    token = reset(post, chief, seen=post.user.session_epoch)

    with pytest.raises(ResetMeanwhile):
        reset(post, chief, seen=post.user.session_epoch)

    assert read_setup_link(token=token, now=NOW).user == post.user
    assert ModelLogEntry.objects.filter(action="directory.reset_all").count() == 1
