"""Near what: a township's code or a position within the country."""

from __future__ import annotations

import pytest

from directory.search.near import Near, read_near


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("410305001", Near("410305001", code="410305001")),
        (" 410 305001 ", Near("410305001", code="410305001")),
        ("34.66,112.4", Near("34.66,112.4", position=(34.66, 112.4))),
        ("34.66， 112.4", Near("34.66,112.4", position=(34.66, 112.4))),
        ("3,73", Near("3,73", position=(3.0, 73.0))),
        ("54,136", Near("54,136", position=(54.0, 136.0))),
    ],
)
def test_what_is_read(text: str, near: Near) -> None:
    assert read_near(text) == near


@pytest.mark.parametrize(
    "text",
    [
        "", "41030500", "4103050011", "34.66", "34.66,", "34.66,112.4,5", "abc", "112.4,34.66",
        "2.999,100", "54.001,100", "30,72.999", "30,136.001", "-34.66,112.4", "34.66,-112.4", "٣٤,١١٢",
    ],
)  # fmt: skip
def test_what_is_not(text: str) -> None:
    assert read_near(text) is None
