"""What institutions were called before, from the history of their corrections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from wagtail.models import ModelLogEntry

from directory.register.models import Institution

#: More names of one institution are not looked for.
MOST_NAMES = 3


def former_names(institutions: Sequence[Institution]) -> dict[int, list[str]]:
    """Institution → its earlier names, the latest first, without today's; one query."""
    names = {institution.pk: institution.name for institution in institutions}
    entries = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Institution),
        object_id__in=[str(pk) for pk in names],
        action="wagtail.edit",
    ).order_by("-timestamp", "-pk")
    found: defaultdict[int, list[str]] = defaultdict(list)
    for object_id, data in entries.values_list("object_id", "data"):
        before = (data.get("changes", {}).get("name") or [""])[0]
        mine = found[int(object_id)]
        if before and before not in (names[int(object_id)], *mine) and len(mine) < MOST_NAMES:
            mine.append(before)
    return {pk: earlier for pk, earlier in found.items() if earlier}
