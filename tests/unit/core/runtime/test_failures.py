"""A failure is logged by what failed and the exception's type; its text may quote a row with a name."""

from __future__ import annotations

import logging

import pytest

from cms.core.runtime.failures import log_failure

logger = logging.getLogger("cms.tests")
ROW = "DETAIL: Failing row contains (7, 王秀英, 外婆)."


@pytest.mark.parametrize("level", [logging.WARNING, logging.ERROR])
def test_failure_is_logged_without_the_exceptions_text(level: int, caplog: pytest.LogCaptureFixture) -> None:
    assert log_failure(logger, "job x", ValueError(ROW), level=level) == "ValueError"

    assert caplog.record_tuples == [("cms.tests", level, "job x failed: ValueError")]
    assert caplog.records[0].exc_info is None


def test_failure_is_an_error_unless_said_otherwise(caplog: pytest.LogCaptureFixture) -> None:
    log_failure(logger, "job x", ValueError(ROW))

    assert [record.levelno for record in caplog.records] == [logging.ERROR]
