"""Encrypted model fields and blind indexes.

The key ring is ``settings.FIELD_ENCRYPTION_KEYS``: base64 keys of 32 bytes. The first encrypts, all decrypt.
The blind index hangs on the last (oldest) key, so that adding a new first key changes no index.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import json
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models

NONCE_BYTES = 12
KEY_BYTES = 32
PREFIX = "e1"


class UnknownKey(Exception):
    """The value was encrypted with a key that is no longer in the ring."""


@lru_cache(maxsize=4)
def _ring(keys: tuple[str, ...]) -> tuple[str, dict[str, AESGCM], bytes]:
    raw = [base64.urlsafe_b64decode(key) for key in keys]
    by_id = {hashlib.sha256(key).hexdigest()[:8]: AESGCM(key) for key in raw}
    return next(iter(by_id)), by_id, hashlib.sha256(b"blind-index" + raw[-1]).digest()


def _current_ring() -> tuple[str, dict[str, AESGCM], bytes]:
    return _ring(tuple(settings.FIELD_ENCRYPTION_KEYS))


def new_key() -> str:
    """A fresh key for ``FIELD_ENCRYPTION_KEYS``."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def encrypt(text: str, *, context: str = "") -> str:
    """AES-256-GCM of ``text``; ``context`` (such as model and field) must be the same to decrypt."""
    key_id, ciphers, _ = _current_ring()
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + ciphers[key_id].encrypt(nonce, text.encode(), context.encode())
    return f"{PREFIX}:{key_id}:{base64.urlsafe_b64encode(sealed).decode()}"


def decrypt(value: str, *, context: str = "") -> str:
    """Undo :func:`encrypt`. Raises ``UnknownKey`` for a key not in the ring, ``InvalidTag`` for a changed value."""
    _, key_id, body = value.split(":", 2)
    _, ciphers, _ = _current_ring()
    if key_id not in ciphers:
        raise UnknownKey(key_id)
    sealed = base64.urlsafe_b64decode(body)
    return ciphers[key_id].decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode()).decode()


def blind_index(value: str, *, purpose: str) -> str:
    """A keyed hash (64 hex digits) to look an encrypted value up by; ``purpose`` keeps columns apart."""
    _, _, key = _current_ring()
    return hmac.new(key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField):
    """Text stored encrypted; NULL and '' stay as they are.

    It can't be searched: every encryption differs, so ``exact`` only finds the empty text.
    """

    @property
    def context(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def to_text(self, value: Any) -> str:
        return str(value)

    def from_text(self, text: str) -> Any:
        return text

    def get_prep_value(self, value: Any) -> Any:
        if value is None or value == "":
            return value
        return encrypt(self.to_text(value), context=self.context)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if value is None or value == "":
            return value
        return self.from_text(decrypt(value, context=self.context))

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in ("isnull", "exact"):
            raise FieldError(f"{self.name} is encrypted and can't be looked up by {lookup_name}")
        return super().get_lookup(lookup_name)


class EncryptedDateField(EncryptedTextField):
    """A date stored encrypted."""

    if TYPE_CHECKING:  # what assignment takes and reading gives, for the type checker
        _pyi_private_set_type: datetime.date | str  # type: ignore[assignment]  # narrower than a text field
        _pyi_private_get_type: datetime.date  # type: ignore[assignment]  # narrower than a text field

    def to_text(self, value: Any) -> str:
        return value if isinstance(value, str) else value.isoformat()

    def from_text(self, text: str) -> datetime.date:
        return datetime.date.fromisoformat(text)

    def to_python(self, value: Any) -> datetime.date | None:
        if isinstance(value, str) and value:
            return datetime.date.fromisoformat(value)
        return value or None


class EncryptedJSONField(EncryptedTextField):
    """A JSON value stored encrypted."""

    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def to_text(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def from_text(self, text: str) -> Any:
        return json.loads(text)

    def to_python(self, value: Any) -> Any:
        return value
