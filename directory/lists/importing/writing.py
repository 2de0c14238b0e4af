"""The register as a workbook, in the importer's own columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from cms.core.web.workbooks import saved, sheet_title, text_cell
from directory.districts.class_kinds import CareMode
from directory.lists.importing.column_names import MODE_COLUMNS, label_of
from directory.lists.importing.text import Value

#: The columns of the register, in order, with their widths.
REGISTER_COLUMNS: tuple[tuple[str, int], ...] = (
    ("name", 36),
    ("address", 44),
    ("credit_code", 22),
    ("nature", 12),
    ("district", 10),
    ("township", 16),
    ("head_name", 12),
    ("phone", 20),
    ("filing_number", 24),
    ("filed_date", 14),
    ("office", 24),
    ("places", 10),
    ("inclusive_places", 12),
    ("filed_modes", 24),
    ("longitude", 14),
    ("latitude", 14),
)
NATURE_WORDS = {"for_profit": "营利性", "non_profit": "非营利性", "public": "公办"}
MODE_WORDS = {mode.value: str(label_of(mode.value)) for mode in CareMode}


def register_workbook(rows: Iterable[Mapping[str, Any]], *, title: str) -> bytes:
    """The register: each row a mapping of the importer's columns to values in the model's terms."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_title(title, set()))
    for number, (_name, width) in enumerate(REGISTER_COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "B2"
    sheet.append([text_cell(sheet, label_of(name), bold=True) for name, _width in REGISTER_COLUMNS])
    for row in rows:
        sheet.append([text_cell(sheet, _shown(name, row.get(name))) for name, _width in REGISTER_COLUMNS])
    return saved(book)


def _shown(name: str, value: Any) -> Value:
    if name == "nature":
        return NATURE_WORDS.get(value, "")
    if name == "filed_modes":
        return "、".join(MODE_WORDS[mode] for mode in MODE_COLUMNS if mode in (value or ()))
    return value
