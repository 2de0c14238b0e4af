"""Which district a list belongs to, where nobody has chosen one and no column says it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django.utils.translation import gettext as _

from directory.lists.importing.column_names import label_of
from directory.lists.importing.entries import ListContext
from directory.lists.importing.problems import ListProblem
from directory.lists.importing.sheets import Sheet
from directory.lists.importing.tables import Header, titles_above
from directory.lists.importing.townships import KnownDistrict, districts_named


def with_district(
    tables: Sequence[tuple[Sheet, Header]], *, context: ListContext, file_name: str, problems: list[ListProblem]
) -> ListContext:
    """With the district of the list: the one chosen, else the one its titles, its name or its addresses name."""
    if context.chosen is not None or any("district" in header.columns for _sheet, header in tables):
        return context
    by_title = _named_by_titles(tables, context.districts, file_name)
    by_township = _holding_townships(tables, context.districts)
    candidates = by_title if len(by_title) == 1 else by_township or _named_by_addresses(tables, context.districts)
    if len(candidates) == 1:
        return dataclasses.replace(context, chosen=candidates[0])
    if candidates or context.fallback is None:
        return context
    message = _("名单里看不出属于哪个区，按%(district)s导入；不对的话请在导入时选定一个区")
    message %= {"district": context.fallback.name}
    problems.append(ListProblem("", None, label_of("district"), "", "district_assumed", message, is_warning=True))
    return dataclasses.replace(context, chosen=context.fallback)


def _named_by_titles(
    tables: Sequence[tuple[Sheet, Header]], districts: Sequence[KnownDistrict], file_name: str
) -> list[KnownDistrict]:
    titles = [title for sheet, header in tables for title in (*titles_above(sheet, header), sheet.name)]
    return districts_named(" ".join([*titles, file_name]), districts)


def _named_by_addresses(
    tables: Sequence[tuple[Sheet, Header]], districts: Sequence[KnownDistrict]
) -> list[KnownDistrict]:
    texts = " ".join(_column_texts(tables, "address"))
    return districts_named(texts, districts)


def _holding_townships(
    tables: Sequence[tuple[Sheet, Header]], districts: Sequence[KnownDistrict]
) -> list[KnownDistrict]:
    found = {}
    for text in _column_texts(tables, "township"):
        holding = [district for district in districts if district.township(text)]
        if len(holding) == 1:
            found[holding[0].slug] = holding[0]
    return list(found.values())


def _column_texts(tables: Sequence[tuple[Sheet, Header]], name: str) -> set[str]:
    """The values under a header cell, each once."""
    return {
        row.text(header.columns[name])
        for sheet, header in tables
        if name in header.columns
        for row in sheet.rows
        if row.number > header.last_row
    }
