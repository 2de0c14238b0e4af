"""Saving a row that somebody else may be saving too."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, models, transaction

Row = TypeVar("Row", bound=models.Model)


def check_and_save(row: Row, check: Callable[[Row], None]) -> None:
    """Save a row after ``check``, which raises a refusal for one that can't be saved as it is.

    Where an equal row was saved between the two, the check has not seen it and the database refuses: then the check
    is asked once more and refuses in its own words. Inside a transaction, what was done before stays.
    """
    check(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        check(row)
        raise
