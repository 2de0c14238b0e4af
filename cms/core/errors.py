"""The one base class of refused acts; every service defines its own next to the act it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.utils.functional import Promise


class Refused(Exception):
    """An act that a rule does not allow.

    ``code`` is a stable word that callers of the API rely on, ``message`` is for people, ``status`` is what the JSON
    API answers.
    Views turn it into a form error, ``cms.api`` into ``{"code", "message", "fields"?}``.
    """

    code: str = "refused"
    status: int = HTTPStatus.CONFLICT
    message: str | Promise = ""

    def __init__(
        self,
        message: str | Promise | None = None,
        *,
        code: str | None = None,
        fields: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        if message is not None:
            self.message = message
        if code is not None:
            self.code = code
        self.fields = dict(fields or {})
        self.extra = extra
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message)


class InvalidInput(Refused):
    """What was sent can't be used as it is (422)."""

    code = "invalid"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class NotAllowed(Refused):
    """The person may not do this (403)."""

    code = "not_allowed"
    status = HTTPStatus.FORBIDDEN


class NotFound(Refused):
    """The thing does not exist for this person (404)."""

    code = "not_found"
    status = HTTPStatus.NOT_FOUND


class TooMany(Refused):
    """Asked too often (429)."""

    code = "too_many"
    status = HTTPStatus.TOO_MANY_REQUESTS
