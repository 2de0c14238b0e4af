from __future__ import annotations

from directory.site.components.phones import dialled


def test_number_as_it_is_dialled() -> None:
    assert dialled("+86 (0379) 6460-0000 转") == "+86037964600000"
    assert dialled("") == ""
