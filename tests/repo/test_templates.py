"""House rules about templates: strict policy, sizes, components, words in the message functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)[^>]*>|\son\w+=\"|\sstyle=\"|<style")
HAN = re.compile(r"[\u4e00-\u9fff]")
TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
TRANSLATED = re.compile(r"{%-?\s*blocktrans(?:late)?\b.*?{%-?\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
COMMENT = re.compile(r"{%\s*comment.*?endcomment\s*%}|<!--.*?-->", re.DOTALL)


def templates() -> Iterator[tuple[str, str]]:
    for app in ("cms", "directory", "booking", "parenting"):
        for path in sorted((ROOT / app).rglob("templates/**/*.html")):
            yield str(path.relative_to(ROOT)), path.read_text()


def test_nothing_inline() -> None:
    assert [name for name, text in templates() if INLINE.search(text) and "/emails/" not in name] == []


def test_templates_stay_below_160_lines() -> None:
    assert [name for name, text in templates() if text.count("\n") > 160] == []


def test_blocktranslate_is_trimmed() -> None:
    guilty = [
        name
        for name, text in templates()
        for tag in re.findall(r"{%\s*blocktrans(?:late)?\b[^%]*%}", text)
        if "trimmed" not in tag
    ]

    assert guilty == []


def test_visible_words_are_translatable() -> None:
    guilty = []
    for name, text in templates():
        bare = TAGS.sub("", TRANSLATED.sub("", COMMENT.sub("", text)))
        if HAN.search(bare):
            guilty.append(f"{name}: {HAN.search(bare).group()}")

    assert guilty == []


def test_no_exclamation_marks_and_no_office_words() -> None:
    words = re.compile(r"[！]|操作成功|非法|异常")

    assert [name for name, text in templates() if words.search(text)] == []


def test_no_cache_tag_where_previews_would_leak() -> None:
    assert [name for name, text in templates() if re.search(r"{%\s*cache\b", text)] == []
