"""Who came to a session."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from wagtail.log_actions import log

from booking.care.services import moves
from cms.accounts.models import User
from parenting.classes.models import ClassSession, SessionPlaces
from parenting.classes.refusals import NotBegun, NotYetHeld, SessionNotThere
from parenting.classes.services.locking import lock_session


def mark_attendance(
    *,
    actor: User,
    session: ClassSession,
    signup: str,
    came: bool | None,
    now: dt.datetime,
    seen: dt.datetime | None = None,
) -> None:
    """Mark a family as come or absent, or (``came`` None) take the last mark back; ``signup`` is a booking's id,
    ``seen`` as in ``undo_mark``.

    Families come before the hour, so 到了 may be marked from the morning of the day; 没来 frees the place and waits for
    the start.
    Raises ``SessionNotThere``, ``NotBegun``, and the refusals of booking's marks.
    """
    if not session.signups.filter(booking__public_id=signup, active=True).exists():
        raise SessionNotThere
    if came is None:
        moves.undo_mark(actor=actor, institution=None, booking=signup, now=now, seen=seen)
    elif came:
        moves.mark_arrived(actor=actor, institution=None, booking=signup, now=now, over_ok=True)
    else:
        moves.mark_absent(actor=actor, institution=None, booking=signup, now=now, not_begun=NotBegun)


@transaction.atomic
def note_session(*, actor: User, session: ClassSession, walk_ins: int, note: str, now: dt.datetime) -> SessionPlaces:
    """Write how many families came without a sign-up, and what is to be remembered; the history keeps who wrote it.

    Nobody's name is asked: they are counted alone. Raises ``NotYetHeld`` before the session begins.
    """
    places = SessionPlaces.objects.get(session=lock_session(session.pk))
    if places.starts_at > now:
        raise NotYetHeld
    places.walk_ins, places.note = walk_ins, note.strip()
    places.save(update_fields=["walk_ins", "note"])
    log(instance=session, action="parenting.note", user=actor, data={"walk_ins": walk_ins})
    return places
