"""Write user names in the one form; the next migration lets the database keep it so."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import migrations


class NamesClash(Exception):
    """Two accounts would get one name: somebody renames one of them, then migrates again."""


def find_new_names(names: Iterable[tuple[int, str]]) -> dict[int, str]:
    """The names that change, by the accounts' keys. Raises ``NamesClash`` with the keys."""
    owners = defaultdict(list)
    changed = {}
    for pk, old in names:
        new = unicodedata.normalize("NFKC", old).strip().lower()
        owners[new].append(pk)
        if new != old:
            changed[pk] = new
    clashes = ["users " + ", ".join(map(str, sorted(pks))) for pks in owners.values() if len(pks) > 1]
    if clashes:
        raise NamesClash(f"Names that differ only in spelling: {'; '.join(clashes)}. Rename all but one of each.")
    return changed


def write_names_in_one_form(apps: Any, schema_editor: Any) -> None:
    """Only rows in another form are written."""
    users = apps.get_model("accounts", "User").objects
    for pk, name in find_new_names(users.values_list("pk", "username").iterator()).items():
        users.filter(pk=pk).update(username=name)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(write_names_in_one_form, migrations.RunPython.noop)]
