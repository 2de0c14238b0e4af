"""The parts of an Excel file that a list is made of: its sheets, its texts, and which styles mean a date.

Read by themselves. A workbook with odd colours, properties or rules opens in every program, and none of these says
anything of a list.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from openpyxl.styles.numbers import builtin_format_code, is_date_format, is_timedelta_format
from openpyxl.xml.functions import fromstring, iterparse

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUE = frozenset({"1", "true", "on"})


class SheetPart(NamedTuple):
    """A worksheet before its rows are read."""

    name: str
    is_hidden: bool
    path: str


class Styles(NamedTuple):
    """The styles (by their place in the file) whose numbers are days, and of those the ones that are spans of time."""

    dates: frozenset[int] = frozenset()
    spans: frozenset[int] = frozenset()


class WorkbookParts(NamedTuple):
    """What a workbook says apart from the rows of its sheets."""

    sheets: list[SheetPart]
    texts: list[str]
    styles: Styles
    counts_from_1904: bool


def read_parts(archive: zipfile.ZipFile) -> WorkbookParts:
    """Follow the file's own references from part to part. Raises anything for a broken file."""
    main = next((path for kind, path in _related(archive, "").values() if kind == "officeDocument"), "xl/workbook.xml")
    root = fromstring(archive.read(main))
    related = _related(archive, main)
    names = set(archive.namelist())
    by_kind = {kind: path for kind, path in related.values() if path in names}
    sheets = [
        SheetPart(unescaped(sheet.get("name", "")), sheet.get("state", "visible") != "visible", path)
        for sheet in root.iter()
        if local(sheet) == "sheet"
        for kind, path in [related.get(_relation(sheet), ("", ""))]
        if kind == "worksheet" and path in names
    ]
    return WorkbookParts(
        sheets,
        _texts(archive, by_kind["sharedStrings"]) if "sharedStrings" in by_kind else [],
        _styles(archive, by_kind["styles"]) if "styles" in by_kind else Styles(),
        any(is_true(each, "date1904") for each in root.iter() if local(each) == "workbookPr"),
    )


def local(element: Element) -> str:
    """The name of an element, whatever prefix the program that wrote it likes."""
    return str(element.tag).rpartition("}")[2]


def is_true(element: Element, name: str) -> bool:
    return element.get(name, "").lower() in _TRUE


def text_of(element: Element) -> str:
    """The text of a string item: its runs together, without the reading aids (rPh) that stand beside them."""
    found: list[str] = []
    for child in element:
        if local(child) == "t":
            found.append(child.text or "")
        elif local(child) == "r":
            found += [run.text or "" for run in child if local(run) == "t"]
    return unescaped("".join(found))


def unescaped(text: str) -> str:
    """``_x000D_`` is a carriage return and ``_x005F_`` an underscore: the format's way to write any character."""
    if "_x" not in text:
        return text
    plain = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    # Characters beyond the first plane come as two escapes; half of one is none.
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def elements(source: Any) -> Iterator[Element]:
    """Every element of a part as it ends; entities are refused."""
    return (element for _event, element in iterparse(source))


def _relation(sheet: Element) -> str:
    return next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")


def _related(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """The parts that a part refers to: id → (last word of the kind, path)."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if path not in archive.namelist():
        return {}
    return {
        each.get("Id", ""): (
            each.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, each.get("Target", ""))).lstrip("/"),
        )
        for each in fromstring(archive.read(path))
    }


def _texts(archive: zipfile.ZipFile, path: str) -> list[str]:
    found = []
    with archive.open(path) as source:
        for element in elements(source):
            if local(element) == "si":
                found.append(text_of(element))
                element.clear()
    return found


def _styles(archive: zipfile.ZipFile, path: str) -> Styles:
    root = fromstring(archive.read(path))
    own = {each.get("numFmtId"): each.get("formatCode", "") for each in root.iter() if local(each) == "numFmt"}
    used = [style for group in root if local(group) == "cellXfs" for style in group]
    codes = [own.get(number) or _builtin(number) for number in (style.get("numFmtId", "0") for style in used)]
    return Styles(
        frozenset(place for place, code in enumerate(codes) if is_date_format(code)),
        frozenset(place for place, code in enumerate(codes) if is_timedelta_format(code)),
    )


def _builtin(number: str) -> str | None:
    return builtin_format_code(int(number)) if number.isdigit() else None
