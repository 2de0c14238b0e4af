from __future__ import annotations

import pytest
from django.test import override_settings

from cms.accounts.phone import BadPhone, is_demo_number, mask_phone, normalise_phone


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 138 0013 8000",
        "0086 13800138000",
        "8613800138000",
        "１３８００１３８０００",
        "　138　0013　8000　",
        "(+86)13800138000",
        "\u202d138 0013 8000\u202c",
        "\u2068+86\u200e138\u200b0013\ufe0f8000\u2069",
        "138\u00ad0013−8000",
    ],
)
def test_normalise_phone_takes_usual_spellings(typed: str) -> None:
    assert normalise_phone(typed) == "13800138000"


@pytest.mark.parametrize(
    "typed", ["", "1380013800", "138001380001", "12800138000", "0379-64912345", "abc", "١٣٨٠٠١٣٨٠٠٠", "138٠٠١٣٨٠٠٠"]
)
def test_normalise_phone_refuses_what_is_no_mobile_number(typed: str) -> None:
    with pytest.raises(BadPhone):
        normalise_phone(typed)


def test_normalise_phone_takes_demo_numbers_where_the_demo_is_installed() -> None:
    assert normalise_phone("100 0000 0001") == "10000000001"
    assert is_demo_number("10000000001")


def test_normalise_phone_refuses_demo_numbers_elsewhere(settings) -> None:
    installed = [app for app in settings.INSTALLED_APPS if app != "cms.demo"]

    with override_settings(INSTALLED_APPS=installed), pytest.raises(BadPhone):
        normalise_phone("10000000001")


def test_mask_phone_hides_the_middle() -> None:
    assert mask_phone("13800138000") == "138****8000"
    assert mask_phone("") == ""
