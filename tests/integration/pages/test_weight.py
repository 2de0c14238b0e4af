"""The first view weighs at most 60 KB compressed, photos left out (issue of the first visit, 6)."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tests.factories.directory import TownshipFactory
from tests.factories.pages import make_notice, make_site

BUDGET_BYTES = 60 * 1024


def static_text(path):
    return Path(str(finders.find(path))).read_bytes()


@pytest.mark.django_db
def test_first_view_stays_below_its_budget(client):
    make_site(district=TownshipFactory().district)
    make_notice()
    html = client.get("/").content
    sheet = static_text("css/site.css").decode()
    parts = [static_text(f"css/{name}") for name in re.findall(r'@import url\("([^"]+)"\)', sheet)]
    others = [static_text(name) for name in re.findall(r'(?:src|href)="/static/((?:js|img)/[^"]+)"', html.decode())]

    weight = sum(len(gzip.compress(text)) for text in (html, b"".join(parts), *others))

    assert weight <= BUDGET_BYTES
