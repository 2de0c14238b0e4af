"""What every adapter shares: demo numbers are refused before anything else."""

from __future__ import annotations

import datetime as dt
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from http.client import HTTPSConnection
from typing import Any

from cms.accounts.phone import is_demo_number

TIMEOUT_SECONDS = 8


class SmsFailed(Exception):
    """The provider did not take the text; the outbox tries again. Carries the provider's code, never the number."""


class DemoNumberRefused(SmsFailed):
    """A demo number reached an adapter: nothing is ever sent to it."""


class SmsAdapter(ABC):
    """Sends one text to one number."""

    def send(
        self, *, phone: str, template: str, params: Mapping[str, str], text: str, key: str, now: dt.datetime
    ) -> None:
        """Hand the text over or raise ``SmsFailed``."""
        if is_demo_number(phone):
            raise DemoNumberRefused("demo number")
        self.transmit(phone=phone, template=template, params=params, text=text, key=key, now=now)

    @abstractmethod
    def transmit(
        self, *, phone: str, template: str, params: Mapping[str, str], text: str, key: str, now: dt.datetime
    ) -> None:
        """Do what the provider needs; the number is a real one."""


def post(host: str, target: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """POST over TLS and read the JSON answer. Raises ``SmsFailed`` for anything else."""
    connection = HTTPSConnection(host, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", target, body=body, headers=dict(headers))
        response = connection.getresponse()
        answer = json.loads(response.read())
    except (OSError, ValueError) as problem:
        raise SmsFailed(type(problem).__name__) from problem
    finally:
        connection.close()
    if not isinstance(answer, dict):
        raise SmsFailed("answer")
    return answer
