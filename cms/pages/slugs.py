"""Slugs of Chinese titles: pinyin words, short enough to read out on the telephone."""

from __future__ import annotations

import re

from anyascii import anyascii

MAX_LENGTH = 60
# Readings of place names and common words that a character alone does not tell.
READINGS = {
    "重庆": "chongqing",
    "长春": "changchun",
    "长安": "changan",
    "长期": "changqi",
    "调研": "diaoyan",
    "银行": "yinhang",
}
CHINESE = re.compile(r"[\u3400-\u9fff]")


def pinyin_slug(title: str) -> str:
    """「涧西区实施方案」 → jian-xi-qu-shi-shi-fang-an; empty where nothing of the title can be written so.

    Uses anyascii, which Wagtail brings along: the pinyin library of the search costs 58 MB in every web worker.
    """
    text = title
    for word, reading in READINGS.items():
        text = text.replace(word, f" {reading} ")
    parts = [f" {anyascii(letter)} " if CHINESE.match(letter) else anyascii(letter) for letter in text]
    slug = re.sub(r"[^a-z0-9]+", "-", "".join(parts).lower()).strip("-")
    if len(slug) <= MAX_LENGTH:
        return slug
    return slug[:MAX_LENGTH].rsplit("-", 1)[0]
