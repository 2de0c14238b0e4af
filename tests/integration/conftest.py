"""A clock that stands still on a Monday at 8:00, browsers and API callers of its users."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from cms.accounts.models import User
from cms.accounts.signin.services.tokens import issue_token
from tests.factories.booking import NOW


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stands at ``NOW``; `clock.shift(seconds)` moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sign_in(clock: time_machine.Traveller) -> Callable[[User], Client]:
    """A browser of that user."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


class Caller:
    """Calls the JSON API with a user's token."""

    def __init__(self, user: User) -> None:
        token, _row = issue_token(user=user, label="test", second_factor=False, now=NOW)
        self.client = Client(headers={"X-Session-Token": token})

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path: str, body: dict[str, Any] | None = None, key: str | None = None) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return self.client.post(f"/api/v1/{path}", body or {}, content_type="application/json", headers=headers)


@pytest.fixture
def call(clock: time_machine.Traveller) -> type[Caller]:
    """`call(user).post("bookings", {...}, key="k")`"""
    return Caller
