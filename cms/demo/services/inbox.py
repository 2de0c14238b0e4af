"""The developer inbox keeps a copy of every text; a demo number's goes nowhere else."""

from __future__ import annotations

import datetime as dt

from cms.accounts.messaging.sms.console import write_to_terminal
from cms.accounts.phone import is_demo_number
from cms.demo.models import InboxText

KEEP = dt.timedelta(days=1)


def keep_text(*, phone: str, text: str, key: str, now: dt.datetime) -> None:
    """Keep a text once, and write a demo number's to the terminal: its adapter refuses it."""
    _row, made = InboxText.objects.get_or_create(key=key, defaults={"phone": phone, "text": text, "sent_at": now})
    InboxText.objects.filter(sent_at__lt=now - KEEP).delete()
    if made and is_demo_number(phone):
        write_to_terminal(phone, text)
