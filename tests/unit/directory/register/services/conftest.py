"""Who hears of an act on the register."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from directory.register import ports


@pytest.fixture
def told() -> Iterator[list[str]]:
    """What booking is told, in order: care is lost, or its offering has changed."""
    calls: list[str] = []
    with (
        ports.standing_lost.replaced_by(test=lambda **data: calls.append("lost")),
        ports.offering_changed.replaced_by(test=lambda **data: calls.append("reopened")),
    ):
        yield calls
