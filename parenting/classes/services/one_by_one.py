"""An act on many sign-ups in which one that fails holds nobody back."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from parenting.classes.models import ClassSignup


def one_by_one(signups: Iterable[ClassSignup], act: Callable[[ClassSignup], None]) -> None:
    """Act on each; the last failure is raised at the end, so that the message is tried again for those that failed."""
    failure: Exception | None = None
    for signup in signups:
        try:
            act(signup)
        except Exception as error:  # raised again below, once everybody else has been reached
            failure = error
    if failure is not None:
        raise failure
