from __future__ import annotations

import datetime as dt
import json
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from cms.accounts.family.services.consents import publish_consent_texts
from cms.accounts.messaging.services import text_messages
from cms.accounts.models import Child, PhoneCode, SessionToken
from cms.accounts.signin.services.second_factor import enrol_totp, new_secret
from cms.accounts.signin.services.tokens import issue_token
from cms.core.calendar.times import now as clock
from cms.core.models import OutboxMessage
from tests.factories.accounts import ChildFactory, FamilyMemberFactory, StaffUserFactory, UserFactory, parent_with_child
from tests.factories.directory import DistrictStaffFactory, InstitutionMemberFactory
from tests.factories.second_factors import current_totp_code

pytestmark = pytest.mark.django_db
API = "/api/v1/"
PHONE = "13800138000"


def post(client: Client, call: str, body: dict, token: str = ""):
    headers = {"X-Session-Token": token} if token else {}
    return client.post(f"{API}{call}", body, content_type="application/json", headers=headers)


def get(client: Client, call: str, token: str = ""):
    return client.get(f"{API}{call}", headers={"X-Session-Token": token} if token else {})


def token_of(user) -> str:
    return issue_token(user=user, now=clock())[0]


def sent_code() -> str:
    return OutboxMessage.objects.filter(topic=text_messages.TOPIC).latest("pk").payload["params"]["code"]


def test_code_is_202_for_every_well_formed_number(client: Client) -> None:
    UserFactory(phone=PHONE)

    answers = [post(client, "sessions/code", {"phone": phone}) for phone in (PHONE, "13900000000")]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert [set(answer.json()) for answer in answers] == [{"resend_after"}, {"resend_after"}]


def test_malformed_number_is_422(client: Client) -> None:
    answer = post(client, "sessions/code", {"phone": "123"})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert "phone" in answer.json()["fields"]


def test_sixth_code_of_an_hour_is_429(client: Client) -> None:
    for _number in range(5):
        post(client, "sessions/code", {"phone": PHONE})
        PhoneCode.objects.update(created_at=clock() - dt.timedelta(minutes=2))

    assert post(client, "sessions/code", {"phone": PHONE}).status_code == 429


def test_right_code_gives_a_token_that_works_and_ends(client: Client) -> None:
    post(client, "sessions/code", {"phone": PHONE})
    answer = post(client, "sessions", {"phone": PHONE, "code": sent_code()})
    token = answer.json()["token"]

    assert answer.status_code == 201
    assert answer.json()["expires_at"].endswith("+08:00")
    assert get(client, "children", token).status_code == 200
    assert client.delete(f"{API}sessions", headers={"X-Session-Token": token}).status_code == 204
    assert get(client, "children", token).status_code == 401


def test_wrong_code_is_422_code(client: Client) -> None:
    post(client, "sessions/code", {"phone": PHONE})

    answer = post(client, "sessions", {"phone": PHONE, "code": "x"})

    assert (answer.status_code, answer.json()["code"]) == (422, "code")


def test_token_is_kept_as_a_hash(client: Client) -> None:
    token = token_of(UserFactory())

    assert token not in SessionToken.objects.get().token_hash
    assert len(token) >= 43


@pytest.mark.parametrize(
    "call", ["children", "consents/child-data", "bookings", "institutions", "refusals", "openapi.json", "nothing"]
)
@pytest.mark.parametrize("token", ["wrong", " ", "x" * 300])
def test_bad_token_is_401_on_every_call(client: Client, call: str, token: str) -> None:
    answer = get(client, call, token)

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorised")


@pytest.mark.parametrize("call", ["children", "bookings"])
def test_no_token_is_401_where_one_is_needed(client: Client, call: str) -> None:
    assert get(client, call).status_code == 401


def test_cookies_are_ignored(client: Client) -> None:
    user, _child = parent_with_child()
    client.force_login(user)

    assert get(client, "children").status_code == 401


def test_expired_token_and_closed_account_are_401(client: Client) -> None:
    user = UserFactory()
    token = token_of(user)
    SessionToken.objects.update(expires_at=clock())
    assert get(client, "children", token).status_code == 401
    other = token_of(user)
    user.is_active = False
    user.save()
    assert get(client, "children", other).status_code == 401


def test_consent_has_version_title_and_text(client: Client) -> None:
    text = publish_consent_texts(clock())

    assert get(client, "consents/child-data").json() == {
        "version": text.version,
        "title": text.title,
        "text": text.text,
    }


def test_consent_of_a_site_without_text_is_404(client: Client) -> None:
    assert get(client, "consents/child-data").status_code == 404


def test_child_is_entered_with_the_consent(client: Client) -> None:
    version = publish_consent_texts(clock()).version
    token = token_of(UserFactory())
    body = {"nickname": "豆豆", "birth_date": "2025-06-03", "consent_version": version}

    answer = post(client, "children", body, token)

    child = Child.objects.get()
    assert answer.status_code == 201
    assert {key: answer.json()[key] for key in ("id", "nickname", "birth_date")} == {
        "id": child.public_id,
        "nickname": "豆豆",
        "birth_date": "2025-06-03",
    }
    assert isinstance(answer.json()["age_months"], int)


