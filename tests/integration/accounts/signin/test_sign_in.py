from __future__ import annotations

import pytest
from django.test import Client

from cms.accounts.family.services.families import ensure_family
from cms.accounts.messaging.services import text_messages
from cms.accounts.models import User
from cms.core.calendar.times import now as clock
from cms.core.models import OutboxMessage
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
PHONE = "13800138000"


def send(client: Client, phone: str = PHONE, **extra: str):
    return client.post("/sign-in/", {"act": "send", "phone": phone, **extra})


def enter(client: Client, code: str, phone: str = PHONE, **extra: str):
    return client.post("/sign-in/", {"act": "enter", "phone": phone, "code": code, **extra})


def sent_code() -> str:
    return OutboxMessage.objects.filter(topic=text_messages.TOPIC).latest("pk").payload["params"]["code"]


def test_number_then_code_then_in(client: Client) -> None:
    page = send(client, "138 0013 8000").content.decode()
    assert "138****8000" in page
    assert 'data-resend="6' in page

    response = enter(client, sent_code(), next="/me/children/add/")

    assert response["Location"] == "/me/children/add/"
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_page_says_that_a_new_number_makes_an_account(client: Client) -> None:
    page = client.get("/sign-in/").content.decode()

    assert "未注册手机号将自动创建账号" in page
    assert 'type="checkbox"' not in page


def test_known_and_unknown_numbers_get_the_same_page(client: Client) -> None:
    user = UserFactory(phone="13800138001")
    ensure_family(user=user, now=clock())

    pages = [send(Client(), phone).content.decode() for phone in ("13800138001", "13800138002")]

    # Only the number itself and the random token of the form differ.
    same = [page.split("<main")[1].replace(phone, "").replace(f"{phone[:3]}****{phone[-4:]}", "") for page, phone in
            zip(pages, ("13800138001", "13800138002"), strict=True)]  # fmt: skip
    token = 'name="csrfmiddlewaretoken" value="'
    cleaned = ["".join(part.split('"', 1)[-1] for part in page.split(token)) for page in same]
    assert cleaned[0] == cleaned[1]


def test_malformed_number_keeps_what_was_typed(client: Client) -> None:
    page = send(client, "1380013").content.decode()

    assert "请填 11 位手机号" in page
    assert 'value="1380013"' in page


def test_wrong_code_says_what_to_do(client: Client) -> None:
    send(client)

    page = enter(client, "abc").content.decode()

    assert "验证码不对、已过期" in page
    assert "_auth_user_id" not in client.session


def test_page_never_claims_a_message_that_was_not_sent(client: Client) -> None:
    first = send(client).content.decode()

    second = send(client).content.decode()

    assert ["验证码已发到" in page for page in (first, second)] == [True, False]
    assert ["这次没有再发" in page for page in (first, second)] == [False, True]
    assert OutboxMessage.objects.filter(topic=text_messages.TOPIC).count() == 1
    assert 'data-resend="' in second


def test_code_spoilt_by_wrong_ones_is_refused_with_words_that_say_so(client: Client) -> None:
    send(client)
    code = sent_code()
    for _number in range(5):
        enter(client, "000000" if code != "000000" else "111111")

    page = enter(client, code).content.decode()

    assert "填错 5 次作废了" in page
    assert "重新获取" in page


def test_number_and_code_never_stand_in_the_session(client: Client) -> None:
    client.get("/sign-in/")
    send(client)

    kept = str(dict(client.session.items()))
    assert PHONE not in kept
    assert sent_code() not in kept


def test_sign_in_gives_a_new_session_key(client: Client) -> None:
    session = client.session
    session["before"] = "1"
    session.save()
    before = session.session_key
    send(client)

    enter(client, sent_code())

    assert client.session.session_key != before
    assert "before" not in client.session


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_next_leads_only_to_this_site(client: Client, target: str) -> None:
    send(client)

    response = enter(client, sent_code(), next=target)

    assert response["Location"] == "/me/"


def test_many_phones_behind_one_address_all_get_in() -> None:
    for number in range(40):
        phone = f"1390000{number:04d}"
        browser = Client(REMOTE_ADDR="100.64.0.1")
        browser.get("/sign-in/")
        send(browser, phone)
        assert enter(browser, sent_code(), phone).status_code == 302


def test_one_device_is_stopped_with_words(client: Client) -> None:
    client.get("/sign-in/")
    for number in range(8):
        send(client, f"1390000000{number}")

    page = send(client, "13900000009").content.decode()

    assert "获取验证码太频繁" in page


def test_signed_in_visitor_is_led_on(client: Client) -> None:
    send(client)
    enter(client, sent_code())

    assert client.get("/sign-in/?next=/classes/")["Location"] == "/classes/"


def test_sign_out_asks_and_then_ends_the_session(client: Client) -> None:
    send(client)
    enter(client, sent_code())
    assert client.get("/sign-out/").status_code == 200
    assert "_auth_user_id" in client.session

    client.post("/sign-out/")

    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("page", ["/sign-in/", "/staff/sign-in/"])
def test_pages_are_never_kept(client: Client, page: str) -> None:
    assert "no-store" in client.get(page)["Cache-Control"]


def test_changing_the_number_leads_back_to_the_page_that_was_asked_for(client: Client) -> None:
    send(client)
    enter(client, sent_code())
    page = "/me/bookings/abcdefghijkm/"
    asked = client.get("/sign-out/", {"next": page}).content.decode()

    answer = client.post("/sign-out/", {"next": page})

    assert f'<input type="hidden" name="next" value="{page}">' in asked
    assert answer["Location"] == "/sign-in/?next=%2Fme%2Fbookings%2Fabcdefghijkm%2F"
    assert "_auth_user_id" not in client.session
    assert client.get("/sign-out/", {"next": page})["Location"] == answer["Location"]


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", ""])
def test_changing_the_number_never_leads_elsewhere(client: Client, target: str) -> None:
    send(client)
    enter(client, sent_code())

    assert client.post("/sign-out/", {"next": target})["Location"] == "/"
