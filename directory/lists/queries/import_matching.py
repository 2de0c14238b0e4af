"""Which institution a row of a list means: the one with its credit code, else the one of its name and address."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cms.core.text import matching_key
from directory.lists.importing.checking import CheckedList
from directory.lists.importing.entries import Entry
from directory.lists.queries.registers import keys_by_code, names_and_addresses


def institutions_meant(checked: CheckedList) -> set[int]:
    """The institutions that good rows mean, in any district: the service locks them before planning."""
    known = KnownInstitutions(checked)
    found: set[int] = set()
    for entry in checked.entries:
        if entry.is_good:
            found |= {pk for pk in known.keys_of(entry) if pk is not None}
    return found


class KnownInstitutions:
    """Which institutions the register knows by a code, and by a name at an address; of those the list names."""

    def __init__(self, checked: CheckedList) -> None:
        codes = {entry.values["credit_code"] for entry in checked.entries if "credit_code" in entry.values}
        named = {entry.key for entry in checked.entries}
        self.by_code = keys_by_code(codes)
        self.by_key: dict[tuple[str, str], int] = {}
        for pk, name, address in names_and_addresses():
            key = (matching_key(name), matching_key(address))
            if key in named:
                self.by_key[key] = pk

    def keys_of(self, entry: Entry) -> tuple[int | None, int | None]:
        """The institution by the row's code, and by its name and address."""
        code = entry.values.get("credit_code")
        return self.by_code.get(code) if code else None, self.by_key.get(entry.key)


class Matcher:
    """Finds the institution that a row means."""

    def __init__(self, known: KnownInstitutions) -> None:
        self.known = known
        self.taken: dict[int, Entry] = {}

    def match(self, entry: Entry) -> int | None:
        by_code, by_key = self.known.keys_of(entry)
        if by_code and by_key and by_code != by_key:
            message = _("这个代码和这个名称、地址已登记为两家不同的机构，请核对后再导入")
            entry.add("credit_code", entry.values["credit_code"], "two_institutions", message)
            return None
        found = by_code or by_key
        if found is None:
            return None
        first = self.taken.setdefault(found, entry)
        if first is not entry:
            message = _("这一行和第 %(row)d 行是同一家已登记的机构，请删去其中一行")
            entry.add("name", entry.values["name"], "listed_twice", message % {"row": first.row})
            return None
        return found
