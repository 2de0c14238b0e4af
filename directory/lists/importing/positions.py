"""Positions in cells of a list, in one column or two."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from directory.districts.positions import BadPosition, Position, read_degrees, read_pair
from directory.lists.importing.problems import BadCell
from directory.lists.importing.text import Value, clean_text, is_nothing, refuse_formula


def parse_degrees(value: Value) -> float | None:
    """Degrees in a cell; None for an empty one. Raises ``BadCell``."""
    refuse_formula(value)
    if isinstance(value, (dt.datetime, dt.date, dt.time, dt.timedelta, bool)):
        raise BadCell("position_bad", _("经纬度要填数字，例如 112.4312"))
    text = clean_text(value)
    if is_nothing(text):
        return None
    try:
        return read_degrees(text)
    except BadPosition as bad:
        raise BadCell("position_bad", str(bad)) from None


def parse_pair(value: Value) -> Position | None:
    """Both in one cell, in either order; None for an empty one. Raises ``BadCell``."""
    refuse_formula(value)
    text = clean_text(value).strip("()（）[]【】 ")
    if is_nothing(text):
        return None
    try:
        return read_pair(text)
    except BadPosition as bad:
        raise BadCell("position_bad", str(bad)) from None
