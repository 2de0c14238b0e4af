"""Who has to sign in before an act comes back to the page that holds its button."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client

from tests.factories.accounts import UserFactory
from tests.factories.booking import hold, open_house, toddler

pytestmark = pytest.mark.django_db
#: Acts that take POST alone → the page that holds the button.
ACTS = {
    "/me/messages/read/": "/me/messages/",
    "/me/privacy/export/": "/me/privacy/",
    "/me/privacy/sessions/end/": "/me/privacy/",
    "/me/privacy/sessions/7/end/": "/me/privacy/",
    "/me/family/invites/withdraw/": "/me/family/",
    "/booking/check/abc/again/": "/booking/check/abc/",
}


def come_back(response) -> str:
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/")
    return parse_qs(urlsplit(response["Location"]).query)["next"][0]


@pytest.mark.parametrize(("act", "page"), ACTS.items())
def test_act_without_a_session_comes_back_to_its_page(act, page):
    assert come_back(Client().post(act)) == page


@pytest.mark.parametrize(("act", "page"), ACTS.items())
def test_act_takes_post_alone_and_its_page_can_be_opened(sign_in, act, page):
    client = sign_in(UserFactory())

    assert client.get(act).status_code == 405
    assert client.get(page).status_code == (404 if "abc" in page else 200)


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/me/messages/?page=2", "/me/messages/?page=2"),
        ("http://testserver/me/", "/me/"),
        ("https://elsewhere.example/me/", "/me/messages/"),
        ("http://testserver//elsewhere.example/", "/me/messages/"),
        ("javascript:alert(1)", "/me/messages/"),
        ("", "/me/messages/"),
    ],
)
def test_page_that_the_browser_names_is_the_one_unless_it_is_elsewhere(referer, back):
    assert come_back(Client().post("/me/messages/read/", headers={"Referer": referer})) == back


def test_page_that_takes_posts_itself_comes_back_to_itself():
    house = open_house()
    user, child = toddler()
    held = hold(house, user=user, child=child)

    for method in ("get", "post"):
        answer = getattr(Client(), method)(f"/booking/check/{held.public_id}/?from=here")
        assert come_back(answer) == f"/booking/check/{held.public_id}/?from=here"


@pytest.mark.parametrize(
    ("referer", "back"),
    [("http://testserver/workbench/abc/?day=1", "/workbench/abc/?day=1"), ("", "/workbench/")],
)
def test_act_of_the_workbench_comes_back_to_the_page_it_was_sent_from(referer, back):
    answer = Client().post("/workbench/abc/mark/", headers={"Referer": referer})

    assert parse_qs(urlsplit(answer["Location"]).query)["next"] == [back]


def test_no_act_is_guarded_like_a_page():
    root = Path(settings.BASE_DIR)
    files = [path for app in ("booking", "cms", "parenting", "directory") for path in (root / app).rglob("*.py")]

    wrong = ("@require_POST\n@own_page", "@require_POST\n@signed_in", "@signed_in\n@require_POST")
    assert [path.name for path in files if any(words in path.read_text() for words in wrong)] == []
