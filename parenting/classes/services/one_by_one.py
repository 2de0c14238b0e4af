"""An act on many sign-ups in which one that fails holds nobody back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from cms.core.runtime.failures import log_failure
from parenting.classes.models import ClassSignup

logger = logging.getLogger(__name__)


def one_by_one(signups: Iterable[ClassSignup], act: Callable[[ClassSignup], None]) -> None:
    """Act on each; the log names those that failed, and the last failure is raised at the end, so that the message is
    tried again for them.
    """
    failure: Exception | None = None
    for signup in signups:
        try:
            act(signup)
        except Exception as error:  # raised again below, once everybody else has been reached
            log_failure(logger, f"act on sign-up {signup.pk}", error)
            failure = error
    if failure is not None:
        raise failure
