"""Encrypted fields: another key, another place or a changed byte is noticed; keys can be changed."""

from __future__ import annotations

import base64
import datetime as dt

import pytest
from cryptography.exceptions import InvalidTag
from django.core.exceptions import FieldError

from cms.accounts.models import Child
from cms.core.models import OutboxMessage
from cms.core.security import crypto
from tests.factories.accounts import ChildFactory


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


def test_sealed_text_is_nonce_text_and_tag() -> None:
    version, key, body = crypto.encrypt("abc").split(":")

    assert (version, len(key), len(base64.urlsafe_b64decode(body))) == ("e1", 8, 12 + 3 + 16)


def test_new_key_is_32_bytes_and_fresh() -> None:
    first, second = crypto.new_key(), crypto.new_key()

    assert len(base64.urlsafe_b64decode(first)) == 32
    assert first != second


def test_key_that_was_put_behind_still_reads(settings) -> None:
    first, second = settings.FIELD_ENCRYPTION_KEYS
    settings.FIELD_ENCRYPTION_KEYS = [second, first]
    old = crypto.encrypt("x")

    settings.FIELD_ENCRYPTION_KEYS = [first, second]

    assert crypto.decrypt(old) == "x"


def test_blind_index_is_a_keyed_hash(settings) -> None:
    index = crypto.blind_index("x", purpose="a")

    assert (len(index), index) == (64, crypto.blind_index("x", purpose="a"))
    settings.FIELD_ENCRYPTION_KEYS = [*settings.FIELD_ENCRYPTION_KEYS, crypto.new_key()]
    assert crypto.blind_index("x", purpose="a") != index


@pytest.mark.parametrize("value", [None, ""])
def test_nothing_is_not_encrypted(value: str | None) -> None:
    field = Child._meta.get_field("allergies")

    assert field.get_prep_value(value) == value
    assert field.from_db_value(value, None, None) == value


def test_field_seals_for_its_own_column() -> None:
    allergies, notes = Child._meta.get_field("allergies"), Child._meta.get_field("care_notes")
    sealed = allergies.get_prep_value("花生")

    assert allergies.from_db_value(sealed, None, None) == "花生"
    with pytest.raises(InvalidTag):
        notes.from_db_value(sealed, None, None)


@pytest.mark.parametrize("value", [dt.date(2025, 6, 3), "2025-06-03"])
def test_date_field_takes_dates_and_their_text(value: object) -> None:
    field = Child._meta.get_field("birth_date")

    assert field.from_db_value(field.get_prep_value(value), None, None) == dt.date(2025, 6, 3)
    assert field.to_python(value) == dt.date(2025, 6, 3)


@pytest.mark.parametrize("value", [None, ""])
def test_date_field_takes_nothing_for_none(value: str | None) -> None:
    assert Child._meta.get_field("birth_date").to_python(value) is None


def test_json_field_gives_back_what_it_got() -> None:
    field = OutboxMessage._meta.get_field("payload")
    value = {"a": [1, None, "豆"], "b": {}}

    assert field.from_db_value(field.get_prep_value(value), None, None) == value
    assert field.to_python(value) is value


@pytest.mark.django_db
def test_encrypted_field_can_be_asked_for_the_empty_text() -> None:
    full, empty = ChildFactory(allergies="花生"), ChildFactory(allergies="")

    assert list(Child.objects.filter(allergies="")) == [empty]
    assert list(Child.objects.filter(allergies__isnull=False).order_by("pk")) == [full, empty]
