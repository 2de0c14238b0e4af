from __future__ import annotations

import pytest
from django.db import IntegrityError, OperationalError, transaction

from booking.places.models import ChildSlot, IdempotencyKey
from booking.places.refusals import Busy
from booking.places.services.locking import Outdated, retry_once_when_locked
from cms.core.runtime.sql import violates
from tests.factories.booking import NOW, hold, open_house, toddler


class Act:
    """Fails some times, then succeeds."""

    def __init__(self, *failures: Exception) -> None:
        self.failures, self.calls = list(failures), 0

    def __call__(self) -> str:
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        return "done"


LOCKED = "database is locked"


def state(code: str) -> OperationalError:
    """What Django raises for a PostgreSQL error of that state."""
    cause = Exception()
    cause.sqlstate = code
    error = OperationalError("lock")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize("failures", [[], [OperationalError(LOCKED)], [state("40P01")], [state("55P03")], [Outdated()]])
def test_act_succeeds_at_once_or_the_second_time(failures):
    act = Act(*failures)

    assert retry_once_when_locked(act) == "done"
    assert act.calls == len(failures) + 1


@pytest.mark.parametrize("second", [OperationalError(LOCKED), Outdated()])
def test_second_lock_is_busy(second):
    act = Act(OperationalError(LOCKED), second)

    with pytest.raises(Busy):
        retry_once_when_locked(act)
    assert act.calls == 2


@pytest.mark.parametrize("failures", [["other"], [LOCKED, "other"]])
def test_other_trouble_of_the_database_is_not_retried(failures):
    act = Act(*(OperationalError(words) for words in failures))

    with pytest.raises(OperationalError, match="other"):
        retry_once_when_locked(act)
    assert act.calls == len(failures)


def test_state_of_another_error_is_not_retried():
    act = Act(state("57014"))

    with pytest.raises(OperationalError):
        retry_once_when_locked(act)
    assert act.calls == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("failures", "outcome"), [(1, "done"), (2, Busy)])
def test_part_of_an_act_is_tried_again_with_the_whole(failures, outcome):
    part = Act(*[OperationalError(LOCKED)] * failures)
    whole = Act()

    def act() -> str:
        with transaction.atomic():
            whole()
            return retry_once_when_locked(part)

    if outcome is Busy:
        with pytest.raises(Busy):
            retry_once_when_locked(act)
    else:
        assert retry_once_when_locked(act) == outcome
    assert (whole.calls, part.calls) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_transaction_of_its_own_within_an_act_is_tried_again_alone():
    own, whole = Act(OperationalError(LOCKED)), Act()

    def act() -> str:
        whole()
        return retry_once_when_locked(own)

    assert retry_once_when_locked(act) == "done"
    assert (whole.calls, own.calls) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_act_in_somebody_elses_transaction_is_tried_twice_there():
    act = Act(OperationalError(LOCKED))

    with transaction.atomic():
        assert retry_once_when_locked(act) == "done"
    assert act.calls == 2


@pytest.mark.django_db
def test_constraint_that_refused_is_known_by_its_name():
    user, child = toddler()
    booking = hold(open_house(), user=user, child=child, key="k")
    slot = booking.child_slots.first()
    with pytest.raises(IntegrityError) as slots, transaction.atomic():
        ChildSlot.objects.create(child=child, slot_at=slot.slot_at, booking=booking)
    with pytest.raises(IntegrityError) as keys, transaction.atomic():
        IdempotencyKey.objects.create(actor=user, key="k", request_hash="", answer={}, created_at=NOW)

    found = [
        (violates(error.value, ChildSlot, "child_slot_once"), violates(error.value, IdempotencyKey, KEY_ONCE))
        for error in (slots, keys)
    ]
    assert found == [(True, False), (False, True)]


KEY_ONCE = "idempotency_key_once"


def test_only_unique_constraints_can_be_asked_for():
    with pytest.raises(TypeError):
        violates(IntegrityError(), IdempotencyKey, "idempotency_key_not_empty")
