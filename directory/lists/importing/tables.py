"""Where the list is in a sheet: the header among title rows, over one row or two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from directory.lists.importing.column_names import REQUIRED, label_of
from directory.lists.importing.columns import is_unused, recognise, squeeze
from directory.lists.importing.sheets import Sheet, SheetRow

HEADER_WITHIN_ROWS = 40
LONGEST_SUB_LABEL = 20
SUMS = frozenset({"总数", "合计", "总计", "小计", "数量", "总托位", "总托位数"})


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
        header = header_of(row, rows[index + 1] if index + 1 < len(rows) else None)
        if header and (best is None or len(header.columns) > len(best.columns)):
            best = header
    return best


def titles_above(sheet: Sheet, header: Header) -> list[str]:
    """The title above the header, such as 「涧西区托育机构备案名单」."""
    return [row.texts()[0][1] for row in sheet.rows if row.number < header.first_row and row.texts()]


def header_of(row: SheetRow, below: SheetRow | None = None) -> Header | None:
    """The header that begins in this row; None if it names neither 名称 nor 地址."""
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
            if not is_unused(label):
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
    if is_unused(sub):
        return sub
    if "托位" in group:
        if "普惠" in sub:
            return f"普惠托位数（{group} {sub}）" if recognise(f"{group} {sub}") is None else f"{group} {sub}"
        if squeeze(sub) in SUMS:
            return f"托位数（{group} {sub}）" if recognise(f"{group} {sub}") is None else f"{group} {sub}"
    if recognise(f"{group} {sub}"):
        return f"{group} {sub}"
    return sub if recognise(sub) else f"{group} {sub}"
