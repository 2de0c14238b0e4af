"""Columns that hold one of a few words: 机构性质, 服务形式, the credit code."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from directory.districts.class_kinds import CareMode
from directory.lists.importing.problems import BadCell
from directory.lists.importing.text import Value, clean_text, is_nothing, refuse_formula
from directory.register import credit_code

_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
_SPLIT = re.compile(r"[、,，;；/|+＋&\s和及与。.]+")
_RUNNING_NUMBER = re.compile(r"^(?:[0-9]{1,2}[.、)）]|[①-⑨])")
_MODES = {
    CareMode.FULL_DAY: "全日托 全日制 全日 全天托 全天制 全天 日托 整日托 全日制托育 全日托育 全日托管",
    CareMode.HALF_DAY: "半日托 半日制 半日 半天托 半天制 半天 半日制托育 半日托育 上午托 下午托",
    CareMode.HOURLY: "计时托 计时制 计时 小时托 按时计费 按小时 钟点托 时托 计时制托育 计时托育",
    CareMode.TEMPORARY: "临时托 临时制 临时 临托 临时托管 临时看护 临时制托育 临时托育",
    CareMode.HALF_MONTH: "半月托 半月制 半月",
}
_MODE_OF = {word: mode.value for mode, words in _MODES.items() for word in words.split()}
_ORDER = [mode.value for mode in CareMode]
_TICKS = frozenset(
    ["√", "✓", "✔", "☑", "■", "●", "○", "v", "是", "有", "1", "y", "yes", "true", "提供", "开展", "开设"]
)
_NO_TICKS = frozenset(["×", "✗", "✘", "x", "□", "否", "无", "0", "n", "no", "false", "不提供", "未开展", "未开设"])
#: Prefixes named by the task: who registered the body says whether it may make a profit.
_FOR_PROFIT = frozenset({"91", "92"})
_NON_PROFIT = frozenset({"12", "51", "52", "53"})


def parse_credit_code(value: Value) -> str | None:
    """A checked code of 18 characters; None for an empty cell. Raises ``BadCell``."""
    refuse_formula(value)
    if isinstance(value, float) or (isinstance(value, int) and not credit_code.is_valid(str(value))):
        raise BadCell("credit_code_number", _("代码被存成了数字，末尾几位已经丢失；请把这一列设为文本后重新填写"))
    text = clean_text(value)
    if is_nothing(text):
        return None
    if re.fullmatch(r"\d(?:\.\d+)?[Ee]\+?\d+", text):
        raise BadCell("credit_code_number", _("代码被存成了数字，末尾几位已经丢失；请把这一列设为文本后重新填写"))
    code = re.sub(r"[\s\-－—'’‘]", "", text).upper()
    if len(code) != credit_code.LENGTH:
        raise BadCell(
            "credit_code_length",
            _("统一社会信用代码应是 18 位，这里是 %(count)d 位，请对照证照") % {"count": len(code)},
        )
    wrong = sorted({character for character in code if character not in credit_code.ALPHABET})
    if wrong:
        message = _("统一社会信用代码里不会有 %(wrong)s，请对照证照（常见的是把 0 写成 O、1 写成 I）")
        raise BadCell("credit_code_character", message % {"wrong": "、".join(wrong)})
    if not credit_code.is_valid(code):
        raise BadCell("credit_code_check_digit", _("统一社会信用代码的校验码对不上，请对照证照逐位核对"))
    return code


def parse_nature(value: Value) -> tuple[str, bool | None] | None:
    """(stored word or "", whether the cell says it makes a profit); None for an empty cell. Raises ``BadCell``."""
    refuse_formula(value)
    text = clean_text(value).replace("赢利", "营利").replace("盈利", "营利")
    if is_nothing(text):
        return None
    profit = _says_profit(text)
    if any(word in text for word in ("公办", "事业单位", "公立", "国办", "机关")) and profit is not True:
        return ("public", profit)
    if profit is not None:
        return ("for_profit" if profit else "non_profit", profit)
    if any(word in text for word in ("民办", "私立", "社会力量", "公建", "集体", "普惠", "国有")):
        return ("", None)
    raise BadCell("nature_unknown", _("机构性质请填营利性、非营利性或公办"))


def _says_profit(text: str) -> bool | None:
    if any(word in text for word in ("非营利", "不营利", "非企业", "社会服务机构", "社会团体", "基金会", "民非")):
        return False
    if any(word in text for word in ("营利", "企业", "公司", "个体", "工商户", "合作社")):
        return True
    return None


def agrees(code: str, profit: bool | None) -> bool:
    """Whether 机构性质 fits the first two characters of the credit code."""
    if profit is None:
        return True
    return code[:2] not in (_NON_PROFIT if profit else _FOR_PROFIT)


def parse_modes(value: Value) -> list[str] | None:
    """The modes named, each once, in the order of ``CareMode``; None for an empty cell. Raises ``BadCell``."""
    refuse_formula(value)
    text = clean_text(value.replace("\n", "、") if isinstance(value, str) else value)
    if is_nothing(text):
        return None
    words = [_RUNNING_NUMBER.sub("", word).strip(":：") for word in _SPLIT.split(_BRACKETS.sub("", text))]
    found = set()
    for word in words:
        if not word or word.isdigit():
            continue
        mode = _MODE_OF.get(word) or _MODE_OF.get(word.removesuffix("服务").removesuffix("托育"))
        if mode is None:
            message = _("不认识“%(word)s”，服务形式请填全日托、半日托、计时托、临时托，用顿号隔开")
            raise BadCell("mode_unknown", message % {"word": word})
        found.add(mode)
    return in_order(found) if found else None


def parse_tick(value: Value) -> bool | None:
    """A column of its own for each mode, ticked or not. Raises ``BadCell``."""
    refuse_formula(value)
    text = clean_text(value).casefold()
    if text in _NO_TICKS:
        return False
    if is_nothing(text):
        return None
    if text in _TICKS or text in _MODE_OF:
        return True
    raise BadCell("tick_unknown", _("这一列请打 √，没有的留空"))


def in_order(modes: set[str]) -> list[str]:
    """As ``CareMode`` lists them."""
    return [mode for mode in _ORDER if mode in modes]
