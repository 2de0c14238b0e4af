"""Unified social credit codes (统一社会信用代码, GB 32100-2015): check digit, registrar, and how they are shown.

Rules: 18 characters without I, O, S, V, Z; weights 3^i mod 31.
"""

from __future__ import annotations

from stdnum.cn.uscc import calc_check_digit

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
#: First two characters → what kind of body it is and who registered it.
REGISTRARS = {
    "11": ("机关", "机构编制部门"),
    "12": ("事业单位", "机构编制部门"),
    "51": ("社会团体", "民政部门"),
    "52": ("民办非企业单位", "民政部门"),
    "53": ("基金会", "民政部门"),
    "91": ("企业", "市场监管部门"),
    "92": ("个体工商户", "市场监管部门"),
    "93": ("农民专业合作社", "市场监管部门"),
}
FOR_PROFIT_PREFIXES = frozenset({"91", "92", "93"})
NON_PROFIT_PREFIXES = frozenset({"11", "12", "51", "52", "53"})


def is_valid(code: str) -> bool:
    """Eighteen allowed characters, the last of which is the check character.

    The library's own ``is_valid`` is not used: it refuses the registrars whose sign is a letter (N: agriculture), and
    takes small letters and blanks.
    """
    if len(code) != LENGTH or any(character not in ALPHABET for character in code):
        return False
    return calc_check_digit(code[:-1]) == code[-1]


def agrees_with_nature(code: str, nature: str) -> bool:
    """Whether 机构性质 fits who registered the body: a company is not 非营利性, a public or civil
    body not 营利性.

    Unknown prefixes and an unknown nature agree with everything.
    """
    prefix = code[:2]
    if prefix in FOR_PROFIT_PREFIXES:
        return nature != "non_profit"
    if prefix in NON_PROFIT_PREFIXES:
        return nature != "for_profit"
    return True


def registrar(code: str) -> tuple[str, str]:
    """(kind of body, registrar) in Chinese; two empty words for an unknown prefix."""
    return REGISTRARS.get(code[:2], ("", ""))


def mask(code: str) -> str:
    """The code as the public page shows it: first two and last three characters."""
    return f"{code[:2]}{'*' * (len(code) - 5)}{code[-3:]}" if len(code) > 5 else code
