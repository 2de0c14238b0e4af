"""Nobody gets to `/admin/` or `/workbench/` around the second factor: every way a person may try."""

from __future__ import annotations

import re
import time

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from cms.accounts.messaging.services import text_messages
from cms.accounts.models import User
from cms.accounts.signin.second_factors import totp_code, totp_counter
from cms.accounts.signin.services.second_factor import enrol_totp, new_secret, renew_recovery_codes
from cms.accounts.signin.services.tokens import issue_token
from cms.core.calendar.times import now as clock
from cms.core.models import OutboxMessage
from tests.factories.accounts import PASSWORD, StaffUserFactory, UserFactory
from tests.factories.directory import DistrictStaffFactory, InstitutionMemberFactory
from tests.factories.second_factors import current_totp_code

pytestmark = pytest.mark.django_db
SIGN_IN = "/staff/sign-in/"
WORK = ("/admin/", "/admin/pages/", "/admin/users/", "/admin/account/", "/workbench/", "/workbench/week/")
BACKEND = "django.contrib.auth.backends.ModelBackend"


def staff(kind: str) -> User:
    """A user with a post; every account has a second factor enrolled."""
    user = StaffUserFactory(phone=f"1370000{User.objects.count():04d}")
    if kind == "district":
        appoint(user)
    elif kind == "superuser":
        user.is_superuser = True
        user.save()
    else:
        InstitutionMemberFactory(user=user, role=kind)
    enrol_totp(user=user, secret=new_secret())
    return user


def appoint(user: User) -> None:
    """A post in a district's office, with what its group allows."""
    DistrictStaffFactory(user=user)
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))


def goes_to_work(client: Client, path: str) -> bool:
    """Whether the page itself is shown; every refusal is a redirect to a step or an error."""
    return client.get(path).status_code == 200


def code_of(user: User) -> str:
    return current_totp_code(user)


def sign_in(client: Client, user: User, *, second: bool) -> None:
    client.post(SIGN_IN, {"username": user.username, "password": PASSWORD})
    if second:
        client.post("/staff/second-factor/", {"code": code_of(user)})


