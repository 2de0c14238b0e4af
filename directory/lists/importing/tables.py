"""Where the list is in a sheet: the header among title rows, over one row or two, and the institutions under it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from directory.lists.importing.column_names import REQUIRED, UNUSED, label_of
from directory.lists.importing.columns import recognise, squeeze
from directory.lists.importing.sheets import Sheet, SheetRow

HEADER_WITHIN_ROWS = 40
LONGEST_SUB_LABEL = 20
_TOTAL = re.compile(r"(本页|全区|全部|以上)?(合计|总计|小计|共计|累计|总数|汇总)[:：]?.{0,30}")
_SUM_WORD = re.compile(r"(合计|总计|小计|共计|累计)[:：]?")
_NOTE = re.compile(
    r"(备注|注意|注|说明|填表|填报|制表|审核|复核|数据来源|来源|统计时间|统计日期|截至|截止|以上|打印|监督电话|举报电话|公示期|附件|单位[:：]"
    r"|联系人[:：]|联系电话[:：]|日期[:：]|\*)"
)
_NUMBERED = re.compile(r"[一二三四五六七八九十]{1,3}[、.．].*|第[一二三四五六七八九十\d]{1,3}[页部].*")
_SUMS = frozenset({"总数", "合计", "总计", "小计", "数量", "总托位", "总托位数"})


@dataclass(frozen=True, slots=True)
class Header:
    """A recognised header: ``columns`` gives a column's position, ``labels`` the text at a position."""

    first_row: int
    last_row: int
    columns: Mapping[str, int]
    labels: Mapping[int, str]
    ignored: tuple[str, ...]

    @property
    def width(self) -> int:
        return max(self.labels) + 1

    def label(self, field: str) -> str:
        """What the file calls the column, else what our own files call it."""
        position = self.columns.get(field)
        return label_of(field) if position is None else self.labels[position]


def find_header(sheet: Sheet) -> Header | None:
    """The row (or two) that names the most columns among the first rows; None if no row names 名称 or 地址."""
    rows = sheet.rows[:HEADER_WITHIN_ROWS]
    best: Header | None = None
    for index, row in enumerate(rows):
        header = _header(row, rows[index + 1] if index + 1 < len(rows) else None)
        if header and (best is None or len(header.columns) > len(best.columns)):
            best = header
    return best


def table_rows(sheet: Sheet, header: Header) -> Iterator[tuple[SheetRow, Header]]:
    """The rows of institutions, each with its header; repeated headers, totals, notes and headings are left out.

    A sheet may hold several lists below each other; one whose columns are in another order has its own header.
    """
    for row in sheet.rows:
        if row.number <= header.last_row:
            continue
        if _is_header_again(row, header):
            another = _header(row, None)
            if not _repeats(row, header) and another is not None:
                header = another
        elif not _is_beside_the_list(row, header):
            yield row, header


def titles_above(sheet: Sheet, header: Header) -> list[str]:
    """The title above the header, such as 「涧西区托育机构备案名单」."""
    return [row.texts()[0][1] for row in sheet.rows if row.number < header.first_row and row.texts()]


def _header(row: SheetRow, below: SheetRow | None) -> Header | None:
    labels = dict(row.texts())
    columns, ignored = _columns(labels)
    if not any(field in columns for field in REQUIRED):
        return None
    last = row.number
    if below is not None and below.number <= row.number + 2:
        both = _two_rows(labels, dict(below.texts()), columns)
        if both:
            labels, (columns, ignored), last = both, _columns(both), below.number
    return Header(row.number, last, columns, labels, ignored)


def _columns(labels: Mapping[int, str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Column → position; where two cells mean one column the plainer name has it, then the one further left."""
    found: dict[str, tuple[int, int]] = {}
    ignored = []
    for position, label in labels.items():
        known = recognise(label)
        if known is None:
            if squeeze(label) not in UNUSED:
                ignored.append(label)
            continue
        field, rank = known
        if field not in found or rank < found[field][0]:
            if field in found:
                ignored.append(labels[found[field][1]])
            found[field] = (rank, position)
        else:
            ignored.append(label)
    return {field: position for field, (_rank, position) in found.items()}, tuple(ignored)


def _two_rows(top: Mapping[int, str], below: Mapping[int, str], columns: Mapping[str, int]) -> dict[int, str] | None:
    """The labels of a header over two rows (「托位数」 over 「总数」, 「其中：普惠」); None if it has one."""
    subs = {position: label for position, label in below.items() if label != top.get(position)}
    if not subs or any(len(label) > LONGEST_SUB_LABEL or label.isdigit() for label in subs.values()):
        return None
    if any(columns[field] in subs for field in REQUIRED if field in columns):
        return None
    labels = dict(top)
    for position, sub in subs.items():
        above = max((p for p in top if p <= position), default=None)
        labels[position] = _joined("" if above is None else top[above], sub)
    gained = _columns(labels)[0]
    named = sum(1 for position in subs if position in gained.values())
    return labels if named and len(gained) >= len(columns) else None


def _joined(group: str, sub: str) -> str:
    """The label of a column under a group: together if that is known, else the lower one if it is, else together."""
    if squeeze(sub) in UNUSED:
        return sub
    if "托位" in group:
        if "普惠" in sub:
            return f"普惠托位数（{group} {sub}）" if recognise(f"{group} {sub}") is None else f"{group} {sub}"
        if squeeze(sub) in _SUMS:
            return f"托位数（{group} {sub}）" if recognise(f"{group} {sub}") is None else f"{group} {sub}"
    if recognise(f"{group} {sub}"):
        return f"{group} {sub}"
    return sub if recognise(sub) else f"{group} {sub}"


def _is_beside_the_list(row: SheetRow, header: Header) -> bool:
    texts = row.texts()
    if not texts:
        return True
    name, address = _required_texts(row, header)
    if _SUM_WORD.fullmatch(name):
        return True
    if name and address:
        return False
    if _NOTE.match(texts[0][1]) or any(_TOTAL.fullmatch(text.replace(" ", "")) for _position, text in texts):
        return True
    if not name and not address and (_is_second_header(texts) or not _says_something(row, texts, header)):
        return True
    return len(texts) == 1 and _is_heading(texts[0][1], is_name=bool(name))


def _says_something(row: SheetRow, texts: list[tuple[int, str]], header: Header) -> bool:
    """Whether more is filled in than a running number, the district or the township."""
    fields = {position: field for field, position in header.columns.items()}
    return any(
        position in fields and fields[position] not in {"district", "township"} and position not in row.filled
        for position, _text in texts
    )


def _is_heading(text: str, *, is_name: bool) -> bool:
    """One cell alone is a heading, a page number or a note, unless it looks like a name that lost its address."""
    return not is_name or bool(_NUMBERED.fullmatch(text)) or len(text) > 60 or text.endswith("。")


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


def _is_second_header(texts: list[tuple[int, str]]) -> bool:
    return all(recognise(text) or squeeze(text) in _SUMS for _position, text in texts)
