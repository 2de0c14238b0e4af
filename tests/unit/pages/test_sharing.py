"""What a shared link says of a page."""

from __future__ import annotations

import pytest

from cms.pages.models import GuideIndexPage, StandardPage

pytestmark = pytest.mark.django_db
HEADING = ("heading", "标题")
FIRST, SECOND = ("paragraph", "<p>先看看<b>园</b>，\n认认老师。</p>"), ("paragraph", "<p>二</p>")


@pytest.mark.parametrize(
    ("blocks", "own", "words"),
    [
        ([], "", ""),
        ([HEADING], "", ""),
        ([HEADING, FIRST, SECOND], "", "先看看园， 认认老师。"),
        ([("paragraph", f"<p>{'字' * 80}</p>")], "", "字" * 80),
        ([("paragraph", f"<p>{'字' * 81}</p>")], "", "字" * 79 + "…"),
        ([FIRST], "一句话", "一句话"),
    ],
)
def test_words_of_a_page(blocks: list[tuple[str, str]], own: str, words: str) -> None:
    made = StandardPage(title="说明", search_description=own)
    made.body = StandardPage._meta.get_field("body").to_python([{"type": kind, "value": text} for kind, text in blocks])

    assert made.share_words == words


def test_page_without_a_body_says_what_its_editor_says() -> None:
    assert (GuideIndexPage().share_words, GuideIndexPage(search_description="一句话").share_words) == ("", "一句话")
