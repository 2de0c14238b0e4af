"""Pasted text as it is stored in one line, read as a number and compared."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cms.core.text import compact, matching_key, one_line

SIGNS = "一二（ab Ａ１é\u0301\u030a\n\r\u2028\u3000\u200b\u3164\x00\x85\ufe0f⻄㎡´"
TEXTS = st.text(st.sampled_from(SIGNS), max_size=12)


@pytest.mark.parametrize(
    ("pasted", "stored"),
    [
        ("　湖北路１２号　", "湖北路12号"),
        ("ａｚＡＺ０９（－", "azAZ09（－"),
        ("Ａ\u030a", "Å"),
        ("\uf900", "豈"),
        ("⻄⼯区⻘年宫", "西工区青年宫"),
        ("向日葵 托班", "向日葵 托班"),
        ("向日葵　　托班", "向日葵 托班"),
        ("向日葵\n托班", "向日葵托班"),
        ("向日葵 \r\n\r\n 托班", "向日葵托班"),
        ("（分部）\u2028二楼", "（分部）二楼"),
        ("一\x85二\v三\f四", "一二三四"),
        ("Happy\nKids 园", "Happy Kids 园"),
        ("12号\n3楼", "12号 3楼"),
        ("路\n3楼", "路 3楼"),
        ("一\t二", "一 二"),
        ("坏\x00字\x07符\x1b\x7f\x80\x9f\x08\x0e", "坏字符"),
        ("一\x1c二", "一 二"),
        ("\u3164\u2800\u115f\u1160\uffa0", ""),
        ("\u200b\u00a0", ""),
        ("", ""),
    ],
)
def test_one_line_keeps_blanks_and_joins_broken_lines(pasted: str, stored: str) -> None:
    assert one_line(pasted) == stored


@settings(derandomize=True)
@given(TEXTS)
def test_one_line_is_one_line_and_stays_so(text: str) -> None:
    line = one_line(text)

    assert one_line(line) == line
    assert line == line.strip()
    assert len(line.splitlines()) <= 1
    assert "  " not in line


@settings(derandomize=True)
@given(TEXTS)
@example("e\x00\u0301")
def test_what_is_stored_matches_what_was_pasted(text: str) -> None:
    assert matching_key(one_line(text)) == matching_key(text)


@pytest.mark.parametrize(
    ("pasted", "number"),
    [
        ("\u202d138 0013\u00a08000\u202c", "13800138000"),
        ("１３８－ABc\ufe0f", "138-ABc"),
        ("1\x002\n3", "123"),
        ("\u3164", ""),
    ],
)
def test_compact_keeps_case_and_signs(pasted: str, number: str) -> None:
    assert compact(pasted) == number


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ABC（托育） 园", "ａｂｃ(托育)园"),
        ("⻘年\n宫", "青 年宫"),
        ("Straße", "STRASSE"),
        ("园\u200b", "园"),
    ],
)
def test_matching_key_ignores_what_nobody_means(one: str, other: str) -> None:
    assert matching_key(one) == matching_key(other)


def test_matching_key_tells_apart_what_differs() -> None:
    assert matching_key("青年宫一园") != matching_key("青年宫二园")
