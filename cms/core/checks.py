"""Rules of the project as Django system checks."""

from __future__ import annotations

from django.core.checks import register

_checks: list[object] = []


def register_all() -> None:
    """Register every check of this module with Django."""
    for check in _checks:
        register(check)  # type: ignore[type-var]
