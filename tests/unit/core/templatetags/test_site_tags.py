"""`{% load site %}`: each filter says nothing for nothing, and the words of `cms.core.display.wording` else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils.safestring import SafeString

MOMENT = dt.datetime(2026, 11, 26, 2, 32, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 25, 18, 0, tzinfo=dt.UTC)  # 26 November on the wall clock


def shown(text: str, **values: Any) -> str:
    return Template("{% load site %}" + text).render(Context(values))


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("{{ v|yuan }}", 5400, "54 元"),
        ("{{ v|yuan }}", 0, "0 元"),
        ("{{ v|yuan }}", None, ""),
        ("{{ v|day }}", MOMENT, "11月26日 周四"),
        ("{{ v|day }}", None, ""),
        ("{{ v|weekday }}", MOMENT, "周四"),
        ("{{ v|full_date }}", MOMENT, "2026年11月26日"),
        ("{{ v|full_date }}", None, ""),
        ("{{ v|year_month }}", dt.date(2027, 6, 3), "2027年6月"),
        ("{{ v|year_month }}", None, ""),
        ("{{ v|month_words }}", MOMENT, "11月"),
        ("{{ v|day_number }}", MOMENT, "26"),
        ("{{ v|clock }}", MOMENT, "10:32"),
        ("{{ v|clock }}", dt.time(0), "0:00"),
        ("{{ v|clock }}", None, ""),
        ("{{ v|until:v }}", MOMENT, "10:32–10:32"),
        ("{{ v|near_day }}", MOMENT, "今天"),
        ("{{ v|near_day }}", dt.date(2026, 11, 27), "明天"),
        ("{{ v|near_day }}", None, ""),
        ("{{ v|as_of }}", MOMENT, "截至今天 10:32"),
        ("{{ v|as_of }}", None, ""),
        ("{{ v|months }}", 17, "17 个月"),
        ("{{ v|months }}", 0, "0 个月"),
        ("{{ v|months }}", None, ""),
        ("{{ v|km }}", 0.62, "0.6 公里"),
    ],
)
def test_filters_speak_the_sites_words(text: str, value: object, words: str) -> None:
    with time_machine.travel(NOW, tick=False):
        assert shown(text, v=value) == words


@pytest.mark.parametrize(
    ("tag", "query"),
    [
        ("{% query_with page=2 %}", "q=a&amp;page=2"),
        ("{% query_with q='b' %}", "q=b"),
        ("{% query_with q='' %}", ""),
        ("{% query_with q=none %}", ""),
        ("{% query_with page=0 %}", "q=a&amp;page=0"),
        ("{% query_with %}", "q=a"),
    ],
)
def test_query_is_changed_by_name(tag: str, query: str) -> None:
    assert shown(tag, request=RequestFactory().get("/", {"q": "a"}), none=None) == query


def test_query_without_a_request_begins_empty() -> None:
    assert shown("{% query_with page=2 %}") == "page=2"


def test_icon_has_its_own_class_and_a_further_one() -> None:
    one, two = shown("{% icon 'search' %}"), shown("{% icon 'search' 'big' %}")

    assert one.startswith('<svg class="icon" viewBox="')
    assert two.startswith('<svg class="icon big" viewBox="')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""),
        ("停水", "停水"),
        ("今天 9:05 前", '今天 <span class="nowrap">9:05</span> 前'),
        (
            "已取消：11月30日 周一 14:00–17:00 示例园",
            '已取消：<span class="nowrap">11月30日 周一</span> <span class="nowrap">14:00–17:00</span> 示例园',
        ),
        ("2027年6月3日起", '<span class="nowrap">2027年6月3日</span>起'),
        ("<b>11月30日</b>", '&lt;b&gt;<span class="nowrap">11月30日</span>&lt;/b&gt;'),
        (SafeString("A&amp;B 11月30日"), 'A&amp;B <span class="nowrap">11月30日</span>'),
    ],
)
def test_days_and_times_stay_whole_and_all_else_is_escaped(text, said):
    assert shown("{{ v|whole_times }}", v=text) == said


def test_captured_text_stands_in_several_places_on_one_line() -> None:
    source = "{% load site %}{% capture name %}\n {{ a }}\n  b {% endcapture %}[{{ name }}|{{ name }}]"

    assert Template(source).render(Context({"a": "<i>"})) == "[&lt;i&gt; b|&lt;i&gt; b]"


@pytest.mark.parametrize("tag", ["capture", "capture a b"])
def test_captured_text_has_one_name(tag: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="capture takes one name"):
        Template(f"{{% load site %}}{{% {tag} %}}{{% endcapture %}}")
