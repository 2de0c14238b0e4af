"""The ribbon is told by words as well as by colour."""

from __future__ import annotations

import re

from cms.core.display.ribbon import render_ribbon


def cells(html: str) -> list[tuple[str, str]]:
    return [(found[1] or "", found[2]) for found in re.finditer(r'<li(?: class="([^"]*)")?>([^<]*)</li>', html)]


def test_ribbon_tells_every_state_and_the_asked_time() -> None:
    html = render_ribbon(
        label="周四", remaining={480: 5, 510: 2, 540: 0}, opens=480, closes=600, mine=(480, 540), scale=False
    )

    assert cells(html) == [
        ("mine", "8:00 有位"),
        ("few mine", "8:30 位少"),
        ("full", "9:00 已满"),
        ("shut", "9:30 不开放"),
    ]


def test_stale_ribbon_shows_no_places() -> None:
    html = render_ribbon(label="x", remaining={480: 5}, opens=480, closes=540, stale=True)

    assert 'class="ribbon ribbon--stale"' in html
    assert [word for _, word in cells(html)] == ["8:00 未更新", "8:30 不开放"]


def test_label_is_escaped() -> None:
    assert "<b>" not in render_ribbon(label="<b>", remaining={}, opens=0, closes=30)


def test_scale_marks_every_second_hour() -> None:
    html = render_ribbon(label="x", remaining={}, opens=450, closes=720)

    assert re.findall(r"<span>([^<]*)</span>", html) == ["8", "10", "12 时"]
