"""Log lines as JSON, with the request's id and without anything that identifies a person."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

from cms.core.web.middleware import current_request_id

API_PREFIX = "/api/"
HIDDEN = "[hidden]"
# Mobile numbers (with or without +86), identity numbers, e-mail addresses, session tokens in headers, one-time links
# (also inside the address of another page).
PRIVATE = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?1\d{2}[- ]?\d{4}[- ]?\d{4}(?!\d)"
    r"|(?<!\d)\d{17}[\dXx](?!\w)"
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"
    r"|(?i:(?<=token=)|(?<=token: )|(?<=sessionid=)|(?<=code=))[^\s;,'\"&]+"
    r"|(?i:(?<=/invites/)|(?<=%2Finvites%2F)|(?<=/staff/start/)|(?<=%2Fstaff%2Fstart%2F))[\w-]+"
)


def hide_private(text: str) -> str:
    """The text with every phone number, identity number, address and token replaced."""
    return PRIVATE.sub(HIDDEN, text)


class PrivacyFilter(logging.Filter):
    """Hides private data in the finished message, whoever wrote it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; it always passes."""
        record.msg = hide_private(record.getMessage())
        record.args = ()
        return True


class ApiRefusalFilter(logging.Filter):
    """Drops Django's warning about a 4xx answer of the API: a refused booking is an ordinary answer."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record may pass."""
        if record.name != "django.request" or record.levelno >= logging.ERROR:
            return True
        request = getattr(record, "request", None)
        return not getattr(request, "path", "").startswith(API_PREFIX)


class JsonFormatter(logging.Formatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON; a traceback is one escaped string, with private data hidden."""
        line = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := current_request_id.get():
            line["request_id"] = request_id
        if status := getattr(record, "status_code", None):
            line["status"] = str(status)
        if record.exc_info:
            line["traceback"] = hide_private(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
