"""What a sheet hides from the person who looked it over: it is not imported, and it is said what."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from directory.lists.importing.columns import is_unused
from directory.lists.importing.problems import ListProblem
from directory.lists.importing.sheets import Sheet
from directory.lists.importing.tables import Header


def hidden_problems(sheet: Sheet, header: Header) -> list[ListProblem]:
    """One warning for all hidden rows under the header, and one for each hidden column that has a label."""
    problems = []
    rows = [row.number for row in sheet.rows if row.is_hidden and row.number > header.last_row]
    if rows:
        message = _("第 %(rows)s 行是隐藏的，没有导入；如果要导入，请取消隐藏或筛选后再上传") % {"rows": spans(rows)}
        problems.append(ListProblem(sheet.name, rows[0], "", "", "row_hidden", message, is_warning=True))
    for label in _hidden_labels(sheet, header):
        message = _("“%(column)s”这一列是隐藏的，没有导入；如果要导入，请取消隐藏后再上传") % {"column": label}
        problems.append(ListProblem(sheet.name, header.last_row, label, "", "column_hidden", message, is_warning=True))
    return problems


def _hidden_labels(sheet: Sheet, header: Header) -> list[str]:
    """The lowest text in each hidden column of the header, but for columns that nobody misses."""
    found: dict[int, str] = {}
    for row in sheet.rows:
        if header.first_row <= row.number <= header.last_row:
            found |= {column: text for column, text in row.texts() if column in sheet.hidden_columns}
    return [found[column] for column in sorted(found) if not is_unused(found[column])]


def spans(numbers: Sequence[int]) -> str:
    """Rising numbers in short: 4、6–9、12."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
