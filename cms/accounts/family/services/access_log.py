"""The read log of children's records: who looked, where, what for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from cms.accounts.models import Child, ChildAccess, User

#: A board that renews itself would fill the log; one line an hour says as much. Single acts always count.
SAME_LOOK = dt.timedelta(hours=1)
SINGLE_ACTS = frozenset({"phone", "print", "export"})


def log_child_access(
    *,
    children: Child | Iterable[Child],
    actor: User,
    place: str,
    purpose: str,
    now: dt.datetime,
    district_code: str = "",
) -> int:
    """Note that ``actor`` read these records at ``place`` (name of the institution or office); returns new lines.

    ``district_code`` is the place's, "" where it belongs to no district. ``purpose`` is a stable word;
    ``components.purposes.purpose_words`` says it for people. A fixed number of queries.
    """
    rows = [children] if isinstance(children, Child) else list(children)
    if not rows:
        return 0
    seen: set[int] = set()
    if purpose not in SINGLE_ACTS:
        seen = set(
            ChildAccess.objects.filter(
                child__in=[child.pk for child in rows], actor=actor, purpose=purpose, at__gt=now - SAME_LOOK
            ).values_list("child_id", flat=True)
        )
    new = {child.pk for child in rows} - seen
    ChildAccess.objects.bulk_create(
        ChildAccess(
            child_id=pk, actor=actor, place=place[:120], purpose=purpose[:60], district_code=district_code, at=now
        )
        for pk in sorted(new)
    )
    return len(new)
