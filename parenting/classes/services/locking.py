"""The first lock of every act on a class session."""

from __future__ import annotations

from parenting.classes.models import ClassSession


def lock_session(session_id: int) -> ClassSession:
    """The session as it is now, locked until the end of the transaction; its places are read after the lock.

    Signing up, changing and taking down wait for each other here, before any booking or cell. Giving a place back and
    marking attendance begin at the booking and never come here.
    """
    sessions = ClassSession.objects.select_related("district")
    return sessions.select_for_update(no_key=True, of=("self",)).get(pk=session_id)
