"""Failures in the log: what failed and the type of the exception, never its text, in which databases quote rows."""

from __future__ import annotations

import logging


def log_failure(logger: logging.Logger, what: str, error: Exception, *, level: int = logging.ERROR) -> str:
    """Log that ``what`` failed; returns the name of the exception's type, for the row that records it."""
    kind = type(error).__name__
    logger.log(level, "%s failed: %s", what, kind)
    return kind
