"""Every public page has its own title and sentence, for search results and for chats."""

from __future__ import annotations

import html as markup
import re

import pytest
from django.test import Client

from tests.factories.directory import DistrictFactory, InstitutionFactory
from tests.factories.pages import make_notice, make_site
from tests.factories.parenting import ClassSessionFactory

pytestmark = pytest.mark.django_db


def head_of(client: Client, path: str) -> tuple[str, str, str, str]:
    """Title, description, shared title, shared description."""
    response = client.get(path)
    assert response.status_code == 200, path
    page = markup.unescape(response.content.decode())
    found = [re.search(r"<title>(.*?)</title>", page)[1]]
    for name in ('name="description"', 'property="og:title"', 'property="og:description"'):
        found.append(re.search(rf'<meta {name} content="([^"]*)">', page)[1])
    return found[0], found[1], found[2], found[3]


def test_every_public_page_has_its_own_title_and_words(client: Client) -> None:
    district = DistrictFactory(slug="jianxi", name="涧西区")
    make_site(district=district)
    house = InstitutionFactory(district=district, public=True)
    session = ClassSessionFactory(district=district)
    paths = [
        "/",
        "/institutions/",
        "/institutions/refusals/",
        house.get_absolute_url(),
        "/districts/jianxi/",
        "/classes/",
        f"/classes/{session.public_id}/",
        "/policies/",
        "/notices/",
        make_notice().url,
        "/guides/",
        "/privacy/",
        "/site-map/",
        "/sign-in/",
    ]

    heads = {path: head_of(client, path) for path in paths}

    for path, (title, description, shared_title, shared) in heads.items():
        assert title.startswith(f"{shared_title} - "), path
        assert (shared, bool(description.strip()), description == description.strip()) == (description, True, True), (
            path
        )
    assert len({title for title, *_ in heads.values()}) == len(paths)
    assert len({description for _, description, *_ in heads.values()}) == len(paths)
    assert heads[house.get_absolute_url()][2] == house.name


def test_words_with_quotes_stay_in_their_place(client: Client) -> None:
    house = InstitutionFactory(public=True, name='示例"园"<b>')

    page = client.get(house.get_absolute_url()).content.decode()

    assert '<meta property="og:title" content="示例&quot;园&quot;&lt;b&gt;">' in page
    assert "<title>示例&quot;园&quot;&lt;b&gt; - " in page
