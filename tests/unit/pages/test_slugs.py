from __future__ import annotations

import pytest

from cms.pages.slugs import MAX_LENGTH, pinyin_slug


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("涧西区实施方案", "jian-xi-qu-shi-shi-fang-an"),
        ("重庆路的课堂", "chongqing-lu-de-ke-tang"),
        ("6–12 月龄辅食", "6-12-yue-ling-fu-shi"),
        ("Privacy 隐私", "privacy-yin-si"),
        ("！？", ""),
    ],
)
def test_pinyin_slug(title, slug):
    assert pinyin_slug(title) == slug


def test_pinyin_slug_of_a_long_title_ends_with_a_whole_word():
    slug = pinyin_slug("促进三岁以下婴幼儿照护服务发展" * 3)

    assert len(slug) <= MAX_LENGTH
    assert set(slug.split("-")) <= set(pinyin_slug("促进三岁以下婴幼儿照护服务发展").split("-"))
