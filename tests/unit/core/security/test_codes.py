"""Codes are of the promised length and alphabet."""

from __future__ import annotations

import pytest

from cms.core.security import codes


def test_public_id_is_opaque_and_url_safe() -> None:
    made = {codes.new_public_id() for _ in range(200)}

    assert len(made) == 200
    assert {len(word) for word in made} == {12}
    assert set("".join(made)) <= set(codes.PUBLIC_ID_ALPHABET)


def test_reference_can_be_read_out() -> None:
    reference = codes.new_reference()

    assert len(reference) == 8
    assert not set(reference) & set("01OILUVAE")
    assert codes.spell_reference("K7M29QX4") == "K7M2 9QX4"


def test_numeric_code_keeps_leading_zeros() -> None:
    assert {len(codes.new_numeric_code()) for _ in range(100)} == {6}


def test_secret_token_has_256_bits() -> None:
    assert len(codes.new_secret_token()) == 43


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("123 456", "123456"),
        ("１２３４５６", "123456"),
        ("\u202d123-456\u202c", "123456"),
        ("123–4\ufe0f5−6", "123456"),
        ("١٢٣", ""),
    ],
)
def test_typed_code_forgives_blanks_and_full_width(typed: str, code: str) -> None:
    assert codes.typed_code(typed) == code


def test_identifiers_use_their_whole_alphabet() -> None:
    public = set("".join(codes.new_public_id() for _ in range(300)))
    references = set("".join(codes.new_reference() for _ in range(300)))
    numbers = set("".join(codes.new_numeric_code() for _ in range(300)))

    assert public == set("0123456789abcdefghijkmnpqrstuvwxyz")
    assert references == set("23456789BCDFGHJKMNPQRSTWXZ")
    assert numbers == set("0123456789")


def test_numeric_code_of_another_length() -> None:
    assert {len(codes.new_numeric_code(8)) for _ in range(20)} == {8}


@pytest.mark.parametrize(("reference", "spelt"), [("K7M29QX4", "K7M2 9QX4"), ("K7M2", "K7M2"), ("", "")])
def test_reference_is_spelt_in_fours(reference: str, spelt: str) -> None:
    assert codes.spell_reference(reference) == spelt
