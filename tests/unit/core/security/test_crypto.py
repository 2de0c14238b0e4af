"""Encrypted fields: another key, another place or a changed byte is noticed; keys can be changed."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from django.core.exceptions import FieldError

from cms.core.models import OutboxMessage
from cms.core.security import crypto


def test_decrypt_undoes_encrypt_and_two_are_never_alike() -> None:
    first, second = crypto.encrypt("宝宝", context="a"), crypto.encrypt("宝宝", context="a")

    assert first != second
    assert [crypto.decrypt(value, context="a") for value in (first, second)] == ["宝宝", "宝宝"]


def test_decrypt_in_another_place_is_refused() -> None:
    with pytest.raises(InvalidTag):
        crypto.decrypt(crypto.encrypt("x", context="a"), context="b")


def test_new_first_key_reads_the_old_and_keeps_the_index(settings) -> None:
    old = crypto.encrypt("x")
    index = crypto.blind_index("13800138000", purpose="phone")

    settings.FIELD_ENCRYPTION_KEYS = [crypto.new_key(), *settings.FIELD_ENCRYPTION_KEYS]

    assert crypto.decrypt(old) == "x"
    assert crypto.encrypt("x").split(":")[1] != old.split(":")[1]
    assert crypto.blind_index("13800138000", purpose="phone") == index


def test_value_of_a_key_that_is_gone_says_so(settings) -> None:
    old = crypto.encrypt("x")
    settings.FIELD_ENCRYPTION_KEYS = [crypto.new_key()]

    with pytest.raises(crypto.UnknownKey):
        crypto.decrypt(old)


def test_blind_index_keeps_purposes_apart() -> None:
    assert crypto.blind_index("x", purpose="a") != crypto.blind_index("x", purpose="b")


def test_encrypted_field_can_not_be_searched() -> None:
    with pytest.raises(FieldError, match="is encrypted"):
        OutboxMessage.objects.filter(payload__contains="x")