@pytest.mark.parametrize("path", WORK)
def test_anonymous_is_sent_to_sign_in_and_back(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 302
    assert response["Location"] == f"{SIGN_IN}?next={path.replace('/', '%2F')}"


@pytest.mark.parametrize("kind", ["district", "superuser", "manager"])
@pytest.mark.parametrize("path", WORK)
def test_session_of_any_other_making_is_not_enough(client: Client, kind: str, path: str) -> None:
    client.force_login(staff(kind), backend=BACKEND)

    assert not goes_to_work(client, path)


@pytest.mark.parametrize("kind", ["district", "superuser", "manager"])
@pytest.mark.parametrize("path", WORK)
def test_password_alone_is_not_enough(client: Client, kind: str, path: str) -> None:
    sign_in(client, staff(kind), second=False)

    assert not goes_to_work(client, path)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("kind", ["district", "superuser", "manager"])
@pytest.mark.parametrize("path", WORK)
def test_code_by_phone_alone_is_not_enough(client: Client, kind: str, path: str) -> None:
    user = staff(kind)
    sign_in_by_phone(client, user.phone)

    assert int(client.session["_auth_user_id"]) == user.pk
    assert not goes_to_work(client, path)


@pytest.mark.parametrize("path", WORK)
def test_code_by_phone_and_second_factor_are_not_the_password(client: Client, path: str) -> None:
    user = staff("district")
    sign_in_by_phone(client, user.phone)
    client.post("/staff/second-factor/", {"code": code_of(user)})

    assert not goes_to_work(client, path)


@pytest.mark.parametrize("address", ["/admin/login/", "/_util/login/"])
def test_sign_ins_of_wagtail_take_no_password(client: Client, address: str) -> None:
    user = staff("superuser")

    response = client.post(address, {"username": user.username, "password": PASSWORD})

    assert response.status_code == 302
    assert response["Location"].startswith(SIGN_IN)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("address", ["/admin/password_reset/", "/admin/password_reset/confirm/x/y/"])
def test_password_reset_of_wagtail_leads_to_sign_in(client: Client, address: str) -> None:
    assert client.get(address)["Location"] == SIGN_IN


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/login/code/",
        "/staff/login/",
        "/staff/signup/",
        "/staff/password/reset/",
        "/login/",
        "/django-admin/",
    ],
)
def test_addresses_of_allauth_and_django_do_not_exist(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("path", WORK)
def test_token_of_the_api_opens_no_page(client: Client, path: str) -> None:
    token, _row = issue_token(user=staff("superuser"), second_factor=True, now=clock())

    assert client.get(path, headers={"X-Session-Token": token}).status_code == 302


def test_proofs_of_another_user_do_not_count(client: Client) -> None:
    sign_in(client, staff("district"), second=True)
    assert goes_to_work(client, "/admin/")
    proofs = client.session["proofs"]

    client.force_login(staff("district"), backend=BACKEND)
    session = client.session
    session["proofs"] = proofs
    session.save()

    assert not goes_to_work(client, "/admin/")


def test_parent_and_caregiver_find_no_admin(client: Client) -> None:
    for user in (UserFactory(phone="13700009999"), staff("caregiver")):
        sign_in_by_phone(client, user.phone)
        assert not goes_to_work(client, "/admin/")
        client.logout()


def test_manager_with_both_proofs_is_refused_the_admin(client: Client) -> None:
    sign_in(client, staff("manager"), second=True)

    assert client.get("/admin/").status_code == 403


def test_staff_whose_group_was_lost_are_refused_and_not_sent_in_circles(client: Client) -> None:
    user = staff("district")
    user.user_permissions.clear()
    sign_in(client, user, second=True)

    assert client.get("/admin/").status_code == 403


def test_unenrolled_staff_are_sent_to_enrolment_wherever_they_go(client: Client) -> None:
    user = StaffUserFactory()
    appoint(user)
    response = client.post(SIGN_IN, {"username": user.username, "password": PASSWORD, "next": "/admin/"})

    assert response["Location"] == "/staff/second-factor/set-up/?next=%2Fadmin%2F"
    for path in WORK:
        assert client.get(path)["Location"].startswith("/staff/second-factor/set-up/")


def test_enrolling_needs_the_password_first(client: Client) -> None:
    user = StaffUserFactory(phone="13700008888")
    DistrictStaffFactory(user=user)
    sign_in_by_phone(client, user.phone)

    response = client.get("/staff/second-factor/set-up/")

    assert response["Location"].startswith(SIGN_IN)


@pytest.mark.parametrize("name", ["factors", "second-factor-set-up", "passkey-add", "password"])
def test_own_factors_need_the_factor_that_is_enrolled(client: Client, name: str) -> None:
    user = staff("district")
    client.force_login(user, backend=BACKEND)
    session = client.session
    session["proofs"] = {"user": user.pk, "proofs": ["password"]}
    session.save()

    assert client.get(reverse(f"accounts:{name}"))["Location"].startswith("/staff/second-factor/")


def test_whole_way_of_somebody_new(client: Client) -> None:
    user = StaffUserFactory()
    appoint(user)
    client.post(SIGN_IN, {"username": user.username, "password": PASSWORD})
    page = client.get("/staff/second-factor/set-up/").content.decode()
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    before = client.session.session_key

    shown = client.post(
        "/staff/second-factor/set-up/", {"code": totp_code(secret, totp_counter(time.time())), "next": "/admin/"}
    )

    assert shown.content.count(b"<code>") == 10
    assert client.session.session_key != before
    assert goes_to_work(client, "/admin/")


def test_second_step_gives_the_session_a_new_key_and_a_short_life(client: Client) -> None:
    user = staff("district")
    sign_in(client, user, second=False)
    before = client.session.session_key

    client.post("/staff/second-factor/", {"code": code_of(user)})

    assert client.session.session_key != before
    assert client.session.get_expiry_age() <= 60 * 60 * 12
    assert goes_to_work(client, "/admin/")


def test_recovery_code_is_a_second_step(client: Client) -> None:
    user = staff("district")
    code = renew_recovery_codes(user=user)[0]
    sign_in(client, user, second=False)

    client.post("/staff/second-factor/", {"code": code})

    assert goes_to_work(client, "/admin/")


def test_second_step_does_not_wait_for_ever(client: Client) -> None:
    user = staff("district")
    sign_in(client, user, second=False)
    session = client.session
    session["second_step"] = session["second_step"] | {"at": time.time() - 601}
    session.save()

    response = client.post("/staff/second-factor/", {"code": code_of(user)})

    assert response["Location"].startswith(SIGN_IN)
    assert not goes_to_work(client, "/admin/")


def test_wrong_password_says_the_same_for_known_and_unknown_names(client: Client) -> None:
    user = staff("district")

    answers = [
        client.post(SIGN_IN, {"username": name, "password": "wrong"}).content.decode().replace(name, "")
        for name in (user.username, "nobody")
    ]

    assert [("用户名或密码不对" in answer) for answer in answers] == [True, True]


def test_many_wrong_passwords_shut_out_even_the_right_one(client: Client) -> None:
    user = staff("district")
    for _number in range(10):
        client.post(SIGN_IN, {"username": user.username, "password": "wrong"})

    response = client.post(SIGN_IN, {"username": user.username, "password": PASSWORD})

    assert "试的次数太多" in response.content.decode()
    elsewhere = Client(REMOTE_ADDR="198.51.100.9")
    assert elsewhere.post(SIGN_IN, {"username": user.username, "password": PASSWORD}).status_code == 302


def test_sign_in_leads_only_to_addresses_of_this_site(client: Client) -> None:
    user = staff("district")
    sign_in(client, user, second=False)

    response = client.post("/staff/second-factor/", {"code": code_of(user), "next": "https://evil.example/"})

    assert response["Location"] == "/admin/"


def test_caregiver_comes_in_by_phone_unless_the_institution_wants_more(client: Client) -> None:
    caregiver = staff("caregiver")
    sign_in_by_phone(client, caregiver.phone)
    assert client.get("/workbench/").status_code == 200

    institution = caregiver.institution_memberships.get().institution
    institution.caregivers_need_factor = True
    institution.save()

    assert client.get("/workbench/")["Location"].startswith("/staff/second-factor/?")
    client.post("/staff/second-factor/", {"code": code_of(caregiver)})
    assert client.get("/workbench/").status_code == 200


def test_htmx_request_without_proof_is_told_to_go_to_sign_in(client: Client) -> None:
    response = client.get("/workbench/", headers={"HX-Request": "true"})

    assert response.status_code == 204
    assert response["HX-Redirect"].startswith(SIGN_IN)


def test_changed_password_ends_other_sessions(client: Client) -> None:
    user = staff("district")
    other = Client()
    other.force_login(user, backend=BACKEND)
    sign_in(client, user, second=True)

    response = client.post(
        "/staff/security/password/", {"old": PASSWORD, "new": "another-long-word", "again": "another-long-word"}
    )

    assert response["Location"] == "/staff/security/"
    assert goes_to_work(client, "/admin/")
    assert other.get("/me/").status_code == 302


def sign_in_by_phone(client: Client, phone: str) -> None:
    client.post("/sign-in/", {"act": "send", "phone": phone})
    code = OutboxMessage.objects.filter(topic=text_messages.TOPIC).latest("pk").payload["params"]["code"]
    client.post("/sign-in/", {"act": "enter", "phone": phone, "code": code})
