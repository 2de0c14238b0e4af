"""The last page before it counts: a living hold, the price, and the ways out and back again."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.conf import settings
from django.test import Client

from cms.accounts.models import PickupPerson
from tests.factories.accounts import FamilyMemberFactory, PickupPersonFactory
from tests.factories.booking import hold, open_house, toddler

pytestmark = pytest.mark.django_db
PERSON = {"name": "王秀兰", "relation": "外婆", "phone": "13900000010", "is_adult": "on"}
PARENTS_TOO = "没登记的接不走，爸爸妈妈来接也要登记"


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def list_of(response) -> dict[str, str]:
    """What the page says of each point, with the word of its link."""
    rows = re.findall(r"<dt>(.*?)</dt>(.*?)</div>", response.content.decode(), re.DOTALL)
    return {term: re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", said)).strip() for term, said in rows}


@pytest.fixture
def held():
    house = open_house()
    user, child = toddler()
    return hold(house, user=user, child=child), user, child


@pytest.mark.parametrize(("later", "seconds"), [(0, 900), (60, 840), (899, 1)])
def test_seconds_left_come_from_the_server(sign_in, clock, held, later, seconds):
    booking, user, _child = held
    clock.shift(later)

    page = sign_in(user).get(f"/booking/check/{booking.public_id}/")

    assert f'data-hold-seconds="{seconds}"' in page.content.decode()
    assert "js/countdown" in page.content.decode()


def test_bar_says_the_price_and_has_the_way_on_ready(sign_in, held):
    booking, user, _child = held

    page = sign_in(user).get(f"/booking/check/{booking.public_id}/").content.decode()

    bar = page[page.index('class="bar"') :]
    assert "<b>54 元</b>" in bar
    over = re.search(r"<form[^>]*data-hold-over[^>]*>", bar).group()
    assert f'action="/booking/check/{booking.public_id}/again/"' in over
    assert over.endswith("hidden>")


def test_what_is_missing_is_a_task_and_is_filled_in_not_changed(sign_in, held):
    booking, user, child = held
    client = sign_in(user)

    before = list_of(client.get(f"/booking/check/{booking.public_id}/"))
    PickupPersonFactory(family=child.family, relation="外婆")
    child.allergies = "花生过敏"
    child.save()
    after = list_of(client.get(f"/booking/check/{booking.public_id}/"))

    assert before["接送"] == f"还没填谁能接走宝宝 {PARENTS_TOO} 填写 接送"
    assert before["过敏"] == "没有填，没有过敏就不用填 填写 过敏"
    assert after["接送"] == f"外婆 {PARENTS_TOO} 修改 接送"
    assert after["过敏"] == "花生过敏 会告诉机构 修改 过敏"


def links_out(page) -> dict[str, str]:
    found = re.findall(r'href="(/me/[^"]+\?next=[^"]+)"', page.content.decode())
    return {"pickup" if "/pickup/" in url else "child": url for url in found}


def test_person_who_fetches_is_added_and_the_booking_goes_on(sign_in, held):
    booking, user, _child = held
    client = sign_in(user)
    here = f"/booking/check/{booking.public_id}/"
    form = client.get(links_out(client.get(here))["pickup"])
    assert f'<a class="back" href="{here}">' in form.content.decode()
    assert f'name="next" value="{here}"' in form.content.decode()

    wrong = client.post("/me/pickup/", {**PERSON, "name": "", "next": here})
    saved = client.post("/me/pickup/", {**PERSON, "next": here})

    assert f'name="next" value="{here}"' in wrong.content.decode()
    assert saved["Location"] == here
    assert PickupPerson.objects.count() == 1
    assert "外婆" in text(client.get(saved["Location"]))


def test_allergy_is_filled_in_and_the_booking_goes_on(sign_in, held):
    booking, user, _child = held
    client = sign_in(user)
    here = f"/booking/check/{booking.public_id}/"
    url = links_out(client.get(here))["child"]
    form = client.get(url).context["form"]
    details = {name: value for name in form.fields if (value := form[name].value()) not in (None, "", False)}

    saved = client.post(url, {**details, "allergies": "花生过敏", "next": here})

    assert saved["Location"] == here
    assert "花生过敏" in text(client.get(here))


@pytest.mark.parametrize("which", ["pickup", "child"])
def test_way_out_and_back_survives_a_new_sign_in(sign_in, held, which):
    booking, user, _child = held
    url = links_out(sign_in(user).get(f"/booking/check/{booking.public_id}/"))[which]

    answer = Client().get(url)

    assert parse_qs(urlsplit(answer["Location"]).query)["next"] == [url]


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:x"])
def test_way_back_is_never_elsewhere(sign_in, held, elsewhere):
    _booking, user, _child = held
    client = sign_in(user)

    page = client.get(f"/me/pickup/?next={quote(elsewhere)}").content.decode()
    saved = client.post("/me/pickup/", {**PERSON, "next": elsewhere})

    assert "elsewhere" not in page
    assert saved["Location"] == "/me/pickup/"


def test_grandmother_who_may_not_change_the_record_comes_back_too(sign_in, held):
    booking, _user, child = held
    grandmother = FamilyMemberFactory(family=child.family, role="carer").user
    client = sign_in(grandmother)
    here = f"/booking/check/{booking.public_id}/"

    page = client.get(links_out(client.get(here))["child"])

    assert page.status_code == 403
    assert f'href="{here}"' in page.content.decode()


def test_countdown_never_asks_the_clock_of_the_phone():
    script = (Path(settings.BASE_DIR) / "static/js/countdown.js").read_text()

    assert "Date" not in script


def test_page_with_one_act_has_no_tabs_beside_it(sign_in, held):
    booking, user, _child = held

    page = sign_in(user).get(f"/booking/check/{booking.public_id}/").content.decode()

    assert 'class="tabs"' not in page


@pytest.mark.parametrize("page", ["/booking/done/{}/", "/me/bookings/{}/"])
def test_person_who_fetches_is_added_from_the_finished_booking_too(sign_in, held, page):
    booking, user, _child = held
    client = sign_in(user)
    client.post(f"/booking/check/{booking.public_id}/")
    here = page.format(booking.public_id)

    assert f'href="/me/pickup/?next={quote(here, safe="")}"' in client.get(here).content.decode()
