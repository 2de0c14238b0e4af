from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.utils.translation import gettext, ngettext, trans_real

from cms.core.runtime.django_internals import merge_catalogs

WORDS = ("This field is required.", "Save draft", "Publish", "Pages", "Sign In", "没有这个词")


@pytest.fixture
def unmerged() -> Iterator[Any]:
    """The catalogue as Django makes it."""
    kept = trans_real._translations.pop("zh-hans", None)
    yield trans_real.translation("zh-hans")
    trans_real._translations.pop("zh-hans", None)
    if kept is not None:
        trans_real._translations["zh-hans"] = kept


def test_merging_changes_no_answer(unmerged: Any) -> None:
    before = [unmerged.gettext(word) for word in WORDS]
    plural = unmerged.ngettext("%(num)d minute", "%(num)d minutes", 3)

    merged = merge_catalogs("zh-hans")

    assert merged > 1
    assert [gettext(word) for word in WORDS] == before
    assert ngettext("%(num)d minute", "%(num)d minutes", 3) == plural


def test_other_plural_rules_are_left_alone(unmerged: Any) -> None:
    unmerged._catalog._plurals[-1] = lambda number: int(number > 1)

    assert merge_catalogs("zh-hans") == 0


def test_site_starts_merged(unmerged: Any) -> None:
    apps.get_app_config("core").ready()

    assert merge_catalogs("zh-hans") == 0
