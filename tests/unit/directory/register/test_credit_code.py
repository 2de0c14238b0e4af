"""Credit codes: the check character, who registered the body, and how a code is shown."""

from __future__ import annotations

import pytest

from directory.register.credit_code import (
    ALPHABET,
    FOR_PROFIT_PREFIXES,
    NON_PROFIT_PREFIXES,
    REGISTRARS,
    agrees_with_nature,
    is_valid,
    mask,
    registrar,
)

VALID = "91110000600037341L"


def with_check_character(first_17: str) -> str:
    """The valid code among the 31 candidates."""
    (found,) = [first_17 + last for last in ALPHABET if is_valid(first_17 + last)]
    return found


@pytest.mark.parametrize("code", [VALID, "91350100M000100Y43", "12100000000000000X"[:17] + "0"])
def test_exactly_one_check_character_is_right(code: str) -> None:
    assert is_valid(with_check_character(code[:17]))


@pytest.mark.parametrize("code", [VALID, "91350100M000100Y43"])
def test_published_codes_are_valid(code: str) -> None:
    assert is_valid(code)


def test_every_single_typing_mistake_is_found() -> None:
    wrong = [
        VALID[:place] + other + VALID[place + 1 :] for place in range(18) for other in ALPHABET if other != VALID[place]
    ]

    assert [code for code in wrong if is_valid(code)] == []


def test_registrar_may_have_a_letter() -> None:
    assert is_valid(with_check_character("N2410305MA0000001"))


@pytest.mark.parametrize(
    "code",
    ["", VALID[:-1], VALID + "0", VALID.lower(), f" {VALID}", VALID.replace("1", "I", 1), "9111 0000600037341L"],
)
def test_other_forms_are_invalid(code: str) -> None:
    assert not is_valid(code)


@pytest.mark.parametrize("letter", "IOSVZ")
def test_letters_that_look_like_digits_are_invalid(letter: str) -> None:
    assert not any(is_valid(f"9111000060003734{letter}{last}") for last in ALPHABET)


@pytest.mark.parametrize(
    ("prefix", "nature", "agrees"),
    [
        *[(prefix, "non_profit", False) for prefix in ("91", "92", "93")],
        *[(prefix, "for_profit", True) for prefix in ("91", "92", "93")],
        *[(prefix, "for_profit", False) for prefix in ("11", "12", "51", "52", "53")],
        *[(prefix, "non_profit", True) for prefix in ("11", "12", "51", "52", "53")],
        ("N2", "for_profit", True),
        ("N2", "non_profit", True),
        ("91", "", True),
        ("52", "", True),
    ],
)
def test_nature_agrees_with_the_registrar(prefix: str, nature: str, agrees: bool) -> None:
    assert agrees_with_nature(prefix + VALID[2:], nature) is agrees


def test_registrar_of_known_and_unknown_prefixes() -> None:
    assert registrar("52410300MJY0000000") == ("民办非企业单位", "民政部门")
    assert registrar("N2410305MA00000010") == ("", "")
    assert REGISTRARS.keys() == FOR_PROFIT_PREFIXES | NON_PROFIT_PREFIXES


@pytest.mark.parametrize(
    ("code", "shown"), [(VALID, "91*************41L"), ("123456", "12*456"), ("12345", "12345"), ("", "")]
)
def test_mask_hides_the_middle(code: str, shown: str) -> None:
    assert mask(code) == shown
