"""The ribbon is told by words as well as by colour."""

from __future__ import annotations

import re

import pytest

from cms.core.display.ribbon import render_ribbon, render_scale


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


@pytest.mark.parametrize("stale", [True, False])
def test_hours_that_are_over_offer_no_place(stale: bool) -> None:
    html = render_ribbon(label="x", remaining={480: 5, 510: 0}, opens=480, closes=570, gone=511, stale=stale)

    assert cells(html) == [("gone", "8:00 已截止"), ("gone", "8:30 已截止"), ("shut", "9:00 不开放")]


def test_label_is_escaped() -> None:
    assert "<b>" not in render_ribbon(label="<b>", remaining={}, opens=0, closes=30)


def test_ribbon_brings_its_scale() -> None:
    html = render_ribbon(label="x", remaining={}, opens=480, closes=900)

    assert re.findall(r"<span>([^<]*)</span>", html) == ["8", "", "10", "", "", "", "15 时"]


def test_places_have_three_steps() -> None:
    remaining = {0: -1, 30: 0, 60: 1, 90: 2, 120: 3}

    html = render_ribbon(label="x", remaining=remaining, opens=0, closes=150, scale=False)

    assert [state or "free" for state, _ in cells(html)] == ["full", "full", "few", "few", "free"]


def test_asked_time_is_half_open() -> None:
    html = render_ribbon(
        label="x", remaining=dict.fromkeys(range(480, 600, 30), 5), opens=480, closes=600, mine=(510, 570)
    )

    assert [state for state, _ in cells(html)] == ["", "mine", "mine", ""]


def test_step_decides_the_cells() -> None:
    html = render_ribbon(label="x", remaining={}, opens=480, closes=540, step=15, scale=False)

    assert [word for _, word in cells(html)] == ["8:00 不开放", "8:15 不开放", "8:30 不开放", "8:45 不开放"]


def test_ribbon_without_a_scale_has_none() -> None:
    with_scale, without = (
        render_ribbon(label="周四", remaining={}, opens=480, closes=510, scale=scale) for scale in (True, False)
    )

    assert without == '<ol class="ribbon" aria-label="周四"><li class="shut">8:00 不开放</li></ol>'
    assert with_scale == without + '<p class="ribbon-scale" aria-hidden="true"><span>8–9 时</span></p>'


@pytest.mark.parametrize(
    ("opens", "closes", "names"),
    [
        (480, 540, ["8–9 时"]),
        (480, 600, ["8", "10 时"]),
        (480, 840, ["8", "", "10", "", "", "14 时"]),
        (480, 900, ["8", "", "10", "", "", "", "15 时"]),
        (480, 960, ["8", "", "10", "", "12", "", "", "16 时"]),
        (450, 630, ["7", "", "", "11 时"]),
        (480, 480, ["8–9 时"]),
    ],
)
def test_scale_names_hours_in_their_own_columns(opens: int, closes: int, names: list[str]) -> None:
    assert re.findall(r"<span>([^<]*)</span>", render_scale(opens, closes)) == names
