"""Text that people paste, as they meant it: what cannot be seen is gone, and look-alikes are the usual characters.

Import, names, telephone numbers, codes and search all read through here, so that what looks alike is alike.
"""

from __future__ import annotations

import re
import unicodedata

# PDF files hand out the radicals of characters instead of the characters. NFKC undoes the Kangxi block (2F00–2FDF);
# these pairs are the rest of 2E80–2EFF, after Unicode's EquivalentUnifiedIdeograph.
_RADICALS = (
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲"
    "⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢"
    "⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲"
)
_UNIFIED = (
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒"
    "㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马"
    "骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀"
)
_KANGXI = range(0x2F00, 0x2FE0)
_USUAL = {ord(odd): usual for odd, usual in zip(_RADICALS, _UNIFIED, strict=True)} | {
    code: unicodedata.normalize("NFKC", chr(code)) for code in (*_KANGXI, 0x2E9F, 0x2EF3)
}
#: Marks that choose how the character before them is drawn, and two code points that are no characters.
_VARIANTS = re.compile("[\u034f\u180b-\u180f\ufe00-\ufe0f\ufffe\uffff\U000e0100-\U000e01ef]")

_WIDTHS = {
    code: code - 0xFEE0
    for first, last in (("０", "９"), ("Ａ", "Ｚ"), ("ａ", "ｚ"))
    for code in range(ord(first), ord(last) + 1)
} | {0x2028: "\n", 0x2029: "\n"}
#: Controls that break no line and leave no blank.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
#: Blanks, and what leaves one though Unicode calls it a letter or a sign: fillers of Hangul, the empty Braille pattern.
_BLANKS = re.compile(r"[\s\u115f\u1160\u2800\u3164\uffa0]+")
_HAN = "\u3000-\u303f\u3400-\u9fff（）"
_BROKEN_LINE = re.compile(rf"(?<=[{_HAN}]) *[\r\n\v\f\x85]\s*(?=[{_HAN}])")


def plain(text: str) -> str:
    """What an eye sees: no format or direction marks, radicals as characters, every blank the usual one.

    Width, case and line breaks stay as they are, and so does the number of blanks.
    """
    if text.isascii():
        return text
    seen = _VARIANTS.sub("", text).translate(_USUAL)
    return "".join(_seen(character) for character in seen)


def folded(text: str) -> str:
    """For comparing, numbers and codes: ``plain`` in half width, 「１３８\u200e０」 → 「1380」."""
    return unicodedata.normalize("NFKC", plain(text))


def one_line(text: str) -> str:
    """As a name or an address is stored: half-width letters and digits, single blanks, broken lines joined."""
    seen = unicodedata.normalize("NFC", plain(_CONTROLS.sub("", text).translate(_WIDTHS)))
    return _BLANKS.sub(" ", _BROKEN_LINE.sub("", seen)).strip()


def compact(text: str) -> str:
    """As a number or a code is read: half width and no blanks, 「１３８ 0013\u200e8000」 → 「13800138000」."""
    return _BLANKS.sub("", folded(_CONTROLS.sub("", text)))


def matching_key(text: str) -> str:
    """Equal for what differs only in case, in width, in blanks or in what nobody sees."""
    return compact(text).casefold()


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cf", "Cs"):
        return ""
    return " " if category in ("Zs", "Zl", "Zp") else character
