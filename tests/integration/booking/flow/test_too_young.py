"""The first step where no child of the family is taken."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from cms.accounts.models import Child
from tests.factories.accounts import ChildFactory
from tests.factories.booking import open_house, toddler

pytestmark = pytest.mark.django_db
TOO_YOUNG, GROWN, NEWBORN = dt.date(2026, 1, 3), dt.date(2023, 11, 1), dt.date(2026, 9, 1)


def main_links(page) -> dict[str, str]:
    """Text → address of the buttons that aren't plain."""
    found = re.findall(
        r'<a\s+class="button button--wide"\s+href="([^"]+)"[^>]*>(.*?)</a>', page.content.decode(), re.DOTALL
    )
    return {re.sub(r"\s+", " ", text).strip(): url.replace("&amp;", "&") for url, text in found}


def child_page(sign_in, born: dt.date, *, query: str = ""):
    house = open_house()
    user, child = toddler(birth_date=born)
    return sign_in(user).get(f"/booking/{house.institution.public_id}/child/{query}"), house, user, child


def test_main_button_leads_to_those_who_take_the_age(sign_in):
    page, house, _user, _child = child_page(sign_in, TOO_YOUNG, query="?date=2026-12-03&from=14:00&to=17:00")

    ((text, url),) = main_links(page).items()
    assert text == "看能照看 11 个月的机构"
    assert {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()} == {
        "district": house.institution.district.slug,
        "age": "11",
        "date": "2026-12-03",
        "from": "14:00",
        "to": "17:00",
    }
    assert "添加另一个宝宝" in page.content.decode()


@pytest.mark.parametrize(("born", "age"), [(dt.date(2026, 5, 23), "6"), (dt.date(2026, 5, 24), None), (GROWN, None)])
def test_only_an_age_for_care_has_a_list(sign_in, born, age):
    page, _house, _user, _child = child_page(sign_in, born)

    assert list(main_links(page)) == ([f"看能照看 {age} 个月的机构"] if age else ["添加另一个宝宝"])


def test_age_is_that_of_the_first_child_of_an_age_for_care(sign_in):
    page, house, user, child = child_page(sign_in, GROWN)
    ChildFactory(family=child.family, birth_date=NEWBORN)
    ChildFactory(family=child.family, birth_date=TOO_YOUNG)

    page = sign_in(user).get(f"/booking/{house.institution.public_id}/child/")

    assert list(main_links(page)) == ["看能照看 10 个月的机构"]


def test_family_with_a_child_that_fits_is_not_sent_away(sign_in):
    page, house, user, child = child_page(sign_in, TOO_YOUNG)
    ChildFactory(family=child.family, birth_date=dt.date(2025, 6, 3))

    page = sign_in(user).get(f"/booking/{house.institution.public_id}/child/")

    assert (page.context["who_can"], main_links(page)) == (None, {})
    assert Child.objects.count() == 2
