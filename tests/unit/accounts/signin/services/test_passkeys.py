"""What is taken for a browser's answer."""

from __future__ import annotations

import json

import pytest

from cms.accounts.signin.services.passkeys import MAX_ANSWER, PasskeyInvalid, read_answer


def answer_of(length: int) -> str:
    return json.dumps({"id": "a" * (length - len(json.dumps({"id": ""})))})


@pytest.mark.parametrize("length", [MAX_ANSWER - 1, MAX_ANSWER])
def test_answer_of_up_to_twenty_kilobytes_is_read(length: int) -> None:
    answer = answer_of(length)

    assert (len(answer), list(read_answer(answer))) == (length, ["id"])


def test_longer_answer_is_refused() -> None:
    with pytest.raises(PasskeyInvalid):
        read_answer(answer_of(MAX_ANSWER + 1))


@pytest.mark.parametrize("answer", ["[" * MAX_ANSWER, '{"a":' * (MAX_ANSWER // 5), "[" * 100_000])
def test_answer_nested_thousands_deep_is_refused(answer: str) -> None:
    with pytest.raises(PasskeyInvalid):
        read_answer(answer)


@pytest.mark.parametrize("answer", ["", "null", "[]", "1", '"a"', "{"])
def test_what_is_no_mapping_is_refused(answer: str) -> None:
    with pytest.raises(PasskeyInvalid):
        read_answer(answer)
