"""House rules about templates: strict policy, sizes, components, words in the message functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)[^>]*>|\son\w+=\"|\sstyle=\"|<style")
HAN = re.compile(r"[\u4e00-\u9fff]")
TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
TRANSLATED = re.compile(r"{%-?\s*blocktrans(?:late)?\b.*?{%-?\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
COMMENT = re.compile(r"{%\s*comment.*?endcomment\s*%}|<!--.*?-->", re.DOTALL)

LINE = 140
# A line opens one block and one control of a form at most. The inline elements of a sentence don't count.
BLOCKS = re.compile(
    r"<(?:address|article|aside|blockquote|body|caption|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer"
    r"|form|h[1-6]|head|header|hr|html|legend|li|link|main|meta|nav|ol|optgroup|option|p|script|section|summary|table"
    r"|tbody|td|template|tfoot|th|thead|title|tr|ul)\b"
)
CONTROLS = re.compile(r"<(?:button|input|label|select|textarea|img|picture|iframe|svg)\b")

#: Names that are put together, or that Django and Wagtail look for themselves.
NAMED_ELSEWHERE = re.compile(
    r"(400|404|500|wagtailadmin/(admin_base|home|tables/boolean_cell|shared/headers/_actions|shared/user_avatar|shared/page_status_tag_new)|flow/(child|mode)|components/(head|header|footer|tabs))\.html"
)


def templates() -> Iterator[tuple[str, str]]:
    for app in ("cms", "directory", "booking", "parenting"):
        for path in sorted((ROOT / app).rglob("templates/**/*.html")):
            yield str(path.relative_to(ROOT)), path.read_text()


def test_nothing_inline() -> None:
    assert [name for name, text in templates() if INLINE.search(text) and "/emails/" not in name] == []


def test_every_template_is_used() -> None:
    found = dict(templates())
    code = (
        path.read_text() for app in ("cms", "directory", "booking", "parenting") for path in (ROOT / app).rglob("*.py")
    )
    named = set(re.findall(r"[\"']([\w./-]+\.html)[\"']", "\n".join([*found.values(), *code])))

    names = {name: name.split("/templates/")[1] for name in found}
    assert [name for name, own in names.items() if own not in named and not NAMED_ELSEWHERE.fullmatch(own)] == []


def test_templates_stay_below_160_lines() -> None:
    assert [name for name, text in templates() if text.count("\n") > 160] == []


def test_lines_stay_within_140_characters() -> None:
    assert [f"{name}:{number}" for name, text in templates() for number in long_lines(text)] == []


def test_line_opens_one_element_at_most() -> None:
    assert [f"{name}:{number}" for name, text in templates() for number in crowded_lines(text)] == []


def long_lines(text: str) -> list[int]:
    return [number for number, line in enumerate(text.splitlines(), 1) if len(line) > LINE]


def crowded_lines(text: str) -> list[int]:
    bare = [TAGS.sub("", line) for line in text.splitlines()]
    return [
        number for number, line in enumerate(bare, 1) if max(len(BLOCKS.findall(line)), len(CONTROLS.findall(line))) > 1
    ]


def test_long_lines_are_found() -> None:
    assert long_lines("\n".join(["托" * 139, "托" * 140, "托" * 141, ""])) == [3]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<p>一句<b>话</b>，<a href='/'>去看</a></p>", []),
        ("<ul>\n<li><a href='/'><span>一</span></a></li>\n</ul>", []),
        ("<li>一</li>\n<li>二</li><li>三</li>", [2]),
        ("<ul><li>一</li></ul>", [1]),
        ("{% if a %}<p>一</p>{% else %}<p>二</p>{% endif %}", [1]),
        ("<p><button>一</button></p>", []),
        ("<p>\n<button>一</button> <button>二</button>\n</p>", [2]),
        ("<p>{{ a }}</p>{# <p> #}", []),
        ("<pre>一</pre><progress></progress>", []),
    ],
)
def test_crowded_lines_are_found(text: str, found: list[int]) -> None:
    assert crowded_lines(text) == found


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
