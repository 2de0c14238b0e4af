from __future__ import annotations

import pytest

from directory.search import spool


@pytest.mark.parametrize("in_memory", [1, spool.IN_MEMORY])
def test_items_are_read_as_often_as_needed(in_memory: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", in_memory)
    items = [(n, f"第{n}") for n in range(50)]

    with spool.Spool[tuple[int, str]]() as kept:
        for item in items:
            kept.add(item)

        assert len(kept) == 50
        assert [*kept] == [*kept] == items


def test_the_file_goes_with_the_spool() -> None:
    with spool.Spool[int]() as kept:
        kept.add(1)

    with pytest.raises(ValueError, match="closed"):
        list(kept)