@pytest.mark.parametrize("version", [{}, {"consent_version": None}, {"consent_version": "2019-01"}])
def test_child_without_the_consent_is_422_consent_required(client: Client, version: dict) -> None:
    publish_consent_texts(clock())
    body = {"nickname": "豆豆", "birth_date": "2025-06-03", **version}

    answer = post(client, "children", body, token_of(UserFactory()))

    assert (answer.status_code, answer.json()["code"]) == (422, "consent_required")


@pytest.mark.parametrize("body", [{}, {"nickname": "豆豆", "birth_date": "yesterday"}])
def test_child_with_bad_fields_is_422(client: Client, body: dict) -> None:
    assert post(client, "children", body, token_of(UserFactory())).status_code == 422


def test_body_that_is_not_json_is_400(client: Client) -> None:
    answer = client.post(f"{API}sessions/code", "{", content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (400, "not_json")


def test_carer_cannot_enter_a_child(client: Client) -> None:
    version = publish_consent_texts(clock()).version
    carer = FamilyMemberFactory(role="carer").user

    body = {"nickname": "豆豆", "birth_date": "2025-06-03", "consent_version": version}

    assert post(client, "children", body, token_of(carer)).status_code == 403


def test_children_are_those_of_the_own_family(client: Client) -> None:
    user, child = parent_with_child()
    parent_with_child()

    answer = get(client, "children", token_of(user)).json()

    assert (answer["count"], answer["page"]) == (1, 1)
    assert [row["id"] for row in answer["results"]] == [child.public_id]


@pytest.mark.parametrize("count", [1, 3])
def test_children_take_two_statements_whatever_their_number(
    client: Client, count: int, django_assert_num_queries
) -> None:
    member = FamilyMemberFactory()
    ChildFactory.create_batch(count, family=member.family)
    token = token_of(member.user)

    with django_assert_num_queries(2):
        assert get(client, "children", token).json()["count"] == count


def test_limit_counts_per_user_and_not_per_address(client: Client, settings) -> None:
    settings.API_CALLS_PER_MINUTE = 40
    busy, calm = token_of(UserFactory()), token_of(UserFactory())

    with time_machine.travel("2026-11-26T02:00:10+00:00", tick=False):
        codes = [get(client, "children", busy).status_code for _number in range(70)]

    # Counted every twentieth call; from the first refusal on, every call is one until the minute is over.
    assert codes == [200] * 59 + [429] * 11
    assert get(client, "children", calm).status_code == 200


def test_manager_gets_a_token_only_after_the_second_factor(client: Client) -> None:
    manager = UserFactory(phone=PHONE)
    InstitutionMemberFactory(user=manager, role="manager")
    enrol_totp(user=manager, secret=new_secret())
    post(client, "sessions/code", {"phone": PHONE})
    body = {"phone": PHONE, "code": sent_code(), "second_factor": current_totp_code(manager)}

    answer = post(client, "sessions", body)

    assert answer.status_code == 201
    assert SessionToken.objects.get().second_factor


def test_manager_without_the_second_factor_gets_no_token(client: Client) -> None:
    InstitutionMemberFactory(user=UserFactory(phone=PHONE), role="manager")
    post(client, "sessions/code", {"phone": PHONE})

    answer = post(client, "sessions", {"phone": PHONE, "code": sent_code()})

    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor")
    assert not SessionToken.objects.exists()


def test_issue_token_prints_json_alone(client: Client) -> None:
    user, _child = parent_with_child()
    out = StringIO()

    call_command("issue_token", user.phone, "--json", stdout=out)

    assert get(client, "children", json.loads(out.getvalue())["token"]).json()["count"] == 1


def test_issue_token_finds_staff_by_username(client: Client) -> None:
    user = StaffUserFactory(username="example-li")
    DistrictStaffFactory(user=user)
    out = StringIO()

    call_command("issue_token", " Example-Li ", stdout=out)

    session = SessionToken.objects.get()
    assert (session.user, session.second_factor, len(out.getvalue().strip())) == (user, True, 43)


def test_issue_token_refuses_a_closed_account(client: Client) -> None:
    StaffUserFactory(username="example-li", is_active=False)

    with pytest.raises(CommandError, match="No user has this number or username"):
        call_command("issue_token", "example-li")


def test_issue_token_refuses_unknown_numbers_and_production(settings) -> None:
    with pytest.raises(CommandError):
        call_command("issue_token", "13800138009")
    with pytest.raises(CommandError):
        call_command("issue_token", "1")
    user = UserFactory()
    installed = [app for app in settings.INSTALLED_APPS if app != "cms.demo"]
    with override_settings(INSTALLED_APPS=installed), pytest.raises(CommandError, match="production"):
        call_command("issue_token", user.phone)


def test_a_refusal_is_an_ordinary_answer_and_no_line_of_the_log(client: Client, caplog: pytest.LogCaptureFixture):
    refused, absent = get(client, "bookings"), get(client, "nothing-here")
    page = client.get("/institutions/nobody/")

    assert [answer.status_code for answer in (refused, absent, page)] == [401, 404, 404]
    logged = [line.getMessage() for line in caplog.records if line.name == "django.request"]
    assert logged == ["Not Found: /institutions/nobody/"]
