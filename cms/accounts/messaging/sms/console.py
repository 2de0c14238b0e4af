"""The adapter of a developer's machine: the text goes to the terminal."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping

from cms.accounts.messaging.sms.base import SmsAdapter
from cms.accounts.phone import mask_phone


class ConsoleAdapter(SmsAdapter):
    """Writes to standard output instead of sending."""

    def transmit(
        self, *, phone: str, template: str, params: Mapping[str, str], text: str, key: str, now: dt.datetime
    ) -> None:
        """One line per text message."""
        write_to_terminal(phone, text)


def write_to_terminal(phone: str, text: str) -> None:
    """The line both the console adapter and the developer inbox write."""
    sys.stdout.write(f"[SMS {mask_phone(phone)}] {text}\n")
    sys.stdout.flush()
