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


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cf", "Cs"):
        return ""
    return " " if category in ("Zs", "Zl", "Zp") else character
