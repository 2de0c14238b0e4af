"""An act on many sign-ups: who fails holds nobody back and is named in the log."""

from __future__ import annotations

import logging

import pytest

from parenting.classes.models import ClassSignup
from parenting.classes.services.one_by_one import __name__ as module
from parenting.classes.services.one_by_one import one_by_one

SIGNUPS = [ClassSignup(pk=pk) for pk in (1, 2, 3, 4)]


@pytest.mark.parametrize("failing", [(), (1,), (4,), (1, 3)])
def test_every_failure_is_logged_and_the_last_raised(failing, caplog):
    reached = []

    def act(signup):
        reached.append(signup.pk)
        if signup.pk in failing:
            raise (ValueError if signup.pk == 1 else KeyError)("王秀英")

    if failing:
        with pytest.raises(ValueError if failing[-1] == 1 else KeyError):
            one_by_one(SIGNUPS, act)
    else:
        one_by_one(SIGNUPS, act)

    assert reached == [1, 2, 3, 4]
    said = [f"act on sign-up {pk} failed: {'ValueError' if pk == 1 else 'KeyError'}" for pk in failing]
    assert caplog.record_tuples == [(module, logging.ERROR, text) for text in said]
