from __future__ import annotations

from django.utils.translation import gettext, ngettext, trans_real

from cms.core.catalogs import merge_fallbacks

WORDS = ("Save draft", "Publish", "Pages", "Sign In", "没有这个词")


def test_merging_changes_no_answer() -> None:
    trans_real._translations.pop("zh-hans", None)
    before = [gettext(word) for word in WORDS]

    merge_fallbacks()

    assert [gettext(word) for word in WORDS] == before
    assert ngettext("%(num)d page", "%(num)d pages", 2)


def test_merging_twice_finds_nothing_more() -> None:
    merge_fallbacks()

    assert merge_fallbacks() == 0
