"""What only the owner of a site knows: the names, numbers and periods in its texts about privacy and access.

They come from the file that the variable `OWNER_WORDS` names (TOML or JSON; `docs/owner-words.toml` is the form to
fill in). A text names a field in brackets, 【单位全称】, and gets its words when it is shown or published.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from cms.core.runtime.env import EnvironmentProblem

#: The fields, and how the texts name them.
FIELDS = {
    "operator": "单位全称",
    "address": "单位地址",
    "phone": "服务电话",
    "hours": "受理时间",
    "officer": "负责人职务",
    "officer_phone": "负责人电话",
    "officer_email": "负责人邮箱",
    "processors": "受托服务商",
    "storage": "存放地点",
    "child_months": "宝宝资料保存月数",
    "records_years": "预约记录保存年数",
    "answer_days": "答复工作日数",
    "effective": "施行日期",
    "accessibility_gaps": "还没做到的",
    "accessibility_checked": "最近一次检查",
}
#: A field that holds this is still to be filled in.
UNFILLED = "待填"
HINT = f"a TOML or JSON file with {', '.join(FIELDS)}; docs/owner-words.toml is the form to fill in"
_TOKEN = re.compile("【({})】".format("|".join(FIELDS.values())))


def read(path: str) -> dict[str, str]:
    """The fields of a file, as far as it has them. Raises ``EnvironmentProblem`` where it can't be read."""
    try:
        text = Path(path).read_text(encoding="utf-8")
        found = json.loads(text) if path.endswith(".json") else tomllib.loads(text)
    except OSError:
        raise EnvironmentProblem(f"OWNER_WORDS names {path}, which can't be read.") from None
    except ValueError as wrong:
        raise EnvironmentProblem(f"OWNER_WORDS: {path} is not valid: {wrong}.") from None
    if not isinstance(found, dict):
        raise EnvironmentProblem(f"OWNER_WORDS: {path} must hold fields and their words.")
    return {name: str(found[name]).strip() for name in FIELDS if name in found}


def read_whole(path: str) -> dict[str, str]:
    """The same, refusing a file in which a field is missing, empty or still to be filled in."""
    words = read(path)
    if missing := find_missing(words):
        raise EnvironmentProblem(f"OWNER_WORDS: fill in {', '.join(missing)} in {path}.")
    return words


def find_missing(words: Mapping[str, str]) -> list[str]:
    """The fields without words, each with what the texts call it: `operator (单位全称)`."""
    lacking = [name for name in FIELDS if not words.get(name) or UNFILLED in words[name]]
    return [f"{name} ({FIELDS[name]})" for name in lacking]


def fill(text: str, words: Mapping[str, str]) -> str:
    """A text with the owner's words in place of the names in brackets; 【待填：单位全称】 where there are none."""
    by_label = {FIELDS[name]: value for name, value in words.items()}
    return _TOKEN.sub(lambda found: by_label.get(found[1]) or f"【{UNFILLED}：{found[1]}】", text)
