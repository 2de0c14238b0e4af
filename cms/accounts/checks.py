"""System checks about signing in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from cms.accounts.messaging.sms import ADAPTERS
from cms.accounts.messaging.sms.templates import TEMPLATES


def check_sms_adapter(*, app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The adapter exists."""
    if settings.SMS_ADAPTER in ADAPTERS:
        return []
    return [Error(f"SMS_ADAPTER is {settings.SMS_ADAPTER!r}; known are {', '.join(ADAPTERS)}.", id="accounts.E001")]


def check_sms_is_real(*, app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """A public site sends texts, with a template id for each."""
    if settings.SMS_ADAPTER == "console":
        hint = "Set SMS_ADAPTER to aliyun or tencent: nobody can sign in by phone otherwise."
        return [Warning("Text messages go to the console only.", hint=hint, id="accounts.W001")]
    missing = sorted(TEMPLATES.keys() - settings.SMS_TEMPLATE_IDS.keys())
    found: list[CheckMessage] = []
    if missing:
        found.append(Warning(f"SMS_TEMPLATE_IDS lacks {', '.join(missing)}.", id="accounts.W002"))
    if not (settings.SMS_PROVIDER_KEY_ID and settings.SMS_PROVIDER_KEY_SECRET and settings.SMS_SIGN_NAME):
        found.append(
            Warning("SMS_PROVIDER_KEY_ID, SMS_PROVIDER_KEY_SECRET or SMS_SIGN_NAME is empty.", id="accounts.W003")
        )
    return found


def register_all() -> None:
    """Register every check of this module with Django."""
    register(check_sms_adapter)
    register(check_sms_is_real, Tags.security, deploy=True)
