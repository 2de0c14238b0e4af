"""Ways to send a text: chosen by `SMS_ADAPTER`, distinguished only here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

from django.conf import settings

from cms.accounts.messaging.sms.aliyun import AliyunAdapter
from cms.accounts.messaging.sms.base import DemoNumberRefused, SmsAdapter, SmsFailed
from cms.accounts.messaging.sms.console import ConsoleAdapter
from cms.accounts.messaging.sms.tencent import TencentAdapter

__all__ = [
    "ADAPTERS",
    "DemoNumberRefused",
    "SmsAdapter",
    "SmsFailed",
    "adapter_named",
    "current_adapter",
    "deliver_copies",
    "register_copy",
]

ADAPTERS: dict[str, Callable[[], SmsAdapter]] = {
    "console": ConsoleAdapter,
    "aliyun": AliyunAdapter.from_settings,
    "tencent": TencentAdapter.from_settings,
}


class Copy(Protocol):
    """Something that also wants to see every text (the developer inbox)."""

    def __call__(self, *, phone: str, text: str, key: str, now: dt.datetime) -> None: ...


_copies: list[Copy] = []


def register_copy(copy: Copy) -> None:
    """Called in `AppConfig.ready()` of the demo app only."""
    if copy not in _copies:
        _copies.append(copy)


def deliver_copies(*, phone: str, text: str, key: str, now: dt.datetime) -> None:
    """Show a text to whoever registered; nothing where the demo app is absent."""
    for copy in _copies:
        copy(phone=phone, text=text, key=key, now=now)


@lru_cache(maxsize=4)
def adapter_named(name: str) -> SmsAdapter:
    """The adapter of that name, made once. Raises ``KeyError`` for an unknown one."""
    return ADAPTERS[name]()


def current_adapter() -> SmsAdapter:
    """The adapter of the settings."""
    return adapter_named(settings.SMS_ADAPTER)
