"""Which rows under a header are institutions. Whatever else stands there is left out, and it is said which and why."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from itertools import zip_longest

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cms.core.text import compact
from directory.lists.importing.column_names import REQUIRED
from directory.lists.importing.columns import own_label, recognise, squeeze
from directory.lists.importing.dates import parse_date
from directory.lists.importing.numbers import parse_count
from directory.lists.importing.problems import BadCell
from directory.lists.importing.sheets import Sheet, SheetRow
from directory.lists.importing.tables import SUMS, Header, header_of

_TOTAL = re.compile(r"(本页|全区|全部|以上)?(合计|总计|小计|共计|累计|总数|汇总)[:：]?.{0,30}")
_SUM_WORD = re.compile(r"(合计|总计|小计|共计|累计)[:：]?")
_NOTE = re.compile(
    r"(备注|注意|注|说明|填表|填报|制表|审核|复核|数据来源|来源|统计时间|统计日期|截至|截止|以上|打印|监督电话|举报电话|公示期|附件|单位[:：]"
    r"|联系人[:：]|联系电话[:：]|日期[:：]|\*)"
)
_NUMBERED = re.compile(r"[一二三四五六七八九十]{1,3}[、.．].*|第[一二三四五六七八九十\d]{1,3}[页部].*")
_TITLE = re.compile(r".*(名单|名册|花名册|一览表|汇总表|统计表|明细表)([(（].*[)）])?")
_CODE = re.compile(r"[0-9A-Za-z]{15,20}")
_Texts = list[tuple[int, str]]


class Beside(TextChoices):
    """Why a row is taken for no institution."""

    HEADER = "header", _("重复的表头")
    TOTAL = "total", _("像合计行")
    NOTE = "note", _("像说明或小标题")
    EMPTY = "empty", _("没有填机构的内容")


def table_rows(sheet: Sheet, header: Header) -> Iterator[tuple[SheetRow, Header, Beside | None]]:
    """Every row under the header, each with its header, and why it is left out; None for an institution.

    A sheet may hold several lists below each other; one whose columns are in another order has its own header.
    """
    for row, below in zip_longest(sheet.rows, sheet.rows[1:]):
        if row.number <= header.last_row:
            continue
        if _is_header_again(row, header):
            another = header_of(row, below)
            if not _repeats(row, header) and another is not None:
                header = another
            yield row, header, Beside.HEADER
        else:
            yield row, header, _beside(row, header)


def first_header(sheet: Sheet, best: Header) -> Header:
    """The header of the first list: one above ``best`` that names fewer columns, if institutions stand between them."""
    above = [row for row in sheet.rows if row.number < best.first_row]
    for at, row in enumerate(above):
        header = header_of(row, above[at + 1] if at + 1 < len(above) else None)
        if header is not None and all(field in header.columns for field in REQUIRED):
            between = [each for each in above if each.number > header.last_row]
            if any(all(_required_texts(each, header)) and _beside(each, header) is None for each in between):
                return header
    return best


def _beside(row: SheetRow, header: Header) -> Beside | None:
    """A row with a credit code, a date or places is an institution, unless it says 合计 where its name would be."""
    name, address = _required_texts(row, header)
    is_sum = bool(_SUM_WORD.fullmatch(name))
    if (name and address and not is_sum) or _has_code(row, header) or _has_date(row, header):
        return None
    texts = [(at, text) for at, text in row.texts() if not own_label(header.labels.get(at, ""))]
    if not texts:
        return Beside.EMPTY
    if is_sum or _is_total(texts[0][1]):
        return Beside.TOTAL
    if len(texts) > 1 and _has_places(row, header):  # a number alone is a sum without its word
        return None
    if _NOTE.match(texts[0][1]):
        return Beside.NOTE
    return _without_name_or_address(row, header, texts)


def _without_name_or_address(row: SheetRow, header: Header, texts: _Texts) -> Beside | None:
    name, address = _required_texts(row, header)
    if not name and not address:
        if any(_is_total(text) for _at, text in texts):
            return Beside.TOTAL
        if _is_second_header(texts):
            return Beside.HEADER
        if not _says_something(row, texts, header):
            return Beside.EMPTY
    return Beside.NOTE if len(texts) == 1 and _is_heading(texts[0][1], is_name=bool(name)) else None


def _is_total(text: str) -> bool:
    return bool(_TOTAL.fullmatch(text.replace(" ", "")))


def _own(row: SheetRow, header: Header, field: str) -> int | None:
    """The column's position, if the row has a value of its own there."""
    position = header.columns.get(field)
    return None if position is None or position in row.filled else position


def _has_code(row: SheetRow, header: Header) -> bool:
    position = _own(row, header, "credit_code")
    return position is not None and bool(_CODE.fullmatch(compact(row.text(position))))


def _has_date(row: SheetRow, header: Header) -> bool:
    position = _own(row, header, "filed_date")
    try:
        return position is not None and parse_date(row.value(position), today=dt.date.max) is not None
    except BadCell:
        return False


def _has_places(row: SheetRow, header: Header) -> bool:
    for field in ("places", "inclusive_places"):
        position = _own(row, header, field)
        try:
            if position is not None and parse_count(row.value(position)) is not None:
                return True
        except BadCell:
            continue
    return False


def _says_something(row: SheetRow, texts: _Texts, header: Header) -> bool:
    """Whether more is filled in than a running number, the district or the township."""
    fields = {position: field for field, position in header.columns.items()}
    return any(
        position in fields and fields[position] not in {"district", "township"} and position not in row.filled
        for position, _text in texts
    )


def _is_heading(text: str, *, is_name: bool) -> bool:
    """One cell alone is a heading, a page number or a note, unless it looks like a name that lost its address."""
    is_words = any(pattern.fullmatch(text) for pattern in (_NUMBERED, _TITLE))
    return not is_name or is_words or len(text) > 60 or text.endswith("。")


def _required_texts(row: SheetRow, header: Header) -> tuple[str, str]:
    found = [row.text(header.columns[field]) if field in header.columns else "" for field in REQUIRED]
    return found[0], found[1]


def _is_header_again(row: SheetRow, header: Header) -> bool:
    """Two or more cells are names of columns, 名称 or 地址 among them: no institution is called that."""
    if not any(recognise(text) for text in _required_texts(row, header)):
        return False
    known = {found[0] for _position, text in row.texts() if (found := recognise(text))}
    return len(known) > 1 and any(field in known for field in REQUIRED)


def _repeats(row: SheetRow, header: Header) -> bool:
    """The same columns in the same places, as on every printed page."""
    found = [recognise(text) for text in _required_texts(row, header)]
    return [match[0] if match else "" for match in found] == list(REQUIRED)


def _is_second_header(texts: _Texts) -> bool:
    return all(recognise(text) or squeeze(text) in SUMS for _position, text in texts)
