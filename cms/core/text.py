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
_USUAL = dict(zip(_RADICALS, _UNIFIED, strict=True)) | {
    chr(code): unicodedata.normalize("NFKC", chr(code)) for code in (*_KANGXI, 0x2E9F, 0x2EF3)
}
_RADICAL = re.compile("[\u2e80-\u2fdf]")
#: What nobody sees: format characters (Unicode's category Cf), marks that choose how the character before them is
#: drawn, halves of characters, and two code points that are no characters.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ud800-\udfff\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f\U000e0100-\U000e01ef]"
)
#: Blanks and separators of every width (Zs, Zl, Zp) but the usual one.
_ODD_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_LINE_SIGNS = re.compile("[\u2028\u2029]")
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
    usual = _RADICAL.sub(lambda match: _USUAL.get(match[0], match[0]), text)
    return _ODD_BLANKS.sub(" ", _UNSEEN.sub("", usual))


def folded(text: str) -> str:
    """For comparing, numbers and codes: ``plain`` in half width, 「１３８\u200e０」 → 「1380」."""
    return unicodedata.normalize("NFKC", plain(text))


def one_line(text: str) -> str:
    """As a name or an address is stored: half-width letters and digits, single blanks, broken lines joined."""
    lines = _LINE_SIGNS.sub("\n", _CONTROLS.sub("", text))
    seen = unicodedata.normalize("NFC", _WIDE.sub(lambda match: chr(ord(match[0]) - 0xFEE0), plain(lines)))
    return _BLANKS.sub(" ", _BROKEN_LINE.sub("", seen)).strip()


def compact(text: str) -> str:
    """As a number or a code is read: half width and no blanks, 「１３８ 0013\u200e8000」 → 「13800138000」."""
    return _BLANKS.sub("", folded(_CONTROLS.sub("", text)))


def matching_key(text: str) -> str:
    """Equal for what differs only in case, in width, in blanks or in what nobody sees."""
    return compact(text).casefold()
