"""A template's line breaks inside an attribute reach no reader."""

from __future__ import annotations

import pytest
from django.template import Context, Template


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        (" \n", ""),
        ("甲", "甲"),
        ("\n  甲\n", "甲"),
        ("甲\n\t 乙", "甲 乙"),
        ("甲\u3000乙\u3000", "甲\u3000乙\u3000"),
    ],
)
def test_line_breaks_become_one_blank(text: str, line: str) -> None:
    source = "{% load site %}{% filter one_line %}" + text + "{% endfilter %}"

    assert Template(source).render(Context()) == line


def test_text_is_escaped_once() -> None:
    source = '{% load site %}{% filter one_line %}\n{{ name }}{% block inner %}\n"{% endblock %}{% endfilter %}'

    assert Template(source).render(Context({"name": "<甲&乙>"})) == '&lt;甲&amp;乙&gt; "'


def test_plain_value_stays_unsafe() -> None:
    assert Template("{% load site %}{{ name|one_line }}").render(Context({"name": "<b>\n"})) == "&lt;b&gt;"
