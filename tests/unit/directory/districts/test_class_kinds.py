"""Names of class kinds."""

from __future__ import annotations

import pytest

from directory.districts.class_kinds import kind_label


@pytest.mark.parametrize(("kind", "label"), [("toddler", "托小班"), ("mixed", "混合编班"), ("all", ""), ("", "")])
def test_label_of_a_class_kind(kind: str, label: str) -> None:
    assert kind_label(kind) == label
