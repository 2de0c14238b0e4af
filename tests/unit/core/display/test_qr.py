"""QR codes: a drawing without scripts and styles that reads as its text."""

from __future__ import annotations

import re

import segno

from cms.core.display.qr import draw_qr

LINK = "https://tuoyu.example.cn/institutions/invites/abc/"


def test_drawing_is_squares_alone() -> None:
    drawing = draw_qr(LINK)

    assert re.sub(r'[ "#=/.<>\-\w]', "", drawing) == ""
    assert set(re.findall(r"<(\w+)", drawing)) == {"svg", "path"}
    assert set(re.findall(r'(\S+)="', drawing)) == {"viewBox", "stroke", "d"}


def test_drawing_has_the_margin_that_scanners_need() -> None:
    side = segno.make(LINK, error="m", micro=False).symbol_size(border=4)[0]

    assert f'viewBox="0 0 {side} {side}"' in draw_qr(LINK)
    assert ' d="M4 4.5h7' in draw_qr(LINK)


def test_two_texts_have_two_drawings() -> None:
    assert draw_qr(LINK) != draw_qr(f"{LINK}?")


def test_address_in_the_text_never_becomes_markup() -> None:
    assert "script" not in draw_qr("<script>alert(1)</script>")
